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
  const read = await source.read(0, length);
  if (read.length === 0 || encodingOf(read) !== 'utf-8') return null;
  const bytes = hasUtf8Mark(read) ? read.subarray(utf8MarkLength) : read;
  const text = new TextDecoder('utf-8').decode(bytes);
  const whole = read.length < length || (await source.size()) === read.length;
  const lines = text.split('\n');
  const cut = whole ? null : (lines.pop() ?? '');
  return { lines: lines.filter((line) => line.trim() !== ''), cut, text };
}
