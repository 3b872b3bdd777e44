import type { ColumnBySteps, StepOverview, TraceOverview, TrainerMetrics } from '../../../src/protocol/overview';
import type { PlotBand, PlotData, PlotLine } from '../../ui/plot';

/** One plot of the overview, ready to be drawn or read as a table. */
export interface Chart extends PlotData {
  readonly id: string;
  readonly title: string;
  /** One sentence: what is drawn. */
  readonly about: string;
  readonly unit: 'number' | 'share';
}

/** Places of the palette. */
const inks = { training: 0, second: 1, third: 2, validation: 9, trainer: 4 } as const;

/** Titles of our own columns; logged ones keep their names. */
const titles: Readonly<Record<string, string>> = {
  reward: 'Reward',
  regions: 'Regions per rollout',
  region_area: 'Area of the regions (pixels)',
  region_share: 'Share of the image in the regions',
  turns: 'Turns',
  tool_calls: 'Tool calls',
  response_length: 'Response length',
};

export const columnTitle = (name: string): string => titles[name] ?? name;

/** Plots of the trace's own numbers: the reward first, what its groups teach, then everything else in the order of the columns. */
export function traceCharts(overview: TraceOverview): readonly Chart[] {
  const [first] = overview.parts;
  if (first === undefined) return [];
  const names = [...new Set(overview.parts.flatMap(({ columns }) => columns.map(({ name }) => name)))];
  const charts = names.map((name) => columnChart(overview.parts, name));
  const at = names.indexOf('reward');
  const facts = [outcomesChart(first, overview.right), actionsChart(first)].filter(hasNumbers);
  const all = at < 0 ? [...facts, ...charts] : [...charts.splice(at, 1), ...facts, ...charts];
  return all.filter(hasNumbers);
}

/** One plot for each metric of the trainer, by the order given. */
export function trainerCharts({ logs }: TrainerMetrics, rank: (name: string) => number): readonly Chart[] {
  const charts = logs.flatMap(({ file, writer, series }) =>
    series.map(
      ({ name, steps, values }): Chart => ({
        id: `trainer:${file}:${name}`,
        title: name,
        about: `Logged by the trainer: ${writer}, ${file}.`,
        unit: 'number',
        x: steps,
        bands: [],
        lines: [{ label: 'value', values, ink: inks.trainer }],
      }),
    ),
  );
  return charts.filter(hasNumbers).toSorted((a, b) => rank(a.title) - rank(b.title));
}

/** The step axis that all plots share, so that they can be compared by eye. */
export function sharedRange(charts: readonly Chart[]): readonly [number, number] {
  const ends = charts.flatMap(({ x }) => [x[0] ?? Number.NaN, x.at(-1) ?? Number.NaN]).filter(Number.isFinite);
  const low = ends.length === 0 ? 0 : Math.min(...ends);
  const high = ends.length === 0 ? 1 : Math.max(...ends);
  return low === high ? [low - 1, high + 1] : [low, high];
}

export interface Told {
  readonly label: string;
  readonly text: string;
  readonly ink: number;
  /** How its swatch looks. */
  readonly drawn: 'line' | 'dashed' | 'band';
}

/** The chart's values at one place of its axis, as people read them: `mean 0.53`, `5–95 % 0 to 1`. */
export function readout({ lines, bands }: Chart, at: number, format: (value: number) => string): readonly Told[] {
  const told = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '–' : format(value));
  return [
    ...lines.map(
      ({ label, values, ink, dashed }): Told => ({
        label,
        text: told(values[at]),
        ink,
        drawn: dashed ? 'dashed' : 'line',
      }),
    ),
    ...bands.map(
      ({ label, low, high, ink }): Told => ({
        label,
        text: `${told(low[at])} to ${told(high[at])}`,
        ink,
        drawn: 'band',
      }),
    ),
  ];
}

