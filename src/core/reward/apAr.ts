import { type Box, iou } from '../geometry/box';

/** A box with its class; a prediction's place in the list is its rank, as VLMs give no scores. */
export interface LabelledBox {
  readonly box: Box;
  readonly label: string | null;
}

/**
 * `agnostic`: labels are ignored (ACTIVE-O3 asks for one object). `truth`: classes are those of the ground truth, labels are
 * compared as `normaliseLabel` leaves them, and a prediction with any other label is dropped, as VLM-R1's mAP does: it
 * costs nothing.
 */
export type ClassSet = 'agnostic' | 'truth';

export interface ApArOptions {
  /** COCO's 0.5 for the reward; SODA lowers it to 0.1. */
  readonly iouThreshold: number;
  readonly classes: ClassSet;
  /** Predictions kept per class, first ones first: COCO's 100, LVIS' 300. */
  readonly maxDetections: number;
}

export const rewardApAr: ApArOptions = { iouThreshold: 0.5, classes: 'agnostic', maxDetections: 100 };

export interface ApAr {
  /** Mean over classes of COCO's 101-point interpolated average precision, 0–1. */
  readonly ap: number;
  /** Mean over classes of the recall reached, 0–1. */
  readonly ar: number;
}

/**
 * AP and AR of one image at one IoU threshold, as pycocotools computes them for boxes of equal score: order is rank, each
 * prediction takes the free true box with the largest continuous IoU, 101 recall points. Without a prediction 0 and 0;
 * without ground truth NaN and NaN (COCO's −1).
 * @param predicted and `truth` in one frame.
 */
export function apAr(
  predicted: readonly LabelledBox[],
  truth: readonly LabelledBox[],
  options: ApArOptions = rewardApAr,
): ApAr {
  const classOf = ({ label }: LabelledBox): string => (options.classes === 'agnostic' ? '' : normaliseLabel(label));
  const classes = [...new Set(truth.map(classOf))];
  const each = classes.map((name) => {
    const found = predicted.filter((one) => classOf(one) === name).slice(0, options.maxDetections);
    const targets = truth.filter((one) => classOf(one) === name);
    return ofClass(matches(found, targets, options.iouThreshold), targets.length);
  });
  const mean = (pick: (one: ApAr) => number): number => each.reduce((sum, one) => sum + pick(one), 0) / each.length;
  return { ap: mean((one) => one.ap), ar: mean((one) => one.ar) };
}

/** R_detect of the ACTIVE-O3 paper: AP@0.5 + AR@0.5, range 0–2; NaN without ground truth. */
export function detectReward(predicted: readonly LabelledBox[], truth: readonly LabelledBox[]): number {
  const { ap, ar } = apAr(predicted, truth);
  return ap + ar;
}

/** Labels compared without case and outer or repeated white space. */
export function normaliseLabel(label: string | null): string {
  return (label ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** For each prediction in order, whether it found a true box of its own. */
function matches(
  found: readonly LabelledBox[],
  targets: readonly LabelledBox[],
  threshold: number,
): readonly boolean[] {
  const taken = new Set<number>();
  // pycocotools compares with this so that a threshold of 1 can be met.
  const least = Math.min(threshold, 1 - 1e-10);
  return found.map(({ box }) => {
    let best = least;
    let match = -1;
    targets.forEach((target, i) => {
      if (taken.has(i)) return;
      const value = iou(box, target.box);
      if (value < best) return;
      best = value;
      match = i;
    });
    if (match >= 0) taken.add(match);
    return match >= 0;
  });
}

const recallPoints = 101;

function ofClass(hits: readonly boolean[], targets: number): ApAr {
  const precision: number[] = [];
  const recall: number[] = [];
  let found = 0;
  hits.forEach((hit, i) => {
    if (hit) found++;
    precision.push(found / (i + 1 + Number.EPSILON));
    recall.push(found / targets);
  });
  for (let i = precision.length - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1] ?? 0, precision[i] ?? 0);
  let sum = 0;
  let at = 0;
  for (let point = 0; point < recallPoints; point++) {
    while (at < recall.length && (recall[at] ?? 0) < point / (recallPoints - 1)) at++;
    sum += precision[at] ?? 0;
  }
  return { ap: sum / recallPoints, ar: found / targets };
}
