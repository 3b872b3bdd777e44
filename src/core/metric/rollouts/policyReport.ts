import { type Box, boxArea, intersectionArea } from '../../geometry/box';
import { clicksTo, fails } from '../clickCurves';
import { type Diagnosis, diagnose } from '../coco/diagnosis';
import { evaluate } from '../coco/evaluate';
import { type EvalNumber, summarise } from '../coco/summary';
import type { EvalOptions } from '../coco/tables';
import { quantile } from '../quantile';
import { boxTables } from './boxTables';
import type { EvaluatedRollout } from './evaluatedRollout';

export interface ReportOptions extends EvalOptions {
  /** IoU from which on an object is found, and from which on a miss is poorly localised. */
  readonly found: number;
  readonly near: number;
}

export interface BoxReport {
  readonly rollouts: number;
  readonly numbers: readonly EvalNumber[];
  readonly diagnosis: Diagnosis;
  /** False: boxes have no scores, and the numbers depend on the order of answers. */
  readonly scored: boolean;
  /** Rollouts whose boxes are the regions they looked at. */
  readonly regionsOnly: number;
  /** Boxes that were left out because their label is no category. */
  readonly unnamed: number;
}

export interface MaskReport {
  readonly rollouts: number;
  /** Sum of intersections over sum of unions, and mean of IoUs. */
  readonly cIou: number;
  readonly gIou: number;
  /** Mean clicks to an IoU, those that never reach it counted as `cap`. */
  readonly noc: readonly { readonly target: number; readonly mean: number; readonly failures: number }[];
  readonly cap: number;
}

/** What one policy's rollouts came to. */
export interface PolicyReport {
  readonly policy: string;
  readonly zoomed: boolean;
  readonly rollouts: number;
  readonly malformed: number;
  /** Null where no rollout tells. */
  readonly boxes: BoxReport | null;
  /** True objects that lie in a region that was looked at; null where nothing was looked at. */
  readonly seen: { readonly targets: number; readonly seen: number } | null;
  readonly answers: { readonly rollouts: number; readonly right: number } | null;
  readonly masks: MaskReport | null;
  /** Mean a rollout. */
  readonly calls: number | null;
  readonly seconds: { readonly mean: number; readonly median: number; readonly p90: number } | null;
}

/** A region shows an object when it holds this share of it: Omni-R1's `coverage_rate`. */
export const seenShare = 0.95;
/** Clicks of the literature's NoC. */
const nocTargets = [0.85, 0.9] as const;
const nocCap = 20;

/** Rollouts by policy, those that looked at parts apart from those that did not, in the order they come. */
export function policyReports(rollouts: readonly EvaluatedRollout[], options: ReportOptions): readonly PolicyReport[] {
  const groups = new Map<string, EvaluatedRollout[]>();
  for (const rollout of rollouts) {
    const key = `${rollout.zoomed} ${rollout.policy}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rollout]);
    else group.push(rollout);
  }
  return [...groups.values()].map((group) => reportOf(group, options));
}

function reportOf(rollouts: readonly EvaluatedRollout[], options: ReportOptions): PolicyReport {
  const [first] = rollouts;
  const answered = rollouts.filter(({ right }) => right !== null);
  const calls = rollouts.flatMap((one) => (one.calls === null ? [] : [one.calls]));
  return {
    policy: first?.policy ?? '',
    zoomed: first?.zoomed ?? true,
    rollouts: rollouts.length,
    malformed: rollouts.filter(({ malformed }) => malformed).length,
    boxes: boxReport(
      rollouts.filter(({ truth, found }) => truth !== null && found !== null),
      options,
    ),
    seen: seenIn(rollouts),
    answers:
      answered.length === 0
        ? null
        : { rollouts: answered.length, right: answered.filter(({ right }) => right === true).length },
    masks: maskReport(rollouts),
    calls: calls.length === 0 ? null : mean(calls),
    seconds: spread(rollouts.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]))),
  };
}

function boxReport(rollouts: readonly EvaluatedRollout[], options: ReportOptions): BoxReport | null {
  if (rollouts.length === 0) return null;
  const { truth, results, scored, unnamed } = boxTables(rollouts, options.agnostic);
  const [area = { name: 'all', from: 0, to: Number.POSITIVE_INFINITY }] = options.areas;
  const { found: threshold, near, agnostic } = options;
  const maxDetections = options.maxDetections.at(-1) ?? 100;
  return {
    rollouts: rollouts.length,
    numbers: summarise(evaluate(truth, results, options)),
    diagnosis: diagnose(truth, results, { threshold, near, area, maxDetections, agnostic }),
    scored,
    regionsOnly: rollouts.filter(({ regionsOnly }) => regionsOnly).length,
    unnamed,
  };
}

function seenIn(rollouts: readonly EvaluatedRollout[]): PolicyReport['seen'] {
  let targets = 0;
  let seen = 0;
  let looked = false;
  for (const { looks, truth } of rollouts) {
    if (looks === null || truth === null) continue;
    looked = true;
    const wanted = truth.filter(({ crowd }) => !crowd);
    targets += wanted.length;
    seen += wanted.filter(({ box }) => looks.some((look) => shareWithin(box, look) >= seenShare)).length;
  }
  return looked ? { targets, seen } : null;
}

function shareWithin(part: Box, box: Box): number {
  const area = boxArea(part);
  return area === 0 ? 0 : intersectionArea(part, box) / area;
}

function maskReport(rollouts: readonly EvaluatedRollout[]): MaskReport | null {
  const masks = rollouts.flatMap(({ mask }) => (mask === null ? [] : [mask]));
  if (masks.length === 0) return null;
  const shared = masks.reduce((sum, mask) => sum + mask.shared, 0);
  const union = masks.reduce((sum, mask) => sum + mask.union, 0);
  const curves = masks.map(({ curve }) => curve);
  return {
    rollouts: masks.length,
    cIou: union === 0 ? 1 : shared / union,
    // SegAgent counts a pair of empty masks as 1.
    gIou: mean(masks.map((mask) => (mask.union === 0 ? 1 : mask.shared / mask.union))),
    noc: nocTargets.map((target) => ({
      target,
      mean: mean(curves.map((curve) => clicksTo(curve, target, nocCap))),
      failures: curves.filter((curve) => fails(curve, target, nocCap)).length,
    })),
    cap: nocCap,
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function spread(values: readonly number[]): PolicyReport['seconds'] {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return { mean: mean(values), median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}
