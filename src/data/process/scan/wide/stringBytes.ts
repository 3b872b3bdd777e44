const quote = 34;
const backslash = 92;
const letterU = 117;

/** Bytes that may stand behind a backslash. */
const escapes = new Set(Array.from('"\\/bfnrtu', (letter) => letter.charCodeAt(0)));
const isEscape = Uint8Array.from({ length: 256 }, (_, byte) => (escapes.has(byte) ? 1 : 0));
const isHex = Uint8Array.from({ length: 256 }, (_, byte) => (/[0-9a-f]/i.test(String.fromCharCode(byte)) ? 1 : 0));

/** Texts from this many bytes on are looked up before they are decoded: the rollouts of a group share their prompt. */
const shared = 48;
/** Bytes of texts that are remembered, and of the longest one. */
const remembered = 1024 * 1024;
const longestRemembered = 64 * 1024;

/** Strings of JSON in a buffer of UTF-8. Looks at four bytes at a time: most of a log is the inside of strings. */
export class StringBytes {
  /** The string whose end was found last holds an escape. */
  escaped = false;
  /** Bytes that its escapes take beyond the UTF-16 units they stand for. */
  private spare = 0;
  /** All of its bytes, or-ed: the highest bit of any says that it is more than ASCII. */
  private bits = 0;
  private readonly words: Int32Array;
  private readonly known = new Map<string, string>();
  private size = 0;

  /** @param bytes starts at the beginning of its memory; a newline stands behind its last string. */
  constructor(private readonly bytes: Buffer) {
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  }

  /** Place of the closing quote of the string whose first byte is at `from`; -1 when it is not as JSON wants it. */
  end(from: number): number {
    const { bytes, words } = this;
    const pairs = words.length - 1;
    this.escaped = false;
    this.spare = 0;
    let bits = 0;
    let at = from;
    for (;;) {
      if ((at & 3) === 0) {
        let index = at >>> 2;
        for (;;) {
          while (index < pairs && (odd(words[index] ?? 0) | odd(words[index + 1] ?? 0)) >= 0) index += 2;
          const word = words[index] ?? 0;
          if (index >= words.length || isSpecial(word)) break;
          bits |= word;
          index++;
        }
        at = index << 2;
      }
      const byte = bytes[at];
      if (byte === quote) {
        this.bits = bits;
        return at;
      }
      if (byte === undefined || byte < 32) return -1;
      if (byte === backslash) {
        at = this.behindEscape(at + 1);
        if (at < 0) return -1;
      } else {
        bits |= byte;
        at++;
      }
    }
  }

  /** UTF-16 units of the string at [start, end), the one whose end was found last. */
  length(start: number, end: number): number {
    const units = (this.bits & 0x80808080) === 0 ? end - start : this.bytes.toString('utf8', start, end).length;
    return units - this.spare;
  }

  /** The text between quotes at [start, end), the string whose end was found last. */
  text(start: number, end: number): string {
    const { bytes, known } = this;
    const length = end - start;
    if (length < shared || length > longestRemembered) return this.decoded(start, end);
    const raw = bytes.toString('latin1', start, end);
    const found = known.get(raw);
    if (found !== undefined) return found;
    if (this.size > remembered) {
      known.clear();
      this.size = 0;
    }
    const text = this.decoded(start, end);
    known.set(raw, text);
    this.size += length;
    return text;
  }

  private decoded(start: number, end: number): string {
    if (!this.escaped) return this.bytes.toString('utf8', start, end);
    return JSON.parse(this.bytes.toString('utf8', start - 1, end + 1)) as string;
  }

  /** `at` is behind the backslash. */
  private behindEscape(at: number): number {
    const { bytes } = this;
    const byte = bytes[at] ?? 0;
    this.escaped = true;
    if (isEscape[byte] === 0) return -1;
    this.spare += byte === letterU ? 5 : 1;
    if (byte !== letterU) return at + 1;
    for (let i = 1; i <= 4; i++) if (isHex[bytes[at + i] ?? 0] === 0) return -1;
    return at + 5;
  }
}

/** Below zero when one of four bytes is a quote, a backslash or a control character, or when one is not ASCII. */
function odd(word: number): number {
  const found = ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101) | (word - 0x20202020) | word;
  return (found & 0x80808080) === 0 ? 0 : -1;
}

/** Whether one of four bytes is a quote, a backslash or a control character. May err on the side of yes. */
function isSpecial(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const slashes = word ^ 0x5c5c5c5c;
  const found = ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes);
  return (found & 0x80808080) !== 0;
}
