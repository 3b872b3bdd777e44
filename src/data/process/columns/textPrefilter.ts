/** Characters that neither JSON nor Python's repr writes as anything but themselves, and no reader of ours changes. */
const plainRun = /[A-Za-z0-9 _.,:;?!()[\]{}=+*%$#@|~^-]+/g;

/** Where a text may stand in the bytes of a log. */
export interface Prefilter {
  /** Whether any place in `bytes` from `start` to `end` may be part of a match. Calls go on in ascending order. */
  mayMatch(start: number, end: number): boolean;
}

/**
 * Looks for the longest part of `needle` that a log holds as it is, so that only rows with it are decoded; never loses a
 * match, since a row with an escape of an ASCII character (`\u0041`) always passes. Null when the needle has no such part.
 */
export function prefilterOf(needle: string, matchCase: boolean): ((bytes: Buffer) => Prefilter) | null {
  const runs = needle.match(plainRun) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest.trim() === '') return null;
  const pattern = new RegExp(escaped(longest), matchCase ? 'g' : 'gi');
  return (bytes) => {
    // One character a byte: an ASCII text is found in it wherever it is in UTF-8.
    const text = bytes.toString('latin1');
    const part = cursor((from) => {
      pattern.lastIndex = from;
      return pattern.exec(text)?.index ?? -1;
    });
    const escapes = cursor((from) => nextEscape(bytes, from));
    return {
      mayMatch: (start, end) => {
        const [a, b] = [part(start), escapes(start)];
        return (a >= 0 && a < end) || (b >= 0 && b < end);
      },
    };
  };
}

/** Whether a text holds another: with or without regard to case, letter by letter (é and É are one without). */
export function textMatcher(needle: string, matchCase: boolean): (text: string) => boolean {
  if (matchCase) return (text) => text.includes(needle);
  const pattern = new RegExp(escaped(needle), 'i');
  return (text) => pattern.test(text);
}

/** The first hit at or after a position that only grows; -1 when there is none. Each hit is searched once. */
function cursor(search: (from: number) => number): (from: number) => number {
  let hit = -2;
  return (from) => {
    if (hit === -2 || (hit >= 0 && hit < from)) hit = search(from);
    return hit;
  };
}

/** `\u0020` to `\u007f`, which a writer may use for any ASCII character, and Python's `\x20` to `\x7f`. */
function nextEscape(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('\\', from); at >= 0; at = bytes.indexOf('\\', at + 1)) {
    const long = bytes[at + 1] === letterU && bytes[at + 2] === zero && bytes[at + 3] === zero;
    const digit = bytes[long ? at + 4 : at + 2] ?? 0;
    if ((long || bytes[at + 1] === letterX) && digit >= two && digit <= seven) return at;
    // The second of two backslashes begins no escape.
    if (bytes[at + 1] === backslash) at++;
  }
  return -1;
}

const backslash = 92;
const letterU = 117;
const letterX = 120;
const zero = 48;
const two = 50;
const seven = 55;

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
