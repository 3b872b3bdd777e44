import { lookBins } from '../../src/core/metric/lookMap';
import type {
  ColumnBySteps,
  LookedSteps,
  Occurrences,
  ScatterPoints,
  StepOverview,
  TraceOverview,
  TrainerMetrics,
  WhereLooked,
} from '../../src/protocol/overview';

/** A made-up run: rewards rise, responses grow, the policy learns where to look. */
export interface FakeRun {
  /** Training steps; 0 for a trace without any. */
  readonly steps: number;
  readonly validation?: boolean;
  readonly reward?: boolean;
}

/** The same numbers on every call. */
function noise(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}

export function fakeOverview(run: FakeRun, columns: readonly string[] | null, right: number | null): TraceOverview {
  const names = [
    ...(run.reward === false ? [] : (['reward'] as const)),
    'format',
    'coverage_rate',
    'regions',
    'region_area',
    'turns',
    'response_length',
  ];
  const infos = names.map((name) => ({
    name,
    role:
      name === 'reward'
        ? ('total' as const)
        : name === 'format' || name === 'coverage_rate'
          ? ('field' as const)
          : ('derived' as const),
    about: name === 'response_length' ? 'Length of the response in UTF-16 units.' : '',
  }));
  const kinds =
    run.steps === 0 ? [] : (['training', ...(run.validation ? ['validation'] : [])] as StepOverview['kind'][]);
  return {
    complete: true,
    right: right ?? 1,
    rightFrom: right === null ? 'values' : 'asked',
    columns: infos,
    parts: kinds.map((kind) =>
      part(
        kind,
        run.steps,
        infos.filter(({ name }) => columns?.includes(name) ?? true),
      ),
    ),
  };
}

function part(
  kind: StepOverview['kind'],
  count: number,
  infos: readonly Omit<ColumnBySteps, 'series'>[],
): StepOverview {
  const every = kind === 'validation' ? 5 : 1;
  const steps = Float64Array.from({ length: Math.max(1, Math.floor(count / every)) }, (_, i) => (i + 1) * every);
  const along = (of: (share: number, i: number) => number) =>
    Float64Array.from(steps, (_, i) => of(i / Math.max(1, steps.length - 1), i));
  const groups = Uint32Array.from(steps, () => 64);
  const share = (of: (way: number) => number) => Uint32Array.from(along((way) => Math.round(64 * of(way))));
  return {
    kind,
    steps,
    rollouts: Uint32Array.from(steps, () => 512),
    withoutStep: 0,
    replaced: 0,
    malformed: along((way, i) => 0.3 * (1 - way) ** 2 + 0.02 * noise(i)),
    repaired: along((way, i) => 0.1 * (1 - way) + 0.01 * noise(i + 7)),
    truncated: along((way, i) => 0.02 + 0.1 * way * noise(i + 3)),
    outcomes: {
      groups,
      noSpread: share((way) => 0.2 + 0.4 * way),
      allRight: share((way) => 0.05 + 0.5 * way),
      allWrong: share((way) => 0.15 * (1 - way)),
    },
    columns: infos.map((info, at) => ({ ...info, series: series(info.name, at, along) })),
  };
}

const spans: Readonly<Record<string, readonly [from: number, to: number, spread: number]>> = {
  reward: [0.2, 0.85, 0.3],
  format: [0.6, 0.99, 0.1],
  coverage_rate: [0.3, 0.7, 0.25],
  regions: [1, 3.4, 1.2],
  region_area: [12_000, 3000, 2000],
  turns: [2, 4.5, 1],
  response_length: [900, 2600, 500],
};

function series(
  name: string,
  at: number,
  along: (of: (way: number, i: number) => number) => Float64Array,
): ColumnBySteps['series'] {
  const [from, to, spread] = spans[name] ?? [0, 1, 0.2];
  const mean = (way: number, i: number) =>
    from + (to - from) * (1 - (1 - way) ** 2) + spread * 0.3 * (noise(i + at * 31) - 0.5);
  const offset = (by: number) => along((way, i) => Math.max(0, mean(way, i) + by * spread));
  return {
    count: Uint32Array.from(along(() => 512)),
    notFinite: Uint32Array.from(along(() => 0)),
    mean: along(mean),
    std: along(() => spread),
    q05: offset(-1.4),
    q25: offset(-0.6),
    q50: offset(0.1),
    q75: offset(0.7),
    q95: offset(1.5),
  };
}

export function fakeMetrics(run: FakeRun): TrainerMetrics {
  if (run.steps < 2) return { logs: [], problems: [] };
  const steps = Float64Array.from({ length: run.steps }, (_, i) => i + 1);
  const metric = (name: string, of: (way: number, i: number) => number) => ({
    name,
    steps,
    values: Float64Array.from(steps, (_, i) => of(i / run.steps, i)),
  });
  return {
    logs: [
      {
        file: '../zoom/grpo_7b.jsonl',
        writer: 'verl file logger',
        series: [
          metric('actor/ppo_kl', (way, i) => 0.002 + 0.02 * way * noise(i)),
          metric('actor/entropy', (way, i) => 0.9 - 0.5 * way + 0.05 * noise(i + 2)),
          metric('actor/pg_clipfrac', (_, i) => 0.01 + 0.01 * noise(i + 5)),
          metric('actor/grad_norm', (_, i) => (i === 17 ? Number.NaN : 0.5 + noise(i + 11))),
          metric('actor/lr', () => 1e-6),
          metric('timing_s/gen', (_, i) => 40 + 10 * noise(i)),
          metric('perf/throughput', (_, i) => 1800 + 100 * noise(i)),
        ],
      },
    ],
    problems: [],
  };
}

export function fakeLooked(run: FakeRun): WhereLooked | null {
  if (run.steps === 0) return null;
  const steps = (from: number, to: number, width: number, middle: number): LookedSteps => {
    const counts = new Uint32Array(lookBins * lookBins).map((_, at) => {
      const x = (at % lookBins) / lookBins - middle;
      const y = Math.floor(at / lookBins) / lookBins - 0.55;
      return Math.round(90 * Math.exp(-(x * x + y * y) / width) * (0.6 + 0.4 * noise(at)));
    });
    const centres = counts.reduce((sum, found) => sum + found, 0);
    return { fromStep: from, toStep: to, rollouts: 20_480, read: 2000, counts, centres, outside: 12, unknown: 41 };
  };
  const third = Math.max(1, Math.floor(run.steps / 3));
  return { early: steps(1, third, 0.12, 0.5), late: steps(run.steps - third + 1, run.steps, 0.02, 0.62) };
}

export function fakeScatter(run: FakeRun): ScatterPoints {
  const rows = Uint32Array.from({ length: Math.min(50_000, run.steps * 512) }, (_, i) => i);
  return {
    rows,
    x: Float64Array.from(rows, (row) => 400 + 2400 * noise(row) * (0.4 + 0.6 * noise(row + 1))),
    y: Float64Array.from(rows, (row) => Math.round(20 * noise(row + 2)) / 20 + (noise(row + 3) > 0.9 ? 0.4 : 0)),
    total: run.steps * 512,
  };
}

/** Every group asks the same at seven steps, sixteen groups apart. */
export function fakeOccurrences(group: number, groups: number): Occurrences {
  const first = group % 16;
  const found = Array.from({ length: 7 }, (_, i) => first + i * 16).filter((one) => one < groups);
  return {
    groups: found.map((one) => ({ group: one, step: 1 + Math.floor(one / 16), size: 8, meanReward: noise(one) })),
    total: found.length,
    byName: false,
  };
}
