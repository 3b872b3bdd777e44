import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicySample } from '../../core/policy/policyRollout';
import { UserError } from '../../core/text/userError';
import { rolloutId } from '../../formats/policyTraceLine';
import { ChannelError } from '../../protocol/channel';
import type { ProposeRequest } from '../../protocol/policy';
import type { PolicyClient } from '../client';
import { TraceFile } from '../traceFile';
import { Checkpoint, checkpointPath } from './checkpoint';
import type { SamplePlace, SampleSource } from './samples';
import { type JobStatus, runningJob, writeStatus } from './statusFile';

export interface JobOptions {
  /** Absolute path of the trace. */
  readonly trace: string;
  /** What rollouts depend on, as one line of JSON without a key: a job goes on only with the same. */
  readonly settings: string;
  readonly source: SampleSource;
  /** Samples at most. */
  readonly limit: number;
  /** Groups of a sample: with zoom, and where it is compared, without. */
  readonly kinds: readonly { readonly zoom: boolean }[];
  /** Groups under way at once. */
  readonly groups: number;
  requestFor(sample: PolicySample, zoom: boolean): Omit<ProposeRequest, 'job' | 'journal'>;
  onStatus(status: JobStatus): void;
  onProblem(problem: string): void;
}

/** So many groups given up one after the other mean that the server is gone. */
const mostFailures = 16;

/**
 * Samples × rollouts, appended to a trace group by group. Killed at any moment it goes on where it was: what is in the trace is not
 * asked again, nor is a call that was answered. Memory does not grow with the dataset. Throws `UserError` where it cannot go on.
 */
