import { roomFor } from '../roomFor';
import { type CocoList, type CocoStretch, type CocoTrouble, cocoFlag } from './cocoStretch';

/** Troubles of a stretch that are kept; the rest are counted. */
const troublesKept = 100;
const none = new Float64Array(0);

/** The columns of a stretch while it is read. Its current element is set field by field, and counts once it is done. */
export class CocoColumns {
  count = 0;
  private readonly isImages: boolean;
  private offsets = new Float64Array(4096);
  private lengths = new Uint32Array(4096);
  private flags = new Uint8Array(4096);
  private widths = none;
  private heights = none;
  private videos = none;
  private frames = none;
  private readonly files: string[] = [];
  private images = none;
  private categories = none;
  private boxes = none;
  private areas = none;
  private scores = none;
  private ids = new Float64Array(4096);
  private readonly texts: string[] = [];
  private readonly textCodes = new Map<string, number>();
  private readonly troubles: CocoTrouble[] = [];
  private troubleCount = 0;
  /** Of them, those of elements that are done. */
  private settled = 0;

  constructor(list: CocoList) {
    this.isImages = list === 'images';
    this.grow(4096);
  }

  /** A new element, nothing of which is known; also one of which a beginning was read before. */
  begin(offset: number): void {
    const at = this.count;
    this.troubleCount = this.settled;
    this.troubles.length = Math.min(this.settled, troublesKept);
    this.grow(at + 1);
    this.offsets[at] = offset;
    this.flags[at] = 0;
    this.ids[at] = Number.NaN;
    if (this.isImages) {
      this.widths[at] = Number.NaN;
      this.heights[at] = Number.NaN;
      this.videos[at] = Number.NaN;
      this.frames[at] = Number.NaN;
      this.files[at] = '';
      return;
    }
    this.images[at] = Number.NaN;
    this.categories[at] = Number.NaN;
    this.boxes.fill(Number.NaN, at * 4, at * 4 + 4);
    this.areas[at] = Number.NaN;
    this.scores[at] = Number.NaN;
  }

  done(length: number): void {
    this.lengths[this.count] = length;
    this.settled = this.troubleCount;
    this.count++;
  }

  flag(bit: number): void {
    this.flags[this.count] = (this.flags[this.count] ?? 0) | bit;
  }

  unflag(bit: number): void {
    this.flags[this.count] = (this.flags[this.count] ?? 0) & ~bit;
  }

  /** An id as a number; or, with `text`, as what a number cannot keep. */
  id(of: 'ids' | 'images' | 'categories', value: number, text: string | null): void {
    const bit = of === 'ids' ? cocoFlag.textId : of === 'images' ? cocoFlag.textImage : cocoFlag.textCategory;
    if (text === null) this.unflag(bit);
    else this.flag(bit);
    if (of === 'images') this.flag(cocoFlag.image);
    if (of === 'categories') this.flag(cocoFlag.category);
    this[of][this.count] = text === null ? value : this.textCode(text);
  }

  number(of: 'widths' | 'heights' | 'videos' | 'frames' | 'areas' | 'scores', value: number): void {
    this[of][this.count] = value;
  }

  file(name: string): void {
    this.files[this.count] = name;
  }

  get hasFile(): boolean {
    return this.files[this.count] !== '';
  }

  box(part: number, value: number): void {
    this.boxes[this.count * 4 + part] = value;
  }

  /** The current element has a mask and no box. */
  get lacksBox(): boolean {
    return ((this.flags[this.count] ?? 0) & cocoFlag.segmented) !== 0 && Number.isNaN(this.boxes[this.count * 4]);
  }

  /** About the current element. */
  trouble(field: string | null, message: string): void {
    this.troubleCount++;
    if (this.troubles.length < troublesKept)
      this.troubles.push({ element: this.count, offset: this.offsets[this.count] ?? 0, field, message });
  }

  finish(first: number, end: number, ended: CocoStretch['ended']): CocoStretch {
    const { count } = this;
    // Each has memory of its own: a thread hands it over.
    const cutTo = (values: Float64Array, each = 1) => values.slice(0, count * each);
    return {
      first,
      end,
      ended,
      count,
      offsets: cutTo(this.offsets),
      lengths: this.lengths.slice(0, count),
      ids: cutTo(this.ids),
      flags: this.flags.slice(0, count),
      texts: this.texts,
      widths: cutTo(this.widths),
      heights: cutTo(this.heights),
      videos: cutTo(this.videos),
      frames: cutTo(this.frames),
      files: this.files.slice(0, count),
      images: cutTo(this.images),
      categories: cutTo(this.categories),
      boxes: cutTo(this.boxes, 4),
      areas: cutTo(this.areas),
      scores: cutTo(this.scores),
      troubles: this.troubles,
      troubleCount: this.troubleCount,
    };
  }

  private textCode(text: string): number {
    const known = this.textCodes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text) - 1;
    this.textCodes.set(text, code);
    return code;
  }

  private grow(length: number): void {
    this.offsets = roomFor(this.offsets, length);
    this.lengths = roomFor(this.lengths, length);
    this.flags = roomFor(this.flags, length);
    this.ids = roomFor(this.ids, length);
    if (this.isImages) {
      this.widths = roomFor(this.widths, length);
      this.heights = roomFor(this.heights, length);
      this.videos = roomFor(this.videos, length);
      this.frames = roomFor(this.frames, length);
      return;
    }
    this.images = roomFor(this.images, length);
    this.categories = roomFor(this.categories, length);
    this.boxes = roomFor(this.boxes, length * 4);
    this.areas = roomFor(this.areas, length);
    this.scores = roomFor(this.scores, length);
  }
}
