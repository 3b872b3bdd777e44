import type { JsonValue } from '../../../../core/text/jsonValue';
import { StringBytes } from './stringBytes';

const newline = 10;
const quote = 34;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const colon = 58;
const openList = 91;
const closeList = 93;
const openObject = 123;
const closeObject = 125;
const space = 32;

/** Digits of a whole number that is exact in a double. */
const exactDigits = 15;
/** Powers of ten that are exact in a double: a quotient of two exact numbers is rounded once, as a parser rounds. */
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
/** Levels of a value inside a row; deeper ones are left to the parser, which has a limit of its own. */
const deepest = 64;

/** Bytes of a text that the next row's is compared with. */
const longestKept = 16 * 1024;

/** Bytes up to which texts are compared one by one: a call would take longer. */
const comparedHere = 32;

/** A key as it was met, and the row it was last met in. */
interface KnownKey {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly skipped: boolean;
  row: number;
  /** Its text in the row before, and the bytes of that: rollouts of a group follow each other with the same prompt and id. */
  text: string;
  textBytes: Uint8Array | null;
}

/**
 * Reads a line that is a JSON object straight from its bytes, without its longest text: that of the key `skipped` is
 * checked and comes out as ''. The bytes must be UTF-8. What it reads is exactly what `JSON.parse` gives; where a line is
 * anything out of the ordinary (another value than an object, an escape in a key, a key twice, `NaN`, a tab, what is no
 * JSON) it gives null, and somebody else has to look.
 */
export class RowScanner {
  /** UTF-16 units of the text that was left out of the row read last; 0 when there was none. */
  skippedLength = 0;
  private readonly strings: StringBytes;
  private readonly keys = new Map<string, KnownKey>();
  /** Keys in the order of the row before: the next row has mostly the same. */
  private order: KnownKey[] = [];
  private at = 0;
  private rows = 0;

  /** @param bytes the buffer that rows lie in; a newline follows each of them. Starts at the beginning of its memory. */
  constructor(
    private readonly bytes: Buffer,
    private readonly skipped: string,
  ) {
    this.strings = new StringBytes(bytes);
  }

  /** Place of the newline behind the row read last. */
  end = 0;

  /** The row that begins at `start`. */
  read(start: number): { readonly [key: string]: JsonValue } | null {
    this.at = start;
    this.rows++;
    this.skippedLength = 0;
    if (this.token() !== openObject) return null;
    const row: { [key: string]: JsonValue } = {};
    this.at++;
    let next = this.token();
    if (next === closeObject) return this.isEnd() ? row : null;
    for (let place = 0; ; place++) {
      const key = next === quote ? this.key(place) : null;
      if (key === null || key.row === this.rows || this.token() !== colon) return null;
      key.row = this.rows;
      this.at++;
      next = this.token();
      const value = this.value(next, key);
      if (value === undefined) return null;
      row[key.name] = value;
      next = this.token();
      if (next === closeObject) return this.isEnd() ? row : null;
      if (next !== comma) return null;
      this.at++;
      next = this.token();
    }
  }

  /** The next byte that is no space, which `at` then points to. */
  private token(): number {
    const { bytes } = this;
    let byte = bytes[this.at] ?? 0;
    while (byte === space) byte = bytes[++this.at] ?? 0;
    return byte;
  }

  /** Nothing but spaces follows the closing bracket in the line; Windows ends lines with a carriage return. */
  private isEnd(): boolean {
    this.at++;
    const byte = this.token();
    this.end = byte === 13 ? this.at + 1 : this.at;
    return this.bytes[this.end] === newline;
  }

  /** The key that begins at `at`; null for one with an escape, and for the one that is no plain property. */
  private key(place: number): KnownKey | null {
    const start = this.at + 1;
    const expected = this.order[place];
    if (expected !== undefined && this.isAt(expected.bytes, start)) {
      this.at = start + expected.bytes.length;
      return expected;
    }
    const end = this.strings.end(start);
    if (end < 0 || this.strings.escaped) return null;
    this.at = end + 1;
    const name = this.bytes.toString('utf8', start, end);
    if (name === '__proto__') return null;
    const known = this.keys.get(name) ?? this.newKey(name, start, end + 1);
    if (known !== null) this.order[place] = known;
    return known;
  }

