/**
 * Clicks needed to reach an IoU (NoC), images that never reach it (NoF), and the IoU after each click, as interactive
 * segmentation reports them (RITM, arXiv 2102.06583; `isegm/inference/utils.py`).
 */

/** IoUs of one object after its clicks 1, 2, …, 0–1. Shorter than the cap when nothing was left to click. */
export type ClickCurve = readonly number[];

/**
 * The number of the first click whose mask reaches `target`; `cap` when none does, as there.
 * @param cap most clicks that were allowed.
 */
export function clicksTo(curve: ClickCurve, target: number, cap: number): number {
  const at = curve.slice(0, cap).findIndex((iou) => iou >= target);
  return at < 0 ? cap : at + 1;
}

/**
 * Whether no click up to `cap` reaches `target`. RITM's own count of NoC ≥ 20 also takes in objects that got there with the
 * last click; those reached it and are not counted here.
 */
export function fails(curve: ClickCurve, target: number, cap: number): boolean {
  return !curve.slice(0, cap).some((iou) => iou >= target);
}

/** The IoU after `click` clicks; after the last one it stays. Null for an object without a click. */
export function iouAfter(curve: ClickCurve, click: number): number | null {
  return curve[Math.min(click, curve.length) - 1] ?? null;
}

/** A mean over objects with its standard error; the error is null for fewer than two. */
export interface MeanAndError {
  readonly mean: number;
  readonly error: number | null;
}

/** Null for no values. The standard error is the sample's standard deviation (N − 1) over √N. */
export function meanAndError(values: readonly number[]): MeanAndError | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, error: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
