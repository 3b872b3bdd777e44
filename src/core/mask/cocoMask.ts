import { ColumnChanges, grown } from './columnChanges';

/** A mask as COCO's run-length encoding: what `pycocotools.mask` calls an RLE. */
export interface CocoMask {
  /** Height and width in pixels. */
  readonly size: readonly [height: number, width: number];
  /** COCO's compressed string (`rleToString` of cocoapi's `maskApi.c`). */
  readonly counts: string;
}

/**
 * COCO's compressed string of runs of 0s and 1s in turn, beginning with 0s, down the columns (`rleToString` of cocoapi's
 * `maskApi.c`): five bits a character from 48 on, low bits first; from the fourth run on the difference to the run two before.
 */
export function countsOf(runs: Uint32Array): string {
  // A run or a difference of two has at most 33 bits: seven characters.
  const bytes = new Uint8Array(runs.length * 7);
  let length = 0;
  for (let at = 0; at < runs.length; at++) {
    let value = (runs[at] ?? 0) - (at > 2 ? (runs[at - 2] ?? 0) : 0);
    for (let more = true; more; ) {
      const bits = value & 0x1f;
      // Not `>>`: a difference may need more than 32 bits.
      value = Math.floor(value / 32);
      more = (bits & 0x10) !== 0 ? value !== -1 : value !== 0;
      bytes[length++] = 48 + bits + (more ? 0x20 : 0);
    }
  }
  return latin1(bytes.subarray(0, length));
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  // Arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/**
 * Runs of a mask given row by row, one byte a pixel: whatever is not 0 is in it. Rows are compared with the one before, four pixels
 * at a time where the width allows: a mask is the same as above it almost everywhere.
 */
export function runsOfPixels(pixels: Uint8Array, width: number, height: number): Uint32Array {
  const changes = new ColumnChanges(width);
  const words = wordsOf(pixels, width);
  if (words === null) {
    for (let y = 1; y < height; y++) compare(changes, pixels, width, y, 0, width);
  } else {
    const stride = width / 4;
    for (let y = 1, at = stride; y < height; y++) {
      for (let word = 0; word < stride; word++, at++)
        if (words[at] !== words[at - stride]) compare(changes, pixels, width, y, word * 4, word * 4 + 4);
    }
  }
  const runs = new RunList();
  for (let x = 0; x < width; x++) {
    let value = pixels[x] === 0 ? 0 : 1;
    let from = 0;
    for (let change = changes.first(x); change !== 0; change = changes.next(change)) {
      runs.add(value, changes.row(change) - from);
      value = 1 - value;
      from = changes.row(change);
    }
    runs.add(value, height - from);
  }
  return runs.finish();
}

/** The mask row by row, one byte a pixel, `value` where it is in. */
export function pixelsOfRuns(runs: Uint32Array, width: number, height: number, value = 1): Uint8Array {
  // Where a run begins or ends in a column, the column changes; then each row is the one above with its changes.
  const pixels = new Uint8Array(width * height);
  let at = 0;
  for (let run = 0; run + 1 < runs.length; run += 2) {
    const from = at + (runs[run] ?? 0);
    const to = from + (runs[run + 1] ?? 0);
    at = to;
    const [first, last] = [Math.floor(from / height), Math.floor(to / height)];
    // A run that goes on into the next columns begins anew at the top of each.
    const start = (from - first * height) * width + first;
    pixels[start] = (pixels[start] ?? 0) ^ value;
    for (let x = first + 1; x <= last && x < width; x++) pixels[x] = (pixels[x] ?? 0) ^ value;
    const end = (to - last * height) * width + last;
    if (last < width) pixels[end] = (pixels[end] ?? 0) ^ value;
  }
  const words = wordsOf(pixels, width);
  if (words === null)
    for (let i = width; i < pixels.length; i++) pixels[i] = (pixels[i] ?? 0) ^ (pixels[i - width] ?? 0);
  else {
    const stride = width / 4;
    for (let i = stride; i < words.length; i++) words[i] = (words[i] ?? 0) ^ (words[i - stride] ?? 0);
  }
  return pixels;
}

/** The same bytes four at a time; null where rows are no whole number of words. */
function wordsOf(pixels: Uint8Array, width: number): Uint32Array | null {
  if (width % 4 !== 0 || pixels.byteOffset % 4 !== 0) return null;
  return new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
}

/** Where row `y` differs from the one above it, from column `from` up to `to`. */
function compare(changes: ColumnChanges, pixels: Uint8Array, width: number, y: number, from: number, to: number): void {
  const here = y * width;
  for (let x = from; x < to; x++) {
    if ((pixels[here + x] !== 0) !== (pixels[here - width + x] !== 0)) changes.push(x, y);
  }
}

/** Collects runs of 0s and 1s in turn, beginning with 0s, from pieces of any value. */
export class RunList {
  private runs = new Uint32Array(256);
  private length = 1;
  private current = 0;

  /** @param value 0 or 1. */
  add(value: number, count: number): void {
    if (count <= 0) return;
    if (value !== this.current) {
      this.current = value;
      if (this.length === this.runs.length) this.runs = grown(this.runs);
      this.runs[this.length++] = 0;
    }
    this.runs[this.length - 1] = (this.runs[this.length - 1] ?? 0) + count;
  }

  finish(): Uint32Array {
    return this.runs.slice(0, this.length);
  }
}
