import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Box } from '../../core/geometry/box';
import type { PolicyRollout, PolicySample } from '../../core/policy/policyRollout';
import { builtInProfiles } from '../../core/reward/scoring/profile';
import type { PolicyClient } from '../../policy/client';
import type { Handlers } from '../../protocol/channel';
import type { LiveHostEvents, LiveHostMethods } from '../../protocol/live';
import type { PolicyEvents, ProposeRequest } from '../../protocol/policy';
import { betweenQuestions } from '../betweenQuestions';
import type { Children } from '../children';
import { kindOf, messageOf } from '../failures';
import { appendTrace } from './appendTrace';
import { askQuestion, type Chosen, type PolicyChoice } from './choosePolicy';
import { groupSettings } from './groupSettings';
import { LiveText } from './liveText';
import { profileOf, taskOf } from './policySample';
import type { PolicyStore } from './policyStore';
import type { PolicyTraceFile } from './policyTraceFile';

/** A page that policies are asked from. */
export interface LivePage {
  emit<K extends keyof LiveHostEvents>(name: K, payload: LiveHostEvents[K]): void;
  /** What can be asked of an image of the page. Rejects with `UserError` where it has no image. */
  sampleOf(image: number, signal: AbortSignal): Promise<PolicySample>;
}

/** Where the rollouts of a job went. */
export interface SampledTrace {
  readonly path: string;
  /** 1-based line of the first. */
  readonly line: number;
}

/** A group with where it went. */
export interface Sampled extends SampledTrace {
  readonly rollouts: readonly PolicyRollout[];
}

export interface SamplingParts {
  readonly children: Children;
  readonly policies: PolicyStore;
  /** Folder for the calls of jobs that are not finished. */
  readonly journals: string;
  readonly choice: PolicyChoice;
  readonly trace: PolicyTraceFile;
  /** Shows rollouts in an editor on their trace. */
  show(trace: SampledTrace): Promise<void>;
  bug(doing: string, error: unknown): void;
}

/** What is asked, and of whom. */
interface Wish extends Chosen {
  readonly sample: PolicySample;
  readonly count: number;
  readonly drawn: readonly Box[] | null;
}

/** A file with the calls that are finished, and the seed they were made with: the same wish goes on from them. */
interface Begun {
  readonly seed: number;
  readonly journal: string;
}

interface Job {
  readonly id: string;
  readonly page: LivePage;
  readonly end: AbortController;
  readonly text: LiveText;
  begun: Begun;
  trace: SampledTrace | null;
}

/** Boxes of crops that overlap by more (IoU) are one. */
const maxIou = 0.5;
/** Finished jobs whose traces can still be opened from the page. */
const remembered = 32;

/**
 * Groups that are sampled in this window. Rollouts go to the trace file that the user chose once all of a group are there and
 * scored. Calls that a failed job finished are kept: the same wish goes on where it stopped.
 */
export class Samplings implements vscode.Disposable {
  private heard: PolicyClient | null = null;
  private readonly jobs = new Map<string, Job>();
  /** By what was wished for. */
  private readonly unfinished = new Map<string, Begun>();

  constructor(private readonly parts: SamplingParts) {}

  dispose(): void {
    for (const { end } of this.jobs.values()) end.abort();
  }

  /** The methods of one page. */
  handlers(page: LivePage): Handlers<LiveHostMethods> {
    return {
      'live/ask': async ({ image, count, choose, drawn }, signal) => {
        const chosen = choose ? await this.parts.choice.choose() : this.parts.choice.current();
        if (chosen === null) return { kind: 'dismissed' };
        const { size, regions } = groupSettings();
        if (chosen.policy.kind === 'person' && drawn === null) return { kind: 'draw', maxRegions: regions };
        const found = await page.sampleOf(image, signal);
        if (choose) await betweenQuestions();
        const sample = choose ? await askQuestion(found) : found;
        if (sample === undefined) return { kind: 'dismissed' };
        if (choose) await betweenQuestions();
        const path = await this.parts.trace.path();
        if (path === null) return { kind: 'dismissed' };
        const job = this.begin(page);
        void this.run(job, { ...chosen, sample, count: drawn === null ? (count ?? size) : 1, drawn }, path);
        return { kind: 'started', job: job.id };
      },
      'live/cancel': ({ job }) => {
        this.jobs.get(job)?.end.abort();
        return null;
      },
      'live/open': async ({ job }) => {
        const trace = this.jobs.get(job)?.trace ?? null;
        if (trace !== null) await this.parts.show(trace);
        return null;
      },
    };
  }

