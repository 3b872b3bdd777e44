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

/** Runs of a mask given row by row, one byte a pixel: whatever is not 0 is in it. */
export function runsOfPixels(pixels: Uint8Array, width: number, height: number): Uint32Array {
  const runs = new RunList();
  for (let x = 0; x < width; x++) {
    for (let y = 0, at = x; y < height; y++, at += width) runs.add(pixels[at] === 0 ? 0 : 1, 1);
  }
  return runs.finish();
}

/** The mask row by row, one byte a pixel, `value` where it is in. */
export function pixelsOfRuns(runs: Uint32Array, width: number, height: number, value = 1): Uint8Array {
  const pixels = new Uint8Array(width * height);
  let at = 0;
  for (let run = 0; run < runs.length; run++) {
    const end = at + (runs[run] ?? 0);
    if (run % 2 === 1) for (let i = at; i < end; i++) pixels[(i % height) * width + Math.floor(i / height)] = value;
    at = end;
  }
  return pixels;
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
      if (this.length === this.runs.length) this.grow();
      this.runs[this.length++] = 0;
    }
    this.runs[this.length - 1] = (this.runs[this.length - 1] ?? 0) + count;
  }

  finish(): Uint32Array {
    return this.runs.slice(0, this.length);
  }

  private grow(): void {
    const larger = new Uint32Array(this.runs.length * 2);
    larger.set(this.runs);
    this.runs = larger;
  }
}
