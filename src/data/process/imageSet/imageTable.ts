import type { StatedFrame } from '../../../core/dataset/videoFrames';
import type { Size } from '../../../core/geometry/box';
import type { ImageBytes, ImagePlace, ScannedImage } from '../../../formats/imageSet/imageSetFormat';
import { Names } from './names';
import { roomFor } from './roomFor';

/** Every image of a set by its index: what lists show and queries ask for, and where its record stands. */
export class ImageTable {
  length = 0;
  readonly keys: string[] = [];
  /** As the set's file names them. */
  readonly files: string[] = [];
  /** In pixels; 0 where nobody stated any. */
  widths = new Int32Array(256);
  heights = new Int32Array(256);
  /** Index into `splits`; −1 for none. */
  splitOf = new Int32Array(256);
  readonly splits = new Names();
  /** Index into `origins`, datasets that records name; −1 for none. */
  originOf = new Int32Array(256);
  readonly origins = new Names();
  /** Index into `sources`, files with records. */
  sourceOf = new Uint32Array(256);
  readonly sources = new Names();
  /** Of the record in its source; 0 where the source is the record. */
  lines = new Uint32Array(256);
  /** Of the record's bytes in its source; a length of 0 where they are not known. */
  offsets = new Float64Array(256);
  lengths = new Uint32Array(256);
  /** Of images that the set itself says are frames of a video. */
  readonly statedFrames = new Map<number, StatedFrame>();
  /** Made as far as `indexed` when a key is first looked up. */
  private readonly byKey = new Map<string, number>();
  private indexed = 0;
  /** Where bytes are not in a file of the image's own name. */
  private readonly bytes = new Map<number, ImageBytes>();

  add({ key, file, size, split, origin = null, bytes, place }: ScannedImage): number {
    const index = this.length++;
    this.grow(this.length);
    this.keys.push(key);
    this.files.push(file);
    this.widths[index] = size?.width ?? 0;
    this.heights[index] = size?.height ?? 0;
    this.originOf[index] = origin === null ? -1 : this.origins.code(origin);
    this.splitOf[index] = split === null ? -1 : this.splits.code(split);
    this.sourceOf[index] = this.sources.code(place.file);
    this.lines[index] = place.line ?? 0;
    this.offsets[index] = place.stretch?.offset ?? 0;
    this.lengths[index] = place.stretch?.length ?? 0;
    if (bytes.kind !== 'file' || bytes.candidates.length !== 1 || bytes.candidates[0] !== file)
      this.bytes.set(index, bytes);
    return index;
  }

  /** Of the image with that key; null where there is none, or none yet. */
  indexOf(key: string): number | null {
    for (; this.indexed < this.length; this.indexed++) {
      const own = this.keys[this.indexed] ?? '';
      if (!this.byKey.has(own)) this.byKey.set(own, this.indexed);
    }
    return this.byKey.get(key) ?? null;
  }

  size(index: number): Size | null {
    const [width, height] = [this.widths[index] ?? 0, this.heights[index] ?? 0];
    return width > 0 && height > 0 ? { width, height } : null;
  }

  /** A size that was read from the image itself, where the set states none. */
  setSize(index: number, { width, height }: Size): void {
    this.widths[index] = width;
    this.heights[index] = height;
  }

  split(index: number): string | null {
    return this.splits.at(this.splitOf[index] ?? -1);
  }

  origin(index: number): string | null {
    return this.origins.at(this.originOf[index] ?? -1);
  }

  source(index: number): string {
    return this.sources.at(this.sourceOf[index] ?? 0) ?? '';
  }

  place(index: number): ImagePlace {
    const line = this.lines[index] ?? 0;
    const [offset, length] = [this.offsets[index] ?? 0, this.lengths[index] ?? 0];
    const place = { file: this.source(index), line: line === 0 ? null : line };
    return length === 0 ? place : { ...place, stretch: { offset, length } };
  }

  bytesOf(index: number): ImageBytes {
    return this.bytes.get(index) ?? { kind: 'file', candidates: [this.files[index] ?? ''] };
  }

  private grow(length: number): void {
    this.widths = roomFor(this.widths, length);
    this.heights = roomFor(this.heights, length);
    this.originOf = roomFor(this.originOf, length);
    this.splitOf = roomFor(this.splitOf, length);
    this.sourceOf = roomFor(this.sourceOf, length);
    this.lines = roomFor(this.lines, length);
    this.offsets = roomFor(this.offsets, length);
    this.lengths = roomFor(this.lengths, length);
  }
}