export async function runJob(client: PolicyClient, options: JobOptions, signal: AbortSignal): Promise<JobStatus> {
  const running = await runningJob(options.trace);
  if (running !== null) throw new UserError(`${options.trace}: a job is at work on it already (process ${running})`);
  const job = await Job.open(client, options);
  try {
    await job.run(signal);
  } catch (error) {
    await job.close('failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
  return job.close(signal.aborted ? 'stopped' : 'done', null);
}

/** Finished calls of groups that are under way, a file each. */
const callFolder = (trace: string) => `${trace}.calls`;

interface Group {
  readonly place: SamplePlace;
  /** Within its place. */
  readonly index: number;
  readonly sample: PolicySample;
  readonly zoom: boolean;
}

class Job {
  private readonly started = new Date();
  private calls = 0;
  private errors = 0;
  private failuresInRow = 0;
  private lastError: string | null = null;
  private total: number | null = null;
  private saved: Promise<unknown> = Promise.resolve();
  private readonly underWay = new Set<Promise<void>>();
  /** Groups that are not through, by place. */
  private readonly left = new Map<number, number>();
  /** Why the job cannot go on. */
  private bug: Error | null = null;
  private broken: () => void = () => undefined;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly off: () => void;

  private constructor(
    private readonly client: PolicyClient,
    private readonly options: JobOptions,
    private readonly trace: TraceFile,
    private readonly checkpoint: Checkpoint,
    /** Rollouts that a killed run wrote behind its last checkpoint. */
    private readonly written: ReadonlySet<string>,
  ) {
    this.off = client.on('policy/replied', () => {
      this.calls++;
    });
    this.timer = setInterval(() => this.tell('running'), 1000);
    this.tell('running');
  }

  static async open(client: PolicyClient, options: JobOptions): Promise<Job> {
    const trace = await TraceFile.open(options.trace);
    const checkpoint = await Checkpoint.open(checkpointPath(options.trace), options.settings);
    await mkdir(callFolder(options.trace), { recursive: true });
    for (const name of await readdir(callFolder(options.trace))) {
      const [position = Number.NaN, index = Number.NaN] = name.split('.').map(Number);
      // Killed between the last line of a group and this.
      if (checkpoint.hasGroup(position, index)) await rm(join(callFolder(options.trace), name), { force: true });
    }
    return new Job(client, options, trace, checkpoint, await trace.idsFrom(checkpoint.traceBytes));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source, kinds, limit } = this.options;
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const most = limit * kinds.length;
    const begun = { groups: this.checkpoint.done };
    this.total = source.count === null ? null : Math.min(most, source.count * kinds.length);
    this.broken = () => ending.abort();
    for await (const group of this.groups()) {
      if (begun.groups >= most) break;
      while (this.underWay.size >= this.options.groups) await Promise.race(this.underWay);
      if (either.aborted) break;
      begun.groups++;
      this.begin(group, either);
    }
    await Promise.all(this.underWay);
    if (this.bug !== null) throw this.bug;
    if (!signal.aborted) this.total = Math.max(this.checkpoint.done + this.errors, 0);
  }

  /** Groups that are not in the trace yet. */
  private async *groups(): AsyncGenerator<Group> {
    const { source, kinds, onProblem } = this.options;
    for await (const place of source.from(this.checkpoint.watermark)) {
      if (this.checkpoint.isEnded(place.position)) continue;
      if (place.problem !== null) onProblem(place.problem);
      const all = place.samples.flatMap((sample, i) =>
        kinds.map(({ zoom }, kind): Group => ({ place, index: i * kinds.length + kind, sample, zoom })),
      );
      const open = all.filter(({ index }) => !this.checkpoint.hasGroup(place.position, index));
      this.left.set(place.position, open.length);
      if (open.length === 0) await this.checkpoint.endPosition(place.position);
      yield* open;
    }
  }

  private begin(group: Group, signal: AbortSignal): void {
    const work = this.work(group, signal);
    const settled = work
      .catch((error: unknown) => {
        this.bug ??= error instanceof Error ? error : new Error(String(error));
        this.broken();
      })
      .finally(() => this.underWay.delete(settled));
    this.underWay.add(settled);
  }

  private async work({ place: { position }, index, sample, zoom }: Group, signal: AbortSignal): Promise<void> {
    const job = `${position}.${index}`;
    try {
      const journal = join(callFolder(this.options.trace), `${job}.jsonl`);
      const request = { ...this.options.requestFor(sample, zoom), job, journal };
      const { rollouts } = await this.client.propose(request, signal);
      const bytes = await this.trace.append(rollouts.filter((rollout) => !this.written.has(rolloutId(rollout))));
      await this.checkpoint.endGroup(position, index, bytes);
      await rm(journal, { force: true });
      this.failuresInRow = 0;
    } catch (error) {
      if (signal.aborted || (ChannelError.is(error) && error.code === 'cancelled')) return;
      if (!UserError.is(error)) throw error;
      this.fail(error.message);
      return;
    }
    const left = (this.left.get(position) ?? 1) - 1;
    this.left.set(position, left);
    if (left > 0) return;
    this.left.delete(position);
    await this.checkpoint.endPosition(position);
  }

  private fail(message: string): void {
    this.errors++;
    this.failuresInRow++;
    this.lastError = message;
    this.options.onProblem(message);
    if (this.failuresInRow >= mostFailures)
      throw new UserError(
        `${message} (${mostFailures} groups in a row: the job is stopped, and goes on when it is begun again)`,
      );
  }

  private tell(state: JobStatus['state']): JobStatus {
    const seconds = (Date.now() - this.started.getTime()) / 1000;
    const status: JobStatus = {
      state,
      pid: process.pid,
      done: this.checkpoint.done,
      total: this.total,
      errors: this.errors,
      lastError: this.lastError,
      calls: this.calls,
      callsPerSecond: seconds > 0 ? Math.round((10 * this.calls) / seconds) / 10 : 0,
      started: this.started.toISOString(),
      updated: new Date().toISOString(),
    };
    this.options.onStatus(status);
    this.saved = this.saved.then(() => writeStatus(this.options.trace, status)).catch(() => undefined);
    return status;
  }

  async close(state: JobStatus['state'], error: string | null): Promise<JobStatus> {
    clearInterval(this.timer);
    this.off();
    if (error !== null) this.lastError = error;
    await this.trace.close();
    await this.checkpoint.close();
    // What is not empty holds calls of groups that are not through.
    await rmdir(callFolder(this.options.trace)).catch(() => undefined);
    const status = this.tell(state);
    await this.saved;
    return status;
  }
}