  /** Keys beyond a thousand are data: such rows are read by the parser. */
  private newKey(name: string, start: number, end: number): KnownKey | null {
    if (this.keys.size >= 1024 || name.length > 1024) return null;
    const bytes = new Uint8Array(this.bytes.subarray(start, end));
    const key = { name, bytes, skipped: name === this.skipped, row: -1, text: '', textBytes: null };
    this.keys.set(name, key);
    return key;
  }

  private isAt(wanted: Uint8Array, start: number): boolean {
    const { bytes } = this;
    // Texts of other lengths mostly differ here.
    if (bytes[start + wanted.length - 1] !== wanted[wanted.length - 1]) return false;
    if (wanted.length > comparedHere)
      return bytes.compare(wanted, 0, wanted.length, start, start + wanted.length) === 0;
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
    return true;
  }

  /** Undefined for what this reader does not read. */
  private value(first: number, key: KnownKey): JsonValue | undefined {
    if (first === quote) return this.text(key);
    if (first === minus || (first >= zero && first <= 57)) return this.number();
    if (first === openObject || first === openList) return this.nested();
    return this.word();
  }

  private text(key: KnownKey): string | undefined {
    const start = this.at + 1;
    const { textBytes } = key;
    if (textBytes !== null && this.isAt(textBytes, start)) {
      this.at = start + textBytes.length;
      return key.text;
    }
    const end = this.strings.end(start);
    if (end < 0) return undefined;
    this.at = end + 1;
    if (!key.skipped) {
      key.text = this.strings.text(start, end);
      key.textBytes = end - start > longestKept ? null : new Uint8Array(this.bytes.subarray(start, end + 1));
      return key.text;
    }
    this.skippedLength = this.strings.length(start, end);
    return '';
  }

  private word(): boolean | null | undefined {
    if (this.isWord('true')) return true;
    if (this.isWord('false')) return false;
    return this.isWord('null') ? null : undefined;
  }

  private isWord(word: string): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
    this.at = at + word.length;
    return true;
  }

  private number(): number | undefined {
    const { bytes } = this;
    const start = this.at;
    const negative = bytes[start] === minus;
    const first = negative ? start + 1 : start;
    let at = first;
    let digits = 0;
    let whole = 0;
    for (; isDigit(bytes[at]); at++, digits++) whole = whole * 10 + (bytes[at] ?? 0) - zero;
    if (digits === 0 || (digits > 1 && bytes[first] === zero)) return undefined;
    let behind = 0;
    if (bytes[at] === dot) {
      for (at++; isDigit(bytes[at]); at++, behind++) whole = whole * 10 + (bytes[at] ?? 0) - zero;
      if (behind === 0) return undefined;
    }
    const exponent = (bytes[at] ?? 0) | 32;
    if (exponent === 101) {
      at++;
      if (bytes[at] === minus || bytes[at] === 43) at++;
      const from = at;
      while (isDigit(bytes[at])) at++;
      if (at === from) return undefined;
    }
    this.at = at;
    if (exponent === 101 || digits + behind > exactDigits) return Number(bytes.toString('latin1', start, at));
    const value = behind === 0 ? whole : whole / (powers[behind] ?? 1);
    return negative ? -value : value;
  }

  /** A list or an object inside the row. */
  private nested(): JsonValue | undefined {
    const { bytes, strings } = this;
    const start = this.at;
    let depth = 0;
    for (let at = start; ; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        at = strings.end(at + 1);
        if (at < 0) return undefined;
      } else if (byte === openObject || byte === openList) {
        if (++depth > deepest) return undefined;
      } else if (byte === closeObject || byte === closeList) depth--;
      else if (byte < space) return undefined;
      if (depth > 0) continue;
      this.at = at + 1;
      return parsed(bytes.toString('utf8', start, at + 1));
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 57;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
