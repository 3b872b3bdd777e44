import type { JsonValue } from './jsonValue';
import { decodeEscapes } from './literalEscapes';

/** Deeper nesting than this is refused: no trace needs it, and readers of the value may recurse. */
export const MAX_DEPTH = 500;

/** What a literal may look like. Both accept NaN and ±Infinity as Python's `json.dumps` writes them. */
export type LiteralGrammar = 'json' | 'python';

/** Text that is no literal of the grammar; the message ends with the place. */
export class LiteralSyntaxError extends SyntaxError {
  /** 0-based UTF-16 offset into the text. */
  readonly position: number;

  constructor(problem: string, text: string, position: number) {
    super(`${problem} at ${placeIn(text, position)}`);
    this.position = position;
  }
}

/** Called for every object (`{…}`) as soon as it is read, with its offsets, end exclusive; inner ones first. */
export type ObjectListener = (value: { readonly [key: string]: JsonValue }, start: number, end: number) => void;

const JSON_WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const PYTHON_WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ...JSON_WORDS,
  ['True', true],
  ['False', false],
  ['None', null],
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

const JSON_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PYTHON_NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /-?[A-Za-z]+/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: strings may not hold them
const CONTROL = /[\u0000-\u001f]/;

/** Where a character comes next; asked for rising positions, it looks at each place once. */
class NextIndex {
  private at = -1;

  constructor(
    private readonly text: string,
    private readonly char: string,
  ) {}

  /** Infinity when there is none. */
  from(position: number): number {
    if (this.at < position) {
      const found = this.text.indexOf(this.char, position);
      this.at = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return this.at;
  }
}

/** One pass over a text, by recursive descent; linear in its length. */
class LiteralReader {
  private at = 0;
  private depth = 0;
  private readonly doubleQuotes: NextIndex;
  private readonly singleQuotes: NextIndex;
  private readonly backslashes: NextIndex;

  constructor(
    private readonly text: string,
    private readonly grammar: LiteralGrammar,
    private readonly onObject: ObjectListener | null,
  ) {
    this.doubleQuotes = new NextIndex(text, '"');
    this.singleQuotes = new NextIndex(text, "'");
    this.backslashes = new NextIndex(text, '\\');
  }

  readAll(): JsonValue {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    const value = this.readValue();
    this.skipSpace();
    if (this.at < this.text.length) this.fail('unexpected text after the value');
    return value;
  }

  private readValue(): JsonValue {
    this.skipSpace();
    const char = this.text[this.at];
    if (char === undefined) return this.fail('the text ends where a value belongs');
    if (char === '{' || char === '[' || (char === '(' && this.grammar === 'python')) return this.readNested(char);
    if (char === '"' || (char === "'" && this.grammar === 'python')) return this.readString(char);
    return this.readNumberOrWord();
  }

  private readNested(open: '{' | '[' | '('): JsonValue {
    if (this.depth >= MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH} levels`);
    this.depth++;
    const value = open === '{' ? this.readObject() : this.readList(open === '[' ? ']' : ')');
    this.depth--;
    return value;
  }

  private readObject(): JsonValue {
    const start = this.at++;
    const object: Record<string, JsonValue> = {};
    for (let first = true; !this.closes('}', first); first = false) {
      this.skipSpace();
      const key = this.readKey();
      this.skipSpace();
      if (this.text[this.at] !== ':') this.fail("expected ':' after a key");
      this.at++;
      setOwn(object, key, this.readValue());
    }
    this.onObject?.(object, start, this.at);
    return object;
  }

  private readKey(): string {
    const char = this.text[this.at];
    if (char === '"' || (char === "'" && this.grammar === 'python')) return this.readString(char);
    if (char === undefined) return this.fail('the text ends where a key belongs');
    if (this.grammar === 'json' || char === '{' || char === '[' || char === '(') return this.fail('expected a key');
    return String(this.readNumberOrWord());
  }

  private readList(close: ']' | ')'): JsonValue {
    this.at++;
    const list: JsonValue[] = [];
    for (let first = true; !this.closes(close, first); first = false) list.push(this.readValue());
    return list;
  }

  /** Steps over the separator or the closing bracket; true when the collection has ended. */
  private closes(bracket: string, first: boolean): boolean {
    this.skipSpace();
    const char = this.text[this.at];
    if (char === bracket) {
      this.at++;
      return true;
    }
    if (first) return false;
    if (char !== ',')
      this.fail(char === undefined ? `the text ends before '${bracket}'` : `expected ',' or '${bracket}'`);
    this.at++;
    if (this.grammar === 'json') return false;
    this.skipSpace();
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  private readString(quote: '"' | "'"): string {
    const start = this.at + 1;
    const quotes = quote === '"' ? this.doubleQuotes : this.singleQuotes;
    let end = quotes.from(start);
    let escaped = false;
    for (let slash = this.backslashes.from(start); slash < end; slash = this.backslashes.from(slash + 2)) {
      escaped = true;
      end = quotes.from(slash + 2);
    }
    if (end === Number.POSITIVE_INFINITY) return this.fail('the text ends inside a string');
    const raw = this.text.slice(start, end);
    const control = raw.search(CONTROL);
    if (control !== -1) return this.fail('a line break or control character inside a string', start + control);
    this.at = end + 1;
    if (!escaped) return raw;
    return decodeEscapes(raw, this.grammar, (offset) => this.fail('unreadable escape in a string', start + offset));
  }

  private readNumberOrWord(): JsonValue {
    const word = isDigit(this.text.charCodeAt(this.at)) ? null : this.match(WORD);
    if (word !== null) {
      const value = (this.grammar === 'json' ? JSON_WORDS : PYTHON_WORDS).get(word);
      return value === undefined ? this.fail('expected a value') : this.step(word.length, value);
    }
    const number = this.match(this.grammar === 'json' ? JSON_NUMBER : PYTHON_NUMBER);
    return number === null ? this.fail('expected a value') : this.step(number.length, Number(number));
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    // A sticky pattern that fits leaves its end behind; a match would be an object of its own.
    return pattern.test(this.text) ? this.text.slice(this.at, pattern.lastIndex) : null;
  }

  private step(length: number, value: JsonValue): JsonValue {
    this.at += length;
    return value;
  }

  private skipSpace(): void {
    for (let code = this.text.charCodeAt(this.at); isSpace(code); code = this.text.charCodeAt(this.at)) this.at++;
  }

  private fail(problem: string, position = this.at): never {
    throw new LiteralSyntaxError(problem, this.text, position);
  }
}

/**
 * Reads one literal that is the whole text (a leading byte order mark is skipped). Duplicate keys: the last wins.
 * @throws LiteralSyntaxError
 */
export function readLiteral(text: string, grammar: LiteralGrammar, onObject: ObjectListener | null = null): JsonValue {
  return new LiteralReader(text, grammar, onObject).readAll();
}

/** A place in a text for a message: line and column, 1-based. */
export function placeIn(text: string, position: number): string {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < position; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return line === 1 ? `character ${position + 1}` : `line ${line}, character ${position - lineStart + 1}`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** `__proto__` from a file is a key like any other. */
function setOwn(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
