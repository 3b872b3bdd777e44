import type { ByteSource } from '../../../core/ports';

/** Bytes [offset, offset + length) of a file that give way to a text. */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

const pieceBytes = 1024 * 1024;

/**
 * A file with edits, which must not overlap; those of one place come in the order they were made. Read and handed over in large
 * pieces, however many edits there are.
 */
export async function* spliced(source: ByteSource, edits: readonly Edit[]): AsyncGenerator<Uint8Array, void> {
  const size = await source.size();
  const ordered = [...edits].sort((a, b) => a.offset - b.offset);
  let piece: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() };
  let gathered: Uint8Array[] = [];
  let length = 0;
  let at = 0;
  for (const { offset, length: cut, text } of [...ordered, { offset: size, length: 0, text: '' }]) {
    while (at < offset) {
      if (at < piece.from || at >= piece.from + piece.bytes.length)
        piece = { from: at, bytes: await source.read(at, pieceBytes) };
      const part = piece.bytes.subarray(at - piece.from, offset - piece.from);
      // The file became shorter while it was read.
      if (part.length === 0) break;
      gathered.push(part);
      length += part.length;
      at += part.length;
      if (length < pieceBytes) continue;
      yield joinedBytes(gathered, length);
      [gathered, length] = [[], 0];
    }
    if (text !== '') gathered.push(new TextEncoder().encode(text));
    length += text === '' ? 0 : (gathered.at(-1)?.length ?? 0);
    at = offset + cut;
  }
  if (length > 0) yield joinedBytes(gathered, length);
}

/** Bytes with edits, all at once. */
export function applied(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { offset, length, text } of [...edits].sort((a, b) => a.offset - b.offset)) {
    parts.push(bytes.subarray(at, offset), new TextEncoder().encode(text));
    at = offset + length;
  }
  parts.push(bytes.subarray(at));
  return joinedBytes(
    parts,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
}

function joinedBytes(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Things in a row with something between each two: elements of an array, members of an object, records of a file. */
export interface Listing {
  /** Where the first may begin and the last must end. */
  readonly from: number;
  readonly to: number;
  /** Offsets of each, end exclusive, in order. */
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** What stands before the first of a list, between two, and after the last. */
export interface Separators {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/** Takes things out of a list and puts others at its end. */
export function editList(
  { from, to, starts, ends }: Listing,
  isDropped: (at: number) => boolean,
  added: readonly string[],
  { before, between, after }: Separators,
): Edit[] {
  const edits: Edit[] = [];
  let lastKept = -1;
  let dropped = 0;
  for (let at = 0; at < starts.length; at++) {
    if (isDropped(at)) {
      dropped++;
      continue;
    }
    // What was between the neighbours of those that went stays once.
    if (lastKept < 0 && dropped > 0) edits.push(cut(starts[0] ?? 0, starts[at] ?? 0));
    else if (lastKept < at - 1) edits.push(cut(ends[lastKept] ?? 0, ends[at - 1] ?? 0));
    lastKept = at;
  }
  if (lastKept < 0) {
    if (dropped === 0 && added.length === 0) return [];
    const text = added.length === 0 ? '' : before + added.join(between) + after;
    return [{ offset: from, length: to - from, text }];
  }
  const end = ends[lastKept] ?? 0;
  if (added.length > 0) edits.push({ offset: end, length: 0, text: added.map((text) => between + text).join('') });
  if (lastKept < starts.length - 1) edits.push(cut(end, ends[starts.length - 1] ?? 0));
  return edits;
}

function cut(from: number, to: number): Edit {
  return { offset: from, length: to - from, text: '' };
}
