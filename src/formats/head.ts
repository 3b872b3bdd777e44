import type { ByteSource } from '../core/ports';
import { encodingOf, hasUtf8Mark, utf8MarkLength } from './encoding';

/** Bytes of one file that a signature may look at. */
export const headBytes = 64 * 1024;

/** The beginning of a file as text. */
export interface Head {
  /** Lines that are wholly in the head, without blank ones. */
  readonly lines: readonly string[];
  /** What follows the last newline; null when the head holds the whole file. */
  readonly cut: string | null;
  /** The head as it stands. */
  readonly text: string;
}

/** Null when the file is empty or not UTF-8 text. */
export async function readHead(source: ByteSource, length = headBytes): Promise<Head | null> {
  // One byte more tells whether the file goes on; its size would not come cheap for a packed one.
  const read = await source.read(0, length + 1);
  const whole = read.length <= length;
  const head = whole ? read : read.subarray(0, length);
  if (head.length === 0 || encodingOf(head) !== 'utf-8') return null;
  const bytes = hasUtf8Mark(head) ? head.subarray(utf8MarkLength) : head;
  const text = new TextDecoder('utf-8').decode(bytes);
  const lines = text.split('\n');
  const cut = whole ? null : (lines.pop() ?? '');
  return { lines: lines.filter((line) => line.trim() !== ''), cut, text };
}
