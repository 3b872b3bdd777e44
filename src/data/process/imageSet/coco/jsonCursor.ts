/** The bytes end in the middle of what is read. */
export const cut = -1;
/** What stands there is no JSON. */
export const malformed = -2;

const quote = 34;
const backslash = 92;
const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;

/** What a byte means where a value is passed over: 1 opens, 2 closes, 3 begins a text. */
const meaning = table({ '[{': 1, ']}': 2, '"': 3 });
const isSpace = table({ ' \t\n\r': 1 });
/** What may stand behind a number or a bare word. */
const isEnd = table({ ' \t\n\r,]}': 1 });
/** What bare words and numbers are made of. */
const isWord = table({ 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.': 1 });

/** Powers of ten that are exact; and numbers below 2⁵³ are: their quotient is the nearest number to the decimal. */
const powers = Array.from({ length: 23 }, (_, power) => 10 ** power);
const mostDigits = 15;

function table(of: Readonly<Record<string, number>>): Uint8Array {
  const made = new Uint8Array(256);
  for (const [letters, value] of Object.entries(of)) for (const letter of letters) made[letter.charCodeAt(0)] = value;
  return made;
}

/**
 * Reads JSON out of a buffer without making objects of it. Positions go in and come out: the one behind what was read, or
 * `cut` or `malformed`. Values that are passed over are told apart from what follows and not checked.
 */
export class JsonCursor {
  /** The number read last; NaN also for a bare `NaN`. */
  value = 0;
  /** The text read or passed last holds an escape. */
  escaped = false;
  /** A number of more digits than a JavaScript number keeps. */
  isLong = false;
  bytes: Buffer = Buffer.alloc(0);
  /** Bytes that are there. */
  end = 0;

  space(from: number): number {
    const { bytes } = this;
    let at = from;
    while (at < this.end && isSpace[bytes[at] ?? 0] === 1) at++;
    return at;
  }

  /** `from` is behind the opening quote; answers the place of the closing one. */
  textEnd(from: number): number {
    const { bytes, end } = this;
    this.escaped = false;
    let at = from;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) return at;
      if (byte === backslash) {
        this.escaped = true;
        at++;
      }
      at++;
    }
    return cut;
  }

  /** The text between its quotes; `escaped` is still what `textEnd` said. Null for escapes that are none. */
  text(from: number, to: number): string | null {
    if (!this.escaped) return this.bytes.toString('utf8', from, to);
    try {
      const value: unknown = JSON.parse(this.bytes.toString('utf8', from - 1, to + 1));
      return typeof value === 'string' ? value : null;
    } catch {
      return null;
    }
  }

  /** Passes over any value. Recursion would let a file choose how deep the stack is: containers are counted. */
  skip(from: number): number {
    const { bytes, end } = this;
    let depth = 0;
    let at = from;
    while (at < end) {
      const found = meaning[bytes[at] ?? 0] ?? 0;
      if (found === 0) {
        if (depth > 0) {
          at++;
          continue;
        }
        return this.word(at);
      }
      if (found === 3) {
        at = this.textEnd(at + 1);
        if (at < 0) return cut;
      } else depth += found === 1 ? 1 : -1;
      at++;
      if (depth <= 0) return depth < 0 ? malformed : at;
    }
    return cut;
  }

  /** A number, or `NaN`, `Infinity` and `-Infinity` as Python writes them; `value` has it. */
  number(from: number): number {
    const { bytes } = this;
    let at = from;
    const negative = bytes[at] === minus;
    if (negative) at++;
    const first = at;
    let mantissa = 0;
    let digits = 0;
    let decimals = 0;
    let byte = bytes[at] ?? 0;
    while (byte >= zero && byte <= nine && at < this.end) {
      mantissa = mantissa * 10 + (byte - zero);
      digits++;
      byte = bytes[++at] ?? 0;
    }
    if (byte === dot && digits > 0) {
      byte = bytes[++at] ?? 0;
      while (byte >= zero && byte <= nine && at < this.end) {
        mantissa = mantissa * 10 + (byte - zero);
        decimals++;
        byte = bytes[++at] ?? 0;
      }
      if (decimals === 0) digits = 0;
    }
    const plain = digits > 0 && digits + decimals <= mostDigits && !(digits > 1 && bytes[first] === zero);
    if (at >= this.end) return cut;
    if (!plain || isEnd[byte] === 0) return this.otherNumber(from);
    this.isLong = false;
    const size = decimals === 0 ? mantissa : mantissa / (powers[decimals] ?? 1);
    this.value = negative ? -size : size;
    return at;
  }

  /** Exponents, long numbers and Python's words. */
  private otherNumber(from: number): number {
    const behind = this.word(from);
    if (behind < 0) return behind;
    const text = this.bytes.toString('latin1', from, behind);
    this.isLong = /^-?\d{16,}$/.test(text);
    if (!/^-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)$|^NaN$/.test(text)) return malformed;
    this.value = Number(text);
    return behind;
  }

  /** A bare word, or a number without a look at it. */
  private word(from: number): number {
    const { bytes, end } = this;
    let at = from;
    while (at < end && isWord[bytes[at] ?? 0] === 1) at++;
    if (at >= end) return cut;
    return at === from || isEnd[bytes[at] ?? 0] === 0 ? malformed : at;
  }
}
