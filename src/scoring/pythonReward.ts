import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { JsonValue } from '../core/text/jsonValue';
import { UserError } from '../core/text/userError';
import { rewardRunner } from './rewardRunner';

/** A user's own reward function. */
export interface PythonRewardOptions {
  /** Absolute path or name of the interpreter the user selected. */
  readonly interpreter: string;
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  /** Milliseconds a call may take before its process is killed. */
  readonly limit: number;
  /** What the function prints, and its tracebacks. */
  readonly log: (text: string) => void;
}

/** What a function is told of one rollout. */
export interface RewardRow {
  readonly dataSource: string | null;
  readonly prompt: string;
  readonly completion: string;
  readonly groundTruth: JsonValue;
  /** Logged columns by name. */
  readonly columns: Readonly<Record<string, JsonValue>>;
}

/** A number from Python, or why there is none: a whole sentence. */
export type PythonScore =
  | { readonly kind: 'value'; readonly total: number; readonly components: Readonly<Record<string, number>> }
  | { readonly kind: 'missing'; readonly reason: string };

type Answer = { readonly [key: string]: JsonValue };

/** Starting an interpreter and importing torch takes a while. */
const startLimit = 120_000;

/**
 * Calls a Python reward unchanged, in a process of its own: verl's `compute_score(data_source, solution_str, ground_truth,
 * extra_info)` row by row, TRL's `f(prompts, completions, **columns)` group by group, as its parameters say. A call beyond
 * its limit kills the process; the next one starts another. Runs the user's code: only for trusted workspaces.
 */
export class PythonReward {
  private running: Running | null = null;
  private disposed = false;

  constructor(private readonly options: PythonRewardOptions) {}

  /** Scores of a group's rollouts, in order. Throws `UserError` when the function cannot be loaded. */
  async score(rows: readonly RewardRow[]): Promise<readonly PythonScore[]> {
    if (rows.length === 0) return [];
    const { kind } = await this.start();
    if (kind === 'trl') return this.scoreGroup(rows);
    const scores: PythonScore[] = [];
    for (const row of rows) scores.push(await this.scoreRow(row));
    return scores;
  }

  /** Ends the process, also one that still loads; nothing is scored any more. */
  dispose(): void {
    this.disposed = true;
    this.kill();
  }

  private kill(): void {
    this.running?.child.kill('SIGKILL');
    this.running = null;
  }

  private async scoreRow({ dataSource, completion, groundTruth, columns }: RewardRow): Promise<PythonScore> {
    const answer = await this.ask({
      data_source: dataSource,
      completion,
      ground_truth: groundTruth,
      extra_info: columns,
    });
    return typeof answer === 'string' ? missing(answer) : scoreOf(answer.values ?? null);
  }

  private async scoreGroup(rows: readonly RewardRow[]): Promise<readonly PythonScore[]> {
    const names = new Set(rows.flatMap(({ columns }) => Object.keys(columns)));
    const columns: [string, JsonValue][] = [...names].map((name) => [
      name,
      rows.map((row) => row.columns[name] ?? null),
    ]);
    const truths = rows.map(({ groundTruth }) => groundTruth);
    const answer = await this.ask({
      prompts: rows.map(({ prompt }) => prompt),
      completions: rows.map(({ completion }) => completion),
      // Datasets name it one way or the other; a logged column of that name wins.
      columns: Object.fromEntries([['solution', truths], ['ground_truth', truths], ...columns]),
    });
    if (typeof answer === 'string') return rows.map(() => missing(answer));
    const values = answer.values ?? null;
    if (!Array.isArray(values) || values.length !== rows.length)
      return rows.map(() => missing(`The reward returned ${lengthOf(values)} for ${rows.length} completions.`));
    return values.map(scoreOf);
  }

  /** The answer, or why there is none. */
  private async ask(request: JsonValue): Promise<Answer | string> {
    const running = await this.start();
    running.child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await running.next(this.options.limit);
    if (answer === 'late') {
      this.kill();
      return `The reward took longer than ${this.options.limit / 1000} s and was stopped.`;
    }
    if (answer === 'ended') {
      this.running = null;
      return 'The reward ended its process.';
    }
    if (typeof answer.error !== 'string') return answer;
    this.options.log(String(answer.trace ?? answer.error));
    return `The reward failed: ${answer.error}`;
  }

  private async start(): Promise<Running> {
    if (this.running !== null) return this.running;
    if (this.disposed) throw new UserError('The reward was stopped.');
    const { interpreter, file, name, log } = this.options;
    const child = spawn(interpreter, ['-c', rewardRunner, file, name], { stdio: ['pipe', 'pipe', 'pipe'] });
    const running = new Running(child, log);
    this.running = running;
    const answer = await running.next(startLimit);
    if (answer === 'late' || answer === 'ended') {
      this.kill();
      if (this.disposed) throw new UserError('The reward was stopped.');
      const how = running.failure ?? (answer === 'late' ? 'it took too long to load' : 'it ended at once');
      throw new UserError(`${interpreter} did not load ${file}: ${how}.`);
    }
    const { ready, error, trace } = answer;
    if (ready !== 'verl' && ready !== 'trl') {
      this.kill();
      log(String(trace ?? ''));
      throw new UserError(`${file} could not be loaded as a reward: ${String(error)}`);
    }
    running.kind = ready;
    return running;
  }
}

/** One interpreter with answers in the order of requests. */
class Running {
  kind: 'verl' | 'trl' = 'verl';
  /** Why it could not be started at all. */
  failure: string | null = null;
  private waiting: ((answer: Answer | 'ended') => void) | null = null;
  private ended = false;
  private readonly early: Answer[] = [];

  constructor(
    readonly child: ChildProcessWithoutNullStreams,
    log: (text: string) => void,
  ) {
    child.once('error', (error) => {
      this.failure = error.message;
      this.end();
    });
    child.once('close', () => this.end());
    // A function that ends its process breaks the pipe; `close` tells.
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', log);
    createInterface({ input: child.stdout }).on('line', (line) => this.take(line));
  }

  /** The next answer; `late` after `limit` ms. */
  next(limit: number): Promise<Answer | 'late' | 'ended'> {
    const known = this.early.shift();
    if (known !== undefined) return Promise.resolve(known);
    if (this.ended) return Promise.resolve('ended');
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting = null;
        resolve('late');
      }, limit);
      this.waiting = (answer) => {
        clearTimeout(timer);
        this.waiting = null;
        resolve(answer);
      };
    });
  }

  private take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    if (this.waiting === null) this.early.push(answer);
    else this.waiting(answer);
  }

  private end(): void {
    this.ended = true;
    this.waiting?.('ended');
  }
}

function scoreOf(value: JsonValue): PythonScore {
  const { total, components } = (value ?? {}) as { readonly total?: JsonValue; readonly components?: JsonValue };
  if (total === null || total === undefined) return missing('The reward returned None: it does not apply.');
  const parts = Object.entries((components ?? {}) as Answer).flatMap(([name, one]): [string, number][] =>
    one === null ? [] : [[name, Number(one)]],
  );
  return { kind: 'value', total: Number(total), components: Object.fromEntries(parts) };
}

function missing(reason: string): PythonScore {
  return { kind: 'missing', reason };
}

function lengthOf(values: JsonValue): string {
  return Array.isArray(values) ? `${values.length} values` : 'no list';
}
