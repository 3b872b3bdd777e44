import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { roomFor } from './roomFor';

/** Bits of `AnnotationTable.flags`. */
export const annotationFlag = { crowd: 1, ignore: 2, keyframe: 4 } as const;

/** What columns know of an annotation. */
export type AnnotationRow = Pick<DatasetAnnotation, 'box' | 'area' | 'score' | 'crowd' | 'ignore'> &
  Partial<Pick<DatasetAnnotation, 'attributes'>>;

/** Every annotation of a set as numbers, in the order of the files; those of one image are found by `AnnotationsByImage`. */
export class AnnotationTable {
  length = 0;
  /** Index of the image; −1 for one whose image is not (yet) known. */
  images = new Int32Array(1024);
  /** Index into the set's labels; −1 for none. */
  labels = new Int32Array(1024);
  /** Boxes in the set's frame; NaN where there is none. */
  x1 = new Float64Array(1024);
  y1 = new Float64Array(1024);
  x2 = new Float64Array(1024);
  y2 = new Float64Array(1024);
  /** As stated, in pixels squared; NaN where it is not. */
  areas = new Float64Array(1024);
  /** Of results; NaN in ground truth. */
  scores = new Float64Array(1024);
  flags = new Uint8Array(1024);
  /** Of the annotation's own bytes in its image's source; a length of 0 where it is read with its image. */
  offsets = new Float64Array(1024);
  lengths = new Uint32Array(1024);

  add(image: number, label: number, { box, area, score, crowd, ignore, attributes }: AnnotationRow): void {
    const at = this.length;
    this.grow(at + 1);
    this.images[at] = image;
    this.labels[at] = label;
    this.x1[at] = box?.x1 ?? Number.NaN;
    this.y1[at] = box?.y1 ?? Number.NaN;
    this.x2[at] = box?.x2 ?? Number.NaN;
    this.y2[at] = box?.y2 ?? Number.NaN;
    this.areas[at] = area ?? Number.NaN;
    this.scores[at] = score ?? Number.NaN;
    this.flags[at] =
      (crowd ? annotationFlag.crowd : 0) |
      (ignore ? annotationFlag.ignore : 0) |
      (attributes?.keyframe === true ? annotationFlag.keyframe : 0);
    this.length = at + 1;
  }

  grow(length: number): void {
    if (length <= this.images.length) return;
    this.images = roomFor(this.images, length);
    this.labels = roomFor(this.labels, length);
    this.x1 = roomFor(this.x1, length);
    this.y1 = roomFor(this.y1, length);
    this.x2 = roomFor(this.x2, length);
    this.y2 = roomFor(this.y2, length);
    this.areas = roomFor(this.areas, length);
    this.scores = roomFor(this.scores, length);
    this.flags = roomFor(this.flags, length);
    this.offsets = roomFor(this.offsets, length);
    this.lengths = roomFor(this.lengths, length);
  }
}

/** Which annotations each image has: those of image `i` are `order[starts[i]]` up to `order[starts[i + 1]]`. */
export interface AnnotationsByImage {
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
}

/** In the order of the files; annotations without an image are left out. */
export function annotationsByImage({ images, length }: AnnotationTable, imageCount: number): AnnotationsByImage {
  const starts = new Uint32Array(imageCount + 1);
  for (let at = 0; at < length; at++) {
    const image = images[at] ?? -1;
    if (image >= 0) starts[image + 1] = (starts[image + 1] ?? 0) + 1;
  }
  for (let image = 0; image < imageCount; image++) starts[image + 1] = (starts[image + 1] ?? 0) + (starts[image] ?? 0);
  const order = new Uint32Array(starts[imageCount] ?? 0);
  const next = starts.slice(0, imageCount);
  for (let at = 0; at < length; at++) {
    const image = images[at] ?? -1;
    if (image < 0) continue;
    const to = next[image] ?? 0;
    order[to] = at;
    next[image] = to + 1;
  }
  return { starts, order };
}
