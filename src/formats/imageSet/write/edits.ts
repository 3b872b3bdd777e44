import type { ByteSource } from '../../../core/ports';

/** Bytes [offset, offset + length) of a file that give way to a text. */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

const pieceBytes = 1024 * 1024;

/** A file with edits, which must not overlap; those of one place come in the order they were made. */
export async function* spliced(source: ByteSource, edits: readonly Edit[]): AsyncGenerator<Uint8Array, void> {
  const size = await source.size();
  let at = 0;
  for (const { offset, length, text } of [...edits].sort((a, b) => a.offset - b.offset)) {
    yield* stretch(source, at, offset);
    if (text !== '') yield new TextEncoder().encode(text);
    at = offset + length;
  }
  yield* stretch(source, at, size);
}

async function* stretch(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array, void> {
  for (let at = from; at < to; at += pieceBytes) yield source.read(at, Math.min(pieceBytes, to - at));
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
