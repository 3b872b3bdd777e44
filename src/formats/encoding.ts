/** How a file's bytes are written, as far as its beginning tells. `binary`: no text at all. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32' | 'binary';

/** Bytes of a byte order mark in front of UTF-8; Python and Windows editors write one. */
export const utf8MarkLength = 3;

export function hasUtf8Mark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/**
 * Tells the encoding from the byte order mark, or from where zero bytes stand: JSON begins with ASCII characters, which
 * UTF-16 writes with a zero on one side. Looks at the first 512 bytes.
 */
export function encodingOf(head: Uint8Array): Encoding {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32';
  let even = 0;
  let odd = 0;
  const end = Math.min(head.length, 512);
  for (let i = 0; i < end; i++) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  if (even + odd === 0) return 'utf-8';
  if (odd > end / 4 && even === 0) return 'utf-16le';
  if (even > end / 4 && odd === 0) return 'utf-16be';
  return 'binary';
}

const labels: Readonly<Record<Exclude<Encoding, 'utf-8' | 'binary'>, string>> = {
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'utf-32': 'UTF-32',
};

/** What to tell the user about a file that is not UTF-8; null when it is. */
export function encodingTrouble(encoding: Encoding): string | null {
  if (encoding === 'utf-8') return null;
  if (encoding === 'binary') return 'The file is binary, not text.';
  const label = labels[encoding];
  return `The file is ${label}, not UTF-8. Convert it, for example with: iconv -f ${label} -t UTF-8.`;
}
