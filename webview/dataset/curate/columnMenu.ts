import type { ColumnInfo } from '../../../src/protocol/query';
import { type MenuItem, showMenu } from '../../ui/menu';

export const numericColumns = (columns: readonly ColumnInfo[]): readonly ColumnInfo[] =>
  columns.filter(({ kind }) => kind === 'number');

/** What a threshold is most likely for: what the list is sorted by, a number that came from outside, else any. */
export function usualColumn(columns: readonly ColumnInfo[], sorted: string | null): string | null {
  const found =
    columns.find(({ name }) => name === sorted) ??
    columns.findLast(({ role }) => role === 'field') ??
    columns.find(({ name }) => name === 'annotations') ??
    columns[0];
  return found?.name ?? null;
}

/** Asks for one of the columns beside `anchor`. */
export function chooseColumn(
  anchor: HTMLElement,
  title: string,
  columns: readonly ColumnInfo[],
  take: (column: string) => void,
): void {
  const item = ({ name, about }: ColumnInfo): MenuItem => ({
    kind: 'item',
    label: name,
    title: about === '' ? name : `${name}: ${about}`,
    run: () => take(name),
  });
  // What came from outside is what somebody wants to choose by.
  const [given, own] = [true, false].map((field) => columns.filter(({ role }) => (role === 'field') === field));
  const line: readonly MenuItem[] = given?.length && own?.length ? [{ kind: 'line' }] : [];
  showMenu(anchor, title, [
    { kind: 'header', label: title },
    ...(given ?? []).map(item),
    ...line,
    ...(own ?? []).map(item),
  ]);
}
