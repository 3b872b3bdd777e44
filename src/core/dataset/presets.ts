/** What is measured: the area a file states (of masks, in COCO and LVIS), the box's, or the box's in a resized image. */
export type PresetMeasure = 'stated area' | 'box area' | 'relative box area' | 'resized box area' | 'annotations';

/** A named definition of small objects or of dense images, as a range of one column of image sets. */
export interface DatasetPreset {
  readonly id: string;
  readonly kind: 'small-object' | 'dense';
  readonly title: string;
  /** Who defines it so, and of what the area is: one or two sentences. */
  readonly about: string;
  readonly measure: PresetMeasure;
  /** Column of an image set; both ends belong to the range, null leaves it open. */
  readonly column: string;
  readonly from: number | null;
  readonly to: number | null;
}

const columns = {
  'stated area': 'area',
  'box area': 'boxArea',
  'relative box area': 'relativeArea',
  'resized box area': 'resizedArea',
  annotations: 'annotations',
} as const satisfies Readonly<Record<PresetMeasure, string>>;

/** Longest side, in pixels, of the image in which `resizedArea` counts: SAM's input. */
export const resizedSide = 1024;

const soda = 'SODA (Cheng et al. 2023), by the area that the file states; SODA-D states the box’s.';

export const datasetPresets: readonly DatasetPreset[] = [
  small(
    'active-o3',
    'ACTIVE-O3: below 100 px',
    'stated area',
    null,
    below(100),
    'ACTIVE-O3’s LVIS-small: instances whose area, LVIS’ of the mask, is below 100 pixels.',
  ),
  small(
    'coco',
    'COCO: below 32² px',
    'stated area',
    null,
    below(32 ** 2),
    'COCO’s “small”: area below 32² pixels, the mask’s as the file states it.',
  ),
  small(
    'coco-box',
    'Below 32² px by the box',
    'box area',
    null,
    below(32 ** 2),
    'COCO’s limit on the area of the box, for files that state none: a box is larger than its mask.',
  ),
  small(
    'coco-medium',
    'COCO: 32² to 96² px',
    'stated area',
    32 ** 2,
    below(96 ** 2),
    'COCO’s “medium”: area from 32² to below 96² pixels, the mask’s as the file states it.',
  ),
  small('soda-extremely', 'SODA: extremely small, to 12² px', 'stated area', Number.MIN_VALUE, 144, soda),
  small('soda-relatively', 'SODA: relatively small, to 20² px', 'stated area', above(144), 400, soda),
  small('soda-generally', 'SODA: generally small, to 32² px', 'stated area', above(400), 1024, soda),
  small(
    'relative',
    'Relative: 0.08 to 0.58 % of the image',
    'relative box area',
    0.0008,
    0.0058,
    'Chen et al. 2016: box area as a part of the image’s, between the medians of their small categories.',
  ),
  small(
    'resized',
    `Below 32² px at ${resizedSide} px`,
    'resized box area',
    null,
    below(32 ** 2),
    `Box area below 32² pixels once the image’s longer side is ${resizedSide} pixels, as SAM sees it.`,
  ),
  {
    id: 'active-o3-dense',
    kind: 'dense',
    title: 'ACTIVE-O3: more than 15 instances',
    about: 'ACTIVE-O3’s LVIS-dense: images with more than 15 annotations, of whatever category and size.',
    measure: 'annotations',
    column: columns.annotations,
    from: 16,
    to: null,
  },
];

function small(
  id: string,
  title: string,
  measure: PresetMeasure,
  from: number | null,
  to: number | null,
  about: string,
): DatasetPreset {
  return { id: `small-${id}`, kind: 'small-object', title, about, measure, column: columns[measure], from, to };
}

/** The largest number below, for a limit that does not belong to its range. */
export function below(limit: number): number {
  return limit * (1 - Number.EPSILON / 2);
}

/** The smallest number above. */
function above(limit: number): number {
  return limit * (1 + Number.EPSILON);
}
