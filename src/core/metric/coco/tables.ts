/** A mask's runs of 0s and 1s in turn, beginning with 0s, down the columns. */
export interface EvalMask {
  readonly runs: Uint32Array;
  /** Of the image, in pixels. */
  readonly height: number;
}

/**
 * Ground truth and results as columns. Images and categories are ordinals in ascending order of their ids: that order decides
 * between equal scores, as in pycocotools. Boxes lie flat as COCO's x, y, width, height.
 */
interface ShapeTable {
  readonly length: number;
  readonly image: Int32Array;
  readonly category: Int32Array;
  /** 4 numbers a row. */
  readonly boxes: Float64Array;
  /** Decides the area range. Of ground truth as annotated; of a result the box's or the mask's. */
  readonly areas: Float64Array;
  /** Null where boxes are compared. Called once a row. */
  readonly mask: ((row: number) => EvalMask) | null;
}

export interface TruthTable extends ShapeTable {
  /** 1: many objects in one; any number of results may lie in it, and overlap counts against the result's area alone. */
  readonly crowd: Uint8Array;
  /** 1: neither found nor missed. */
  readonly ignore: Uint8Array;
  /** 1: a match with it counts as none, as pycocotools counts one with an annotation whose id is 0. */
  readonly zeroId: Uint8Array;
}

export interface ResultTable extends ShapeTable {
  readonly scores: Float64Array;
  /** 1: unmatched it is no mistake (LVIS, a category not annotated to the end); null for none. */
  readonly lenient: Uint8Array | null;
}

/** Objects of `[from, to]` pixels squared, both inclusive. */
export interface AreaRange {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface EvalOptions {
  readonly iouThresholds: readonly number[];
  readonly areas: readonly AreaRange[];
  /** Results kept an image and category, best scores first; ascending, the last one decides which are matched at all. */
  readonly maxDetections: readonly number[];
  /** All categories as one (`useCats = 0`). */
  readonly agnostic: boolean;
}

/** `numpy.linspace(0.5, 0.95, 10)`, to the bit. */
export const cocoThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

const side = (pixels: number): number => pixels ** 2;

export const cocoAreas: readonly AreaRange[] = [
  { name: 'all', from: 0, to: side(1e5) },
  { name: 'small', from: 0, to: side(32) },
  { name: 'medium', from: side(32), to: side(96) },
  { name: 'large', from: side(96), to: side(1e5) },
];

/** Of SODA-A's and SODA-D's evaluators, which have no range for everything: `small` is their overall one. */
export const sodaAreas: readonly AreaRange[] = [
  { name: 'small', from: 0, to: side(32) },
  { name: 'extremely small', from: 0, to: side(12) },
  { name: 'relatively small', from: side(12), to: side(20) },
  { name: 'generally small', from: side(20), to: side(32) },
  { name: 'normal', from: side(32), to: 40 * 50 },
];

export const cocoOptions: EvalOptions = {
  iouThresholds: cocoThresholds,
  areas: cocoAreas,
  maxDetections: [1, 10, 100],
  agnostic: false,
};
