import { join } from 'node:path';
import type { PolicySpec } from '../core/policy/policySpec';
import { usualProfile, wholeProfile } from '../core/policy/usualProfile';
import { createDataClient } from '../data/client';
import { jobMark } from '../policy/job/checkpoint';
import { runJob } from '../policy/job/runJob';
import type { JobStatus } from '../policy/job/statusFile';
import type { KeyedPolicy } from '../protocol/policy';
import { readProfile } from '../scoring/profileFile';
import { childLog, defaultCacheDir } from './children';
import { type Output, printable, toJson } from './output';
import type { RunCommand } from './policyArguments';
import { chosenPolicies, type PolicyChildren } from './policySession';
import { samplesOf } from './runSamples';
import { UsageError } from './usage';

/** Every sample of a dataset × rollouts, into a trace that grows; begun again, it goes on where it was. Returns the exit code. */
export async function runPolicies(children: PolicyChildren, command: RunCommand, out: Output): Promise<number> {
  const chosen = await chosenPolicies(command);
  if (command.baseline && command.task === 'segmentation')
    throw new UsageError('--baseline: the first mask of each rollout is the comparison, and in the trace');
  if (command.baseline && chosen.taskPolicy === null)
    throw new UsageError('--baseline asks the task model about the whole image: name one with --task-policy');
  const profile = command.profile === null ? null : await readProfile(command.profile);
  const { media, client } = children;
  const data = createDataClient({
    entry: join(__dirname, 'children', 'data.js'),
    log: childLog(),
    cacheDir: command.cacheDir ?? defaultCacheDir(),
    imageSize: async (path) => (await media.probe(path)).stored,
  });
  const policy = withConcurrency(chosen.policy, command.concurrency);
  const taskPolicy = chosen.taskPolicy === null ? null : withConcurrency(chosen.taskPolicy, command.concurrency);
  const ending = new AbortController();
  const stop = () => ending.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const status = await runJob(
      client,
      {
        trace: command.output,
        settings: settingsOf(command, chosen.policy.spec, chosen.taskPolicy?.spec ?? null),
        source: await samplesOf(command, { data, media }),
        limit: command.limit,
        kinds: command.baseline ? [{ zoom: true }, { zoom: false }] : [{ zoom: true }],
        groups: groupsAtOnce(policy.spec, command.count),
        requestFor: (sample, zoom) => ({
          sample,
          task: command.task,
          policy,
          taskPolicy,
          count: command.count,
          seed: command.seed,
          maxRegions: command.maxRegions,
          cropShape: command.cropShape,
          segmenter: command.segmenter,
          maxIou: command.maxIou,
          profile: zoom
            ? (profile ?? usualProfile(command.task, sample, taskPolicy !== null))
            : wholeProfile(command.task),
          advantage: { name: command.advantage, trainer: 'unknown' },
          zoom,
          drawn: null,
          stream: false,
        }),
        onStatus: tell,
        onProblem: (problem) => process.stderr.write(`${freshLine()}${printable(problem)}\n`),
      },
      ending.signal,
    );
    process.stderr.write(freshLine());
    await out.line(command.json ? toJson(status) : `${status.state}: ${counts(status)}`);
    if (status.state === 'stopped') return stoppedCode;
    return status.errors === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    data.dispose();
  }
}

/** As a shell tells of a program that Ctrl+C ended. */
const stoppedCode = 130;

function withConcurrency({ spec, key }: KeyedPolicy, concurrency: number | null): KeyedPolicy {
  return { spec: concurrency === null || spec.kind !== 'server' ? spec : { ...spec, concurrency }, key };
}

/** Enough that a call waits whenever one ends: the last crops of a group leave the server idle otherwise. */
function groupsAtOnce(spec: PolicySpec, count: number): number {
  const calls = spec.kind === 'server' ? spec.concurrency : 4;
  return Math.max(2, 2 * Math.ceil(calls / count) + 1);
}

/** What rollouts depend on. Limits, concurrency and time-outs may change between runs of a job. */
function settingsOf(command: RunCommand, policy: PolicySpec, taskPolicy: PolicySpec | null): string {
  const { path, task, count, seed, maxRegions, cropShape, segmenter, maxIou, profile, advantage, baseline } = command;
  return JSON.stringify({
    saccade: jobMark,
    dataset: path,
    task,
    rollouts: count,
    seed,
    regions: maxRegions,
    crops: cropShape,
    segmenter: task === 'segmentation' ? segmenter : null,
    maxIou,
    profile,
    advantage,
    baseline,
    policy: lasting(policy),
    taskPolicy: taskPolicy === null ? null : lasting(taskPolicy),
  });
}

function lasting(spec: PolicySpec): object {
  if (spec.kind !== 'server') return spec;
  const { baseUrls: _urls, keyEnv: _key, concurrency: _calls, retries: _retries, timeout: _timeout, ...rest } = spec;
  return rest;
}

const freshLine = () => (process.stderr.isTTY ? '\r\x1b[K' : '');

function tell(status: JobStatus): void {
  if (process.stderr.isTTY) process.stderr.write(`${freshLine()}${counts(status)}`);
}

function counts({ done, total, errors, callsPerSecond }: JobStatus): string {
  const of = total === null ? '' : ` of ${total}`;
  const failed = errors === 0 ? '' : `, ${errors} given up`;
  return `${done}${of} groups${failed}, ${callsPerSecond} calls a second`;
}
