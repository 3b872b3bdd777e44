import { div, el } from './dom';

/** Rows made at most: a table is read, and nobody reads more. */
const shownRows = 2000;

export interface DataTableOptions {
  /** Read to screen readers. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** The first cell of a row is its heading. */
  readonly cells: (row: number) => readonly string[];
}

/** Numbers of a plot as a table that scrolls in its own box. */
export function dataTable({ caption, columns, rows, cells }: DataTableOptions): HTMLElement {
  const head = el('tr', {}, ...columns.map((name) => heading(name, 'col')));
  const body = Array.from({ length: Math.min(rows, shownRows) }, (_, row) => {
    const [first = '', ...rest] = cells(row);
    return el('tr', {}, heading(first, 'row'), ...rest.map((text) => el('td', {}, text)));
  });
  const table = el(
    'table',
    { class: 'data-table', aria: { label: caption } },
    el('thead', {}, head),
    el('tbody', {}, ...body),
  );
  const box = div('data-table-box', table);
  box.tabIndex = 0;
  if (rows > shownRows) box.append(div('quiet', `The first ${shownRows} of ${rows} rows.`));
  return box;
}

function heading(text: string, scope: 'row' | 'col'): HTMLElement {
  const cell = el('th', {}, text);
  cell.scope = scope;
  return cell;
}
