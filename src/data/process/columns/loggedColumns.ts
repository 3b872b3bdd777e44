import type { Field } from '../../../core/trajectory/rollout';
import { CategoryColumn } from './categoryColumn';
import type { ColumnNames } from './columnNames';
import { NumberColumn } from './numberColumn';

/** Logged columns kept at most: a log with more is no log. */
export const loggedKept = 256;
/** Distinct values up to which a text column is a category, and UTF-16 units up to which a text is a name. */
export const categoryValues = 256;
export const shortText = 64;

/** One logged name: numbers (truth values as 0 and 1) where there are any, else the few short texts it takes. */
export interface LoggedColumn {
  readonly logged: string;
  /** Unique among all columns of the trace. */
  readonly name: string;
  number: NumberColumn | null;
  /** Undefined until there is a text, null once there were too many or one was too long. */
  category: CategoryColumn | null | undefined;
}

/** Columns that a log itself holds, in first-seen order. */
export class LoggedColumns {
  private readonly byName = new Map<string, LoggedColumn>();

  constructor(private readonly names: ColumnNames) {}

  add(row: number, fields: readonly Field[]): void {
    for (const { name, value } of fields) {
      if (typeof value === 'boolean') this.set(row, name, value ? 1 : 0);
      else if (typeof value === 'number' || typeof value === 'string') this.set(row, name, value);
    }
  }

  set(row: number, name: string, value: number | string): void {
    if (typeof value === 'number') this.addNumber(row, name, value);
    else this.addText(row, name, value);
  }

  *[Symbol.iterator](): IterableIterator<LoggedColumn> {
    yield* this.byName.values();
  }

  private addNumber(row: number, name: string, value: number): void {
    const column = this.find(name);
    if (column === null) return;
    column.number ??= new NumberColumn();
    // A record that says a name twice is read as its first.
    if (!column.number.has(row)) column.number.set(row, value);
  }

  private addText(row: number, name: string, text: string): void {
    const column = this.find(name);
    if (column === null || column.category === null) return;
    column.category ??= new CategoryColumn(categoryValues);
    if (text.length > shortText || (!column.category.there.has(row) && !column.category.set(row, text)))
      column.category = null;
  }

  private find(logged: string): LoggedColumn | null {
    const known = this.byName.get(logged);
    if (known !== undefined) return known;
    if (this.byName.size >= loggedKept) return null;
    const made: LoggedColumn = { logged, name: this.names.give(logged), number: null, category: undefined };
    this.byName.set(logged, made);
    return made;
  }
}
