/** One metric of a trainer over its steps. */
export interface MetricSeries {
  /** As logged; levels of nested records are joined by `/`. */
  readonly name: string;
  /** Ascending, distinct. */
  readonly steps: Float64Array;
  /** In step with `steps`; NaN where the log says so. */
  readonly values: Float64Array;
}

/** Names kept of one log, and points of one name: a log with more is no log of metrics. */
const namesKept = 1024;
const pointsKept = 200_000;

/** Collects points as a log is read; of a step logged twice (a resumed run) the later value counts. */
export class MetricPoints {
  private readonly byName = new Map<string, Map<number, number>>();

  add(step: number, name: string, value: number): void {
    let points = this.byName.get(name);
    if (points === undefined) {
      if (this.byName.size >= namesKept) return;
      points = new Map();
      this.byName.set(name, points);
    }
    if (points.size < pointsKept || points.has(step)) points.set(step, value);
  }

  /** In first-seen order. */
  series(): readonly MetricSeries[] {
    return [...this.byName].map(([name, points]) => {
      const steps = Float64Array.from(points.keys()).sort();
      return { name, steps, values: steps.map((step) => points.get(step) ?? Number.NaN) };
    });
  }
}
