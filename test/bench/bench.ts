import { existsSync, readFileSync } from 'node:fs';

/** One line of a bench's table. */
export interface BenchRow {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** The same work done by something else in the same run, in the same unit. */
  readonly reference?: number;
  /** `value / reference`. */
  readonly ratio?: number;
  /** The most `value` may be. */
  readonly budget?: number;
  /** Absent where there is no budget. */
  readonly ok?: boolean;
}

/** What a file `test/bench/*.bench.ts` exports; `scripts/bench.mjs` runs each in a process of its own. */
export interface Bench {
  readonly name: string;
  /** The promise it checks, in words. */
  readonly budget: string;
  run(): Promise<{ readonly rows: readonly BenchRow[] }>;
}

/** A row with a budget for its value. */
export function within(metric: string, value: number, unit: string, budget: number): BenchRow {
  return { metric, value, unit, budget, ok: value <= budget };
}

/** A row beside the same work done otherwise in the same run. */
export function against(metric: string, value: number, unit: string, reference: number): BenchRow {
  return { metric, value, unit, reference, ratio: value / reference };
}

/** Milliseconds `work` takes, and what it yields. */
export async function timed<T>(work: () => Promise<T> | T): Promise<readonly [number, T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

/** The middle one of `times` runs, in milliseconds. */
export async function median(times: number, work: (run: number) => Promise<unknown> | unknown): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < times; run++) taken.push((await timed(() => work(run)))[0]);
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

/** The most memory a child held at once, where the system tells it (Linux); its budget is the default of `childLimits`. */
export function peakMemory(pid: number | undefined, budget = 2048): BenchRow[] {
  const status = `/proc/${pid}/status`;
  if (pid === undefined || !existsSync(status)) return [];
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]);
  return [within('peak memory of the child', kilobytes / 1024, 'MiB', budget)];
}
