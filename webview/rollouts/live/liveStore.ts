import type { LiveHostEvents } from '../../../src/protocol/live';
import type { Host } from '../store/host';
import { Signal } from '../store/signal';

/** One rollout while it is sampled. */
export interface LiveRollout {
  /** What the policy said so far. */
  readonly text: string;
  readonly state: 'waiting' | 'sensing' | 'task' | 'done' | 'malformed';
  /** Regions it named; null until they are known. */
  readonly regions: number | null;
  readonly note: string | null;
}

/** A group that is being sampled, or was. */
export interface LiveJob {
  readonly job: string;
  readonly policy: string;
  readonly question: string;
  readonly to: string;
  readonly rollouts: readonly LiveRollout[];
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Why it failed, or what it waits for; null otherwise. */
  readonly trouble: string | null;
}

/** A model that talks on and on is shown by its end. */
const longest = 4000;

/** The group that was asked for last, as its text comes in. */
export class LiveStore {
  readonly job = new Signal<LiveJob | null>(null);

  constructor(
    private readonly host: Host,
    private readonly report: (error: unknown) => void,
  ) {
    host.on('live/started', (event) => this.started(event));
    host.on('live/text', (event) => this.said(event));
    host.on('live/rollout', (event) => this.through(event));
    host.on('live/waiting', ({ job, reason, ms }) =>
      this.change(job, { trouble: `${reason}. Trying again in ${Math.max(1, Math.round(ms / 1000))} s.` }),
    );
    host.on('live/ended', ({ job, error, cancelled }) =>
      this.change(job, { state: cancelled ? 'cancelled' : error === null ? 'done' : 'failed', trouble: error }),
    );
  }

  cancel(): void {
    const { value } = this.job;
    if (value?.state === 'running') this.send('live/cancel', value.job);
  }

  open(): void {
    const { value } = this.job;
    if (value?.state === 'done') this.send('live/open', value.job);
  }

  close(): void {
    this.job.set(null);
  }

  private send(method: 'live/cancel' | 'live/open', job: string): void {
    this.host.call(method, { job }).catch((error: unknown) => this.report(error));
  }

  private started({ job, policy, question, to, count }: LiveHostEvents['live/started']): void {
    const waiting: LiveRollout = { text: '', state: 'waiting', regions: null, note: null };
    const rollouts = Array.from({ length: count }, () => waiting);
    this.job.set({ job, policy, question, to, rollouts, state: 'running', trouble: null });
  }

  private said({ job, rollout, sensing, more, fresh }: LiveHostEvents['live/text']): void {
    this.each(job, rollout, (before) => {
      if (!sensing) return { ...before, state: 'task' };
      const text = `${fresh ? '' : before.text}${more}`;
      return { ...before, state: 'sensing', text: text.length > longest ? `…${text.slice(-longest)}` : text };
    });
  }

  private through({ job, rollout, regions, malformed, answer }: LiveHostEvents['live/rollout']): void {
    this.each(job, rollout, (before) => ({
      ...before,
      state: malformed === null ? 'done' : 'malformed',
      regions,
      note: malformed ?? answer,
    }));
  }

  private each(job: string, rollout: number, change: (before: LiveRollout) => LiveRollout): void {
    const { value } = this.job;
    if (value === null || value.job !== job) return;
    const rollouts = value.rollouts.map((before, at) => (at === rollout ? change(before) : before));
    // What a call waited for is over when another speaks.
    this.job.set({ ...value, rollouts, trouble: null });
  }

  private change(job: string, change: Partial<LiveJob>): void {
    const { value } = this.job;
    if (value !== null && value.job === job) this.job.set({ ...value, ...change });
  }
}