/** The place of a step, or of the nearest one; null for an empty axis. */
export function placeOfStep(x: Float64Array, step: number): number | null {
  if (x.length === 0) return null;
  let best = 0;
  for (let at = 1; at < x.length; at++) if (Math.abs((x[at] ?? 0) - step) < Math.abs((x[best] ?? 0) - step)) best = at;
  return best;
}

function columnChart(parts: readonly StepOverview[], name: string): Chart {
  const x = union(parts.map(({ steps }) => steps));
  const lines: PlotLine[] = [];
  const bands: PlotBand[] = [];
  let about = '';
  for (const { kind, steps, columns } of parts) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) continue;
    about ||= aboutColumn(column);
    const on = (values: Float64Array) => onto(x, steps, values);
    const { series } = column;
    const alone = lines.length === 0;
    const ink = kind === 'training' ? inks.training : inks.validation;
    if (alone) {
      bands.push({ label: '5–95 %', low: on(series.q05), high: on(series.q95), ink, wash: 0.14 });
      bands.push({ label: '25–75 %', low: on(series.q25), high: on(series.q75), ink, wash: 0.22 });
    }
    lines.push({
      label: kind === 'training' ? 'mean' : 'validation mean',
      values: on(series.mean),
      ink,
      sparse: !alone,
    });
    if (alone) lines.push({ label: 'median', values: on(series.q50), ink, dashed: true });
  }
  return {
    id: `column:${name}`,
    title: columnTitle(name),
    about,
    unit: 'number',
    x,
    lines,
    bands,
  };
}

function aboutColumn({ role, about }: ColumnBySteps): string {
  if (about !== '') return about;
  return role === 'component'
    ? 'A reward component, as logged.'
    : 'A logged field: nobody has called it a reward component.';
}

function outcomesChart({ steps, outcomes }: StepOverview, right: number | null): Chart {
  const { groups, noSpread, allRight, allWrong } = outcomes;
  const share = (counts: Uint32Array) => Float64Array.from(steps, (_, at) => (counts[at] ?? 0) / (groups[at] ?? 0));
  const lines: PlotLine[] = [{ label: 'no spread', values: share(noSpread), ink: inks.training }];
  if (right !== null) {
    lines.push({ label: 'all right', values: share(allRight), ink: inks.validation });
    lines.push({ label: 'all wrong', values: share(allWrong), ink: inks.third, dashed: true });
  }
  const rule = right === null ? '' : ` Right is a reward of ${right} or more.`;
  const about = `Share of groups of two rewards or more whose rewards are all equal: they give no advantage to learn from.${rule}`;
  return { id: 'outcomes', title: 'Groups that teach nothing', about, unit: 'share', x: steps, bands: [], lines };
}

function actionsChart({ steps, malformed, repaired, truncated }: StepOverview): Chart {
  return {
    id: 'actions',
    title: 'Malformed, repaired, truncated',
    about: 'Shares of rollouts whose actions could not be read, were read after a mend, or whose response was cut off.',
    unit: 'share',
    x: steps,
    bands: [],
    lines: [
      { label: 'malformed', values: malformed, ink: inks.third },
      { label: 'repaired', values: repaired, ink: inks.second },
      { label: 'truncated', values: truncated, ink: inks.training, dashed: true },
    ],
  };
}

function hasNumbers({ lines }: Chart): boolean {
  return lines.some(({ values }) => values.some(Number.isFinite));
}

function union(all: readonly Float64Array[]): Float64Array {
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  return Float64Array.from(new Set(all.flatMap((steps) => [...steps]))).sort();
}

/** Values at `steps`, on a longer axis that has all of them; NaN between. */
function onto(x: Float64Array, steps: Float64Array, values: Float64Array): Float64Array {
  if (x === steps) return values;
  const placed = new Float64Array(x.length).fill(Number.NaN);
  let at = 0;
  steps.forEach((step, i) => {
    while (at < x.length && x[at] !== step) at++;
    placed[at] = values[i] ?? Number.NaN;
  });
  return placed;
}
