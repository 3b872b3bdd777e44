import type { JsonValue } from '../text/jsonValue';
import { UserError } from '../text/userError';

/** Reads the fields of what a user wrote, and refuses what it does not know: a misspelt field would silently do nothing. */
export class SpecFields {
  private readonly asked = new Set<string>();
  private readonly value: Readonly<Record<string, JsonValue>>;

  /** `what` begins messages: `The policy`; `prefix` stands before the fields' names. */
  constructor(
    value: JsonValue | undefined,
    private readonly what: string,
    private readonly prefix = '',
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UserError(
        `${what} is not understood: ${prefix === '' ? 'it' : prefix.slice(0, -1)} must be an object.`,
      );
    this.value = value as Readonly<Record<string, JsonValue>>;
  }

  text(field: string): string {
    const value = this.take(field);
    if (typeof value !== 'string' || value.trim() === '') throw this.wrong(field, 'a text');
    return value;
  }

  maybeText(field: string): string | null {
    return this.missing(field) ? null : this.text(field);
  }

  /** One text, or a list of at least one. */
  texts(field: string): readonly string[] {
    const value = this.take(field);
    const list: readonly JsonValue[] = Array.isArray(value) ? value : [value ?? null];
    const texts = list.filter((one): one is string => typeof one === 'string' && one.trim() !== '');
    if (texts.length === 0 || texts.length < list.length) throw this.wrong(field, 'a text or a list of texts');
    return texts;
  }

  word<W extends string>(field: string, words: readonly W[], usual: W): W {
    return this.maybeWord(field, words) ?? usual;
  }

  maybeWord<W extends string>(field: string, words: readonly W[]): W | null {
    if (this.missing(field)) return null;
    const value = this.take(field);
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.wrong(field, `one of ${words.join(', ')}`);
    return found;
  }

  number(field: string, least: number, most: number): number | null {
    if (this.missing(field)) return null;
    const value = this.take(field);
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw this.wrong(field, `a number from ${least} to ${most}`);
    return value;
  }

  whole(field: string, least: number, most: number): number | null {
    const value = this.number(field, least, most);
    if (value !== null && !Number.isSafeInteger(value)) throw this.wrong(field, 'a whole number');
    return value;
  }

  flag(field: string, usual: boolean): boolean {
    if (this.missing(field)) return usual;
    const value = this.take(field);
    if (typeof value !== 'boolean') throw this.wrong(field, 'true or false');
    return value;
  }

  /** `{}` without it. */
  object(field: string): Readonly<Record<string, JsonValue>> {
    if (this.missing(field)) return {};
    const value = this.take(field);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong(field, 'an object');
    return value as Readonly<Record<string, JsonValue>>;
  }

  refuse(field: string, advice: string): void {
    if (!this.missing(field)) throw this.wrong(field, advice);
  }

  /** What was made of the fields, once every field there is was asked for. */
  nothingElse<T>(made: T): T {
    const stranger = Object.keys(this.value).find((name) => !this.asked.has(name));
    if (stranger !== undefined)
      throw new UserError(
        `${this.what} is not understood: there is no field ${this.prefix}${stranger}; fields are ${[...this.asked].join(', ')}.`,
      );
    return made;
  }

  private missing(field: string): boolean {
    this.asked.add(field);
    return !Object.hasOwn(this.value, field) || this.value[field] === null;
  }

  private take(field: string): JsonValue | undefined {
    this.asked.add(field);
    return Object.hasOwn(this.value, field) ? this.value[field] : undefined;
  }

  private wrong(field: string, wanted: string): UserError {
    return new UserError(`${this.what} is not understood: ${this.prefix}${field} must be ${wanted}.`);
  }
}
