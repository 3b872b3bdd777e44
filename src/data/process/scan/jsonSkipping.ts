/** What a JSON value may be made of, by its bytes: UTF-8 keeps all of these apart from parts of other characters. */
const quote = 34;
const comma = 44;
const colon = 58;
const openList = 91;
const backslash = 92;
const closeList = 93;
const openObject = 123;
const closeObject = 125;
const newline = 10;

/** Bytes of a string that are looked at one by one before a search in native code pays. */
const shortString = 24;
/** Containers inside each other; beyond it a document is an attack. */
const deepest = 100_000;

/** 1: the byte means something inside a value, outside strings. */
const telling = table([quote, openList, closeList, openObject, closeObject, newline]);
/** 1: the byte ends a bare word. */
const wordEnds = table([comma, colon, closeList, closeObject, 9, newline, 13, 32]);

function table(bytes: readonly number[]): Uint8Array {
  const made = new Uint8Array(256);
  for (const byte of bytes) made[byte] = 1;
  return made;
}

/** What a value is, by its first byte. */
export function openingOf(byte: number): string {
  if (byte === openObject) return 'an object';
  if (byte === openList) return 'a list';
  if (byte === quote) return 'a text';
  return byte === 45 || (byte >= 48 && byte <= 57) ? 'a number' : 'a bare word';
}

/** Passes over a string that may go on in the next piece, and counts lines. */
export class StringSkipper {
  inside = false;
  /** 1-based line of the byte that comes next; whoever passes a newline outside strings counts it here. */
  line = 1;
  /** The piece before ended in a backslash of its own. */
  private escaped = false;
  /** Position in the piece of a newline at or behind the last one looked for: long strings rarely hold one. */
  private nextNewline = -1;

  /** A new piece. */
  begin(): void {
    this.nextNewline = -1;
  }

  /** Behind an opening quote. */
  start(): void {
    this.inside = true;
    this.escaped = false;
  }

  /** Position behind the closing quote; the piece's length when the string goes on. */
  rest(bytes: Buffer, from: number): number {
    let at = from;
    if (this.escaped && at < bytes.length) {
      if (bytes[at] === newline) this.line++;
      at++;
      this.escaped = false;
    }
    const near = Math.min(bytes.length, at + shortString);
    while (at < near) {
      const byte = bytes[at];
      if (byte === quote) return this.close(at + 1);
      if (byte === newline) this.line++;
      if (byte === backslash) {
        at++;
        if (at === bytes.length) this.escaped = true;
        else if (bytes[at] === newline) this.line++;
      }
      at++;
    }
    return at >= bytes.length ? bytes.length : this.far(bytes, at);
  }

  private far(bytes: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const found = bytes.indexOf(quote, at);
      const stop = found < 0 ? bytes.length : found;
      const odd = backslashesBefore(bytes, stop, at) % 2 === 1;
      if (found < 0) this.escaped = odd;
      else if (odd) {
        at = stop + 1;
        continue;
      }
      this.countLines(bytes, from, stop);
      return found < 0 ? stop : this.close(stop + 1);
    }
  }

  private close(end: number): number {
    this.inside = false;
    return end;
  }

  private countLines(bytes: Buffer, from: number, to: number): void {
    if (this.nextNewline < from) this.nextNewline = newlineFrom(bytes, from);
    while (this.nextNewline < to) {
      this.line++;
      this.nextNewline = newlineFrom(bytes, this.nextNewline + 1);
    }
  }
}

function newlineFrom(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(newline, from);
  return found < 0 ? bytes.length : found;
}

/** Backslashes that end at `stop`, none of them in front of `from`. */
function backslashesBefore(bytes: Buffer, stop: number, from: number): number {
  let at = stop;
  while (at > from && bytes[at - 1] === backslash) at--;
  return stop - at;
}

/** Passes over one value that may go on in the next piece. */
export class ValueSkipper {
  /** Set when the value's brackets do not match: there is no telling where it ends. */
  trouble: string | null = null;
  private word = false;
  private depth = 0;
  /** The closing bracket that each open container waits for. */
  private closers = new Uint8Array(64);

  constructor(private readonly strings: StringSkipper) {}

  get inside(): boolean {
    return this.word || this.depth > 0 || this.strings.inside;
  }

  /** `byte` is the value's first, which is passed already. */
  start(byte: number): void {
    if (byte === quote) this.strings.start();
    else if (byte === openList || byte === openObject) this.enter(byte);
    else this.word = true;
  }

  /** Position behind the value; the piece's length when the value goes on. */
  rest(bytes: Buffer, from: number): number {
    if (this.word) return this.restOfWord(bytes, from);
    const { strings } = this;
    let at = strings.inside ? strings.rest(bytes, from) : from;
    while (this.depth > 0 && at < bytes.length) {
      let byte = bytes[at] ?? 0;
      while (telling[byte] === 0 && ++at < bytes.length) byte = bytes[at] ?? 0;
      if (at === bytes.length) break;
      at++;
      if (byte === quote) {
        strings.start();
        at = strings.rest(bytes, at);
      } else if (byte === newline) strings.line++;
      else if (byte === openList || byte === openObject) this.enter(byte);
      else if (byte === this.closers[this.depth - 1]) this.depth--;
      else {
        const shown = String.fromCharCode(byte);
        this.trouble = `The document is broken here: a "${shown}" has no opening bracket. What follows is not read.`;
      }
      if (this.trouble !== null) return bytes.length;
    }
    return at;
  }

  private restOfWord(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && wordEnds[bytes[at] ?? 0] === 0) at++;
    if (at < bytes.length) this.word = false;
    return at;
  }

  private enter(byte: number): void {
    if (this.depth === deepest) {
      this.trouble = 'The document is nested too deep here. What follows is not read.';
      return;
    }
    if (this.depth === this.closers.length) {
      const bigger = new Uint8Array(this.depth * 2);
      bigger.set(this.closers);
      this.closers = bigger;
    }
    this.closers[this.depth++] = byte === openList ? closeList : closeObject;
  }
}
