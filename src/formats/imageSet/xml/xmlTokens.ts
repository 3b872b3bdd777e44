/**
 * Marks of an XML text, found in its bytes. Nothing is expanded but the five entities of XML and characters by their number: what a
 * document declares itself stays as it is written, and nothing outside is ever read.
 */

/** A tag, or what is between tags without being text: comments, instructions, declarations, CDATA. */
export interface XmlToken {
  readonly kind: 'open' | 'close' | 'empty' | 'other';
  /** Offsets in the bytes, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const [less, greater, slash, bang, question, quote, apostrophe] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f, 0x22, 0x27];
/** Bytes that tell a comment or CDATA from a declaration. */
export const longestMark = 9;

/** The next mark from an offset on; null where the bytes end before it does. */
export function nextToken(bytes: Uint8Array, from: number): XmlToken | null {
  const start = bytes.indexOf(less, from);
  if (start < 0) return null;
  const next = bytes[start + 1];
  if (next === question) return until(bytes, start, '?>', start + 2);
  if (next === bang) {
    if (startsWith(bytes, start, '<!--')) return until(bytes, start, '-->', start + 4);
    if (startsWith(bytes, start, '<![CDATA[')) return until(bytes, start, ']]>', start + 9);
    return declaration(bytes, start);
  }
  const end = tagEnd(bytes, start + 1);
  if (end < 0) return null;
  const kind = next === slash ? 'close' : bytes[end - 2] === slash ? 'empty' : 'open';
  return { kind, start, end };
}

function until(bytes: Uint8Array, start: number, mark: string, from: number): XmlToken | null {
  const first = mark.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes, at, mark)) return { kind: 'other', start, end: at + mark.length };
  return null;
}

/** `<!DOCTYPE …>`, whose brackets may hold others. */
function declaration(bytes: Uint8Array, start: number): XmlToken | null {
  let depth = 0;
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === 0x5b) depth++;
    else if (bytes[at] === 0x5d) depth--;
    else if (bytes[at] === greater && depth <= 0) return { kind: 'other', start, end: at + 1 };
  }
  return null;
}

/** Behind the `>` that ends a tag; those in attributes are none. */
function tagEnd(bytes: Uint8Array, from: number): number {
  let open = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (open !== 0) {
      if (byte === open) open = 0;
    } else if (byte === greater) return at + 1;
    else if (byte === quote || byte === apostrophe) open = byte;
  }
  return -1;
}

export function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Name of a tag. */
export function tagName(bytes: Uint8Array, { start }: XmlToken): string {
  const from = bytes[start + 1] === slash ? start + 2 : start + 1;
  let to = from;
  while (to < bytes.length && !isNameEnd(bytes[to] ?? 0)) to++;
  return new TextDecoder().decode(bytes.subarray(from, to));
}

function isNameEnd(byte: number): boolean {
  return byte <= 0x20 || byte === slash || byte === greater || byte === 0x3d;
}

/** Value of an attribute with where it stands between its quotes. */
export interface XmlAttribute {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export function tagAttributes(bytes: Uint8Array, token: XmlToken): ReadonlyMap<string, XmlAttribute> {
  const attributes = new Map<string, XmlAttribute>();
  let at = token.start + 1;
  while (at < token.end && !isNameEnd(bytes[at] ?? 0)) at++;
  while (at < token.end) {
    while (at < token.end && isNameEnd(bytes[at] ?? 0)) at++;
    const nameStart = at;
    while (at < token.end && !isNameEnd(bytes[at] ?? 0)) at++;
    const name = new TextDecoder().decode(bytes.subarray(nameStart, at));
    while (at < token.end && bytes[at] !== quote && bytes[at] !== apostrophe) at++;
    const mark = bytes[at] ?? 0;
    const start = at + 1;
    const end = bytes.indexOf(mark, start);
    if (name === '' || end < 0 || end >= token.end) break;
    attributes.set(name, { value: xmlText(bytes.subarray(start, end)), start, end });
    at = end + 1;
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of bytes between marks, with entities as what they stand for. */
export function xmlText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (typeof name === 'string') return entities[name] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
