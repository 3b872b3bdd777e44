import type { ByteSource } from '../../../core/ports';
import { UserError } from '../../../core/text/userError';
import { longestMark, nextToken, tagAttributes, tagName, type XmlAttribute, xmlText } from './xmlTokens';

/** An element with all below it. Offsets count in the bytes it was read from. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** Text between its tags, where no element stands there. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where its end tag begins; null where the element is one tag. */
  readonly close: number | null;
}

/** A child of the document's element as it stands in the file. */
export interface XmlStretch {
  readonly name: string;
  readonly offset: number;
  /** Valid until the next one is asked for. */
  readonly bytes: Uint8Array;
}

const pieceBytes = 4 * 1024 * 1024;
const mostBytes = 256 * 1024 * 1024;
const mostDepth = 64;

/** The first element of some bytes; null where it is not whole, or nested deeper than any annotation is. */
export function xmlElement(bytes: Uint8Array): XmlElement | null {
  type Open = { -readonly [key in keyof XmlElement]: XmlElement[key] } & { children: XmlElement[]; content: number };
  const stack: Open[] = [];
  for (let token = nextToken(bytes, 0); token !== null; token = nextToken(bytes, token.end)) {
    if (token.kind === 'other') continue;
    let done: XmlElement | null = null;
    if (token.kind === 'close') {
      const open = stack.pop();
      if (open === undefined) return null;
      const text = open.children.length > 0 ? '' : xmlText(bytes.subarray(open.content, token.start));
      done = { ...open, text, end: token.end, close: token.start };
    } else {
      const { start, end } = token;
      const element = {
        name: tagName(bytes, token),
        attributes: tagAttributes(bytes, token),
        text: '',
        start,
        end,
        close: null,
      };
      if (token.kind === 'empty') done = { ...element, children: [] };
      else if (stack.length === mostDepth) return null;
      else stack.push({ ...element, children: [], content: end });
    }
    if (done === null) continue;
    const parent = stack.at(-1);
    if (parent === undefined) return done;
    parent.children.push(done);
  }
  return null;
}

/** The children of a document's element one by one: a document of any size is never one string. */
export async function* xmlChildren(source: ByteSource): AsyncGenerator<XmlStretch, void> {
  const size = await source.size();
  let buffer = new Uint8Array();
  let base = 0;
  let at = 0;
  let depth = 0;
  let child = -1;
  for (let read = 0; read < size; ) {
    const piece = await source.read(read, pieceBytes);
    if (piece.length === 0) return;
    read += piece.length;
    const joined = new Uint8Array(buffer.length + piece.length);
    joined.set(buffer);
    joined.set(piece, buffer.length);
    buffer = joined;
    const end = read < size ? buffer.length - longestMark : buffer.length;
    for (let token = nextToken(buffer, at); token !== null && token.start <= end; token = nextToken(buffer, at)) {
      at = token.end;
      if (token.kind === 'other') continue;
      if (token.kind !== 'close' && depth === 1 && child < 0) child = token.start;
      if (token.kind === 'open') depth++;
      else if (token.kind === 'close') depth--;
      if (depth !== 1 || child < 0) continue;
      const bytes = buffer.subarray(child, at);
      yield { name: tagName(bytes, { kind: 'open', start: 0, end: bytes.length }), offset: base + child, bytes };
      child = -1;
    }
    const from = child >= 0 ? child : at;
    if (buffer.length - from > mostBytes)
      throw new UserError(`${source.path} holds an element of more than ${mostBytes} bytes.`);
    buffer = buffer.slice(from);
    base += from;
    at -= from;
    if (child >= 0) child = 0;
  }
}