  /** Samples without a page, behind a notification; null when cancelled. */
  async sample(sample: PolicySample, count: number, chosen: Chosen, path: string): Promise<Sampled | null> {
    const title = vscode.l10n.t('Asking {0} about {1}', chosen.policy.name, basename(sample.image));
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      let done = 0;
      const job = this.begin({
        emit: (name) => {
          if (name === 'live/rollout') progress.report({ message: `${++done} / ${count}`, increment: 100 / count });
        },
        sampleOf: () => Promise.reject(new Error('there is no page')),
      });
      token.onCancellationRequested(() => job.end.abort());
      try {
        return await this.sampled(job, { ...chosen, sample, count, drawn: null }, path);
      } catch (error) {
        if (job.end.signal.aborted) return null;
        throw error;
      }
    });
  }

  private begin(page: LivePage): Job {
    const id = randomUUID();
    const text = new LiveText((rollout, sensing, more, fresh) =>
      page.emit('live/text', { job: id, rollout, sensing, more, fresh }),
    );
    const begun = { seed: randomInt(2 ** 31 - 1), journal: join(this.parts.journals, `${id}.jsonl`) };
    const job: Job = { id, page, end: new AbortController(), text, begun, trace: null };
    this.jobs.set(id, job);
    for (const oldest of this.jobs.keys()) {
      if (this.jobs.size <= remembered) break;
      this.jobs.delete(oldest);
    }
    return job;
  }

  private async run(job: Job, wish: Wish, path: string): Promise<void> {
    const { page, id } = job;
    const { sample, policy, count } = wish;
    const question = sample.object ?? sample.question ?? '';
    // Behind the answer that names the job.
    await new Promise((resolve) => setTimeout(resolve, 0));
    page.emit('live/started', { job: id, policy: policy.name, count, question, to: basename(path) });
    try {
      const { path: trace, line } = await this.sampled(job, wish, path);
      job.trace = { path: trace, line };
      page.emit('live/ended', { job: id, error: null, cancelled: false });
      await this.parts.show(job.trace);
    } catch (error) {
      const cancelled = job.end.signal.aborted;
      if (!cancelled && kindOf(error) === 'bug') this.parts.bug(`sampling with ${policy.name}`, error);
      page.emit('live/ended', { job: id, error: cancelled ? null : messageOf(error), cancelled });
    }
  }

  /** Listens to the process that is asked: after a restart it is another one. */
  private client(): PolicyClient {
    const client = this.parts.children.policies;
    if (client === this.heard) return client;
    this.heard = client;
    client.on('policy/text', (event) => this.told(event));
    client.on('policy/rollout', (event) => this.through(event));
    client.on('policy/waiting', (event) => this.jobs.get(event.job)?.page.emit('live/waiting', event));
    return client;
  }

  private async sampled(job: Job, wish: Wish, path: string): Promise<Sampled> {
    const { policies, journals } = this.parts;
    const { sample, count, drawn, policy, task } = wish;
    const name = JSON.stringify([policy, task, sample.key, sample.object, sample.question, count]);
    job.begun = this.unfinished.get(name) ?? job.begun;
    // A person draws anew.
    if (drawn === null) this.unfinished.set(name, job.begun);
    await mkdir(journals, { recursive: true });
    const profile = profileOf(sample, task !== null);
    const request: ProposeRequest = {
      job: job.id,
      sample,
      task: taskOf(sample),
      policy: await policies.keyed(policy.name),
      taskPolicy: task === null ? null : await policies.keyed(task.name),
      count,
      seed: job.begun.seed,
      maxRegions: Math.max(groupSettings().regions, drawn?.length ?? 0),
      cropShape: 'aspect',
      maxIou,
      profile: builtInProfiles.find(({ id }) => id === profile) ?? failed(`there is no profile ${profile}`),
      advantage: { name: 'grpo', trainer: 'verl' },
      zoom: true,
      drawn: drawn === null ? null : [drawn],
      stream: true,
      journal: job.begun.journal,
    };
    const { rollouts } = await this.client().propose(request, job.end.signal);
    job.text.flush();
    const line = await appendTrace(path, rollouts);
    this.unfinished.delete(name);
    await rm(job.begun.journal, { force: true });
    return { path, line, rollouts };
  }

  private told({ job, rollout, call, more, fresh }: PolicyEvents['policy/text']): void {
    this.jobs.get(job)?.text.add(rollout, call.endsWith('/sense'), more, fresh);
  }

  private through({ job, rollout }: PolicyEvents['policy/rollout']): void {
    const { index, regions, malformed, answer } = rollout;
    const found = this.jobs.get(job);
    found?.text.flush();
    found?.page.emit('live/rollout', { job, rollout: index, regions: regions.length, malformed, answer });
  }
}

function failed(message: string): never {
  throw new Error(message);
}
