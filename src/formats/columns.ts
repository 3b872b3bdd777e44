import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import type { Field } from '../core/trajectory/rollout';
import type { RecordPlace } from './format';

export type JsonObject = { readonly [key: string]: JsonValue };

/** Null, arrays and plain values are not objects. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, for a message. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Reads one row's columns by name, notes what is wrong with them, and knows which were not asked for. */
export class Columns {
  readonly problems: Problem[] = [];
  /** A handful: looking through them costs less than a set for each row. */
  private readonly taken: string[] = [];

  constructor(
    private readonly row: JsonObject,
    private readonly place: RecordPlace,
  ) {}

  /** The value, which from now on is no field; undefined when the row has no such column. */
  take(name: string): JsonValue | undefined {
    if (!Object.hasOwn(this.row, name)) return undefined;
    this.taken.push(name);
    return this.row[name];
  }

  /** Whether the row has such a column, without taking it. */
  has(name: string): boolean {
    return Object.hasOwn(this.row, name);
  }

  /** The value, which stays a field; undefined when the row has no such column. */
  peek(name: string): JsonValue | undefined {
    return this.has(name) ? this.row[name] : undefined;
  }

  /** A text column; null when it is absent or null, noted when it is something else. */
  text(name: string): string | null {
    const value = this.take(name);
    if (typeof value === 'string') return value;
    if (value !== undefined && value !== null) this.note('warning', name, `is ${kindOf(value)}, not text`);
    return null;
  }

  /** A number column; NaN and infinities count. Null when it is absent or null, noted when it is something else. */
  number(name: string): number | null {
    const value = this.take(name);
    if (typeof value === 'number') return value;
    if (value !== undefined && value !== null) this.note('warning', name, `is ${kindOf(value)}, not a number`);
    return null;
  }

  /** A column of whole numbers such as a step. */
  integer(name: string): number | null {
    const value = this.number(name);
    if (value === null || Number.isSafeInteger(value)) return value;
    this.note('warning', name, `is ${value}, not a whole number`);
    return null;
  }

  /** Columns nobody asked for, in the row's order. */
  rest(): readonly Field[] {
    const fields: Field[] = [];
    for (const name of Object.keys(this.row))
      if (!this.taken.includes(name)) fields.push({ name, value: this.row[name] ?? null });
    return fields;
  }

  /** `what` continues the field's name: `"score" is a list, not a number`. */
  note(severity: Problem['severity'], field: string, what: string, element = this.place.element ?? null): void {
    this.problems.push({ severity, ...this.place, element, field, message: `"${field}" ${what}` });
  }
}

/** A row that does not open. */
export function refused(place: RecordPlace, message: string, field: string | null = null) {
  const problem: Problem = { severity: 'error', ...place, element: place.element ?? null, field, message };
  return { record: null, problems: [problem] };
}
