import type { CategoryEvaluation, Evaluation } from './evaluate';

/** One line of the report. */
export interface EvalNumber {
  /** `AP`, `AP50`, `APsmall`, `AR@100`, `AR@100small` … */
  readonly name: string;
  readonly kind: 'AP' | 'AR';
  /** What it is a mean over. */
  readonly thresholds: readonly number[];
  readonly area: string;
  readonly maxDetections: number;
  /** 0–1; null where nothing is there to be found (pycocotools' −1). */
  readonly value: number | null;
}

/**
 * The numbers of pycocotools' `summarize`: AP over all thresholds, at 0.5 and at 0.75 where these are among them, by area range;
 * AR by number of results, and by area range. The first range stands for everything.
 */
export function summarise(evaluation: Evaluation): readonly EvalNumber[] {
  const { iouThresholds, areas, maxDetections } = evaluation.options;
  const every = iouThresholds.map((_, t) => t);
  const last = maxDetections.length - 1;
  const number = (kind: 'AP' | 'AR', name: string, wanted: readonly number[], area: number, most: number) => ({
    name,
    kind,
    thresholds: wanted.map((t) => iouThresholds[t] ?? Number.NaN),
    area: areas[area]?.name ?? '',
    maxDetections: maxDetections[most] ?? 0,
    value: meanOf(evaluation.categories, kind, wanted, area, most),
  });
  const single = [0.5, 0.75]
    .map((wanted) => ({ wanted, t: iouThresholds.indexOf(wanted) }))
    .filter(({ t }) => t >= 0 && iouThresholds.length > 1);
  const ranges = areas.map(({ name }, area) => ({ name, area })).slice(1);
  return [
    number('AP', 'AP', every, 0, last),
    ...single.map(({ wanted, t }) => number('AP', `AP${wanted * 100}`, [t], 0, last)),
    ...ranges.map(({ name, area }) => number('AP', `AP ${name}`, every, area, last)),
    ...maxDetections.map((most, m) => number('AR', `AR@${most}`, every, 0, m)),
    ...ranges.map(({ name, area }) => number('AR', `AR@${maxDetections[last]} ${name}`, every, area, last)),
  ];
}

/** Mean over categories that have something to be found, and over thresholds. */
export function meanOf(
  categories: readonly CategoryEvaluation[],
  kind: 'AP' | 'AR',
  thresholds: readonly number[],
  area: number,
  maxDetections: number,
): number | null {
  let sum = 0;
  let count = 0;
  for (const category of categories) {
    for (const threshold of thresholds) {
      const found = category.at(threshold, area, maxDetections);
      if (found === null) continue;
      sum += kind === 'AP' ? found.ap : found.recall;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}
