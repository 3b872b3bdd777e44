import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Box } from '../core/geometry/box';
import type { ProbeKind } from '../core/metric/faithfulness';
import { type PolicyTask, policyTasks } from '../core/policy/policyRollout';
import { type AdvantageName, advantageNames } from '../core/reward/trainerAdvantage';
import { type CropShape, cropShapes } from '../protocol/policy';
import { boxOf, modelOf } from './segmentArguments';
import { UsageError } from './usage';

/** What both commands about policies take. */
interface AskedOfPolicy {
  /** Name of the policy that ships, or path of a policy file. */
  readonly policy: string;
  /** The same for the task model; null for the policy itself where it can answer, 'none' for none. */
  readonly taskPolicy: string | null;
  /** Null for the usual one. */
  readonly profile: string | null;
  readonly advantage: AdvantageName;
  readonly count: number;
  readonly seed: number;
  readonly maxRegions: number;
  readonly cropShape: CropShape;
  /** Of masks: id of a built-in model, or an absolute path. */
  readonly segmenter: string;
  readonly maxIou: number;
  /** Absolute. */
  readonly path: string;
  /** Absolute path of the trace; null where none is written. */
  readonly output: string | null;
  readonly json: boolean;
  /** Absolute; null for the default. */
  readonly cacheDir: string | null;
}

export interface ProposeCommand extends AskedOfPolicy {
  readonly name: 'propose';
  readonly object: string | null;
  readonly question: string | null;
  /** The right one first. */
  readonly options: readonly string[];
  readonly answer: string | null;
  /** Null for what the options tell. */
  readonly task: PolicyTask | null;
  /** Of the first mask, in pixels of the image; null where the task model looks for one. */
  readonly box: Box | null;
}

export interface RunCommand extends AskedOfPolicy {
  readonly name: 'run';
  readonly output: string;
  readonly task: PolicyTask;
  /** Samples at most. */
  readonly limit: number;
  /** Calls at once; null for what the policies say. */
  readonly concurrency: number | null;
  readonly baseline: boolean;
  /** Absolute folders in which images are looked for. */
  readonly roots: readonly string[];
}

export interface JudgeCommand extends AskedOfPolicy {
  readonly name: 'judge';
  /** Absolute folder of the judge's sidecars. */
  readonly annotations: string;
  /** Rollouts at most. */
  readonly limit: number;
}

export interface ProbeCommand extends AskedOfPolicy {
  readonly name: 'probe';
  readonly output: string;
  readonly kinds: readonly ProbeKind[];
  /** Rollouts at most. */
  readonly limit: number;
}

export type PolicyCommand = ProposeCommand | RunCommand | JudgeCommand | ProbeCommand;

export const policyCommands = ['propose', 'run', 'judge', 'probe'] as const;

const probeWords = { same: 'same', blur: 'blurred', wrong: 'elsewhere', blank: 'blank', thought: 'thought' } as const;

const options = {
  policy: { type: 'string' },
  'task-policy': { type: 'string' },
  profile: { type: 'string' },
  advantage: { type: 'string' },
  rollouts: { type: 'string', short: 'n' },
  seed: { type: 'string' },
  regions: { type: 'string' },
  crops: { type: 'string' },
  segmenter: { type: 'string' },
  'max-iou': { type: 'string' },
  output: { type: 'string', short: 'o' },
  object: { type: 'string' },
  question: { type: 'string' },
  option: { type: 'string', multiple: true },
  answer: { type: 'string' },
  box: { type: 'string' },
  task: { type: 'string' },
  limit: { type: 'string' },
  concurrency: { type: 'string' },
  baseline: { type: 'boolean' },
  images: { type: 'string', multiple: true },
  annotations: { type: 'string' },
  kinds: { type: 'string' },
  json: { type: 'boolean' },
  cache: { type: 'string' },
} as const;

/** Options that belong to some commands only. */
const own: Readonly<Record<PolicyCommand['name'], readonly (keyof typeof options)[]>> = {
  propose: ['object', 'question', 'option', 'answer', 'box', 'task'],
  run: ['task', 'limit', 'concurrency', 'baseline', 'images'],
  judge: ['limit', 'annotations'],
  probe: ['limit', 'kinds'],
};
const expected = { propose: 'an image', run: 'a dataset', judge: 'a trace', probe: 'a trace' } as const;

/** Null for a command that is not about policies. Throws `UsageError`. */
export function parsePolicyCommand(argv: readonly string[]): PolicyCommand | null {
  const name = policyCommands.find((known) => known === argv[0]);
  if (name === undefined || argv.includes('--help') || argv.includes('-h')) return null;
  const { values, positionals } = parsed(argv.slice(1));
  const [path, ...more] = positionals;
  if (path === undefined) throw new UsageError(`${name}: expected ${expected[name]}`);
  if (more.length > 0) throw new UsageError(`${name}: one path at a time, got also ${more.join(' ')}`);
  refuseOthers(name, values);
  const asked: AskedOfPolicy = {
    policy: values.policy ?? 'basic',
    taskPolicy: values['task-policy'] ?? null,
    profile: values.profile ?? null,
    advantage: oneOf('advantage', values.advantage ?? 'grpo', advantageNames),
    count: wholeOf('rollouts', values.rollouts ?? '8', 1, 1024),
    seed: wholeOf('seed', values.seed ?? '0', 0, 2 ** 31 - 1),
    maxRegions: wholeOf('regions', values.regions ?? '3', 1, 32),
    segmenter: modelOf(values.segmenter) ?? 'basic',
    cropShape: oneOf('crops', values.crops ?? 'square', cropShapes),
    maxIou: shareOf('max-iou', values['max-iou'] ?? '0.5'),
    path: resolve(path),
    output: values.output === undefined ? null : resolve(values.output),
    json: values.json ?? false,
    cacheDir: values.cache === undefined ? null : resolve(values.cache),
  };
  if (name === 'propose') {
    const listed = values.option ?? [];
    return {
      name,
      ...asked,
      object: values.object ?? null,
      question: values.question ?? null,
      options: listed,
      answer: values.answer ?? listed[0] ?? null,
      task: values.task === undefined ? null : oneOf('task', values.task, policyTasks),
      box: values.box === undefined ? null : boxOf('box', values.box),
    };
  }
  const limit = wholeOf('limit', values.limit ?? '1000000000', 1, 1e9);
  if (name === 'judge') {
    if (values.annotations === undefined) throw new UsageError('judge: expected --annotations FOLDER');
    return { name, ...asked, annotations: resolve(values.annotations), limit };
  }
  const { output } = asked;
  if (output === null) throw new UsageError(`${name}: expected -o TRACE.jsonl`);
  if (name === 'probe') return { name, ...asked, output, kinds: kindsOf(values.kinds), limit };
  return {
    name,
    ...asked,
    output,
    task: oneOf('task', values.task ?? 'detection', policyTasks),
    limit,
    concurrency: values.concurrency === undefined ? null : wholeOf('concurrency', values.concurrency, 1, 1024),
    baseline: values.baseline ?? false,
    roots: (values.images ?? []).map((folder) => resolve(folder)),
  };
}

/** An option of another command is a mistake, not to be passed over. */
function refuseOthers(name: PolicyCommand['name'], values: Readonly<Record<string, unknown>>): void {
  for (const option of Object.keys(options) as (keyof typeof options)[]) {
    const owners = policyCommands.filter((one) => own[one].includes(option));
    if (values[option] !== undefined && owners.length > 0 && !owners.includes(name))
      throw new UsageError(`--${option} belongs to ${owners.join(' and ')}`);
  }
}

function kindsOf(text: string | undefined): readonly ProbeKind[] {
  const words = Object.keys(probeWords) as (keyof typeof probeWords)[];
  const chosen = text === undefined ? words : text.split(',').map((word) => oneOf('kinds', word.trim(), words));
  return [...new Set(chosen)].map((word) => probeWords[word]);
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ', 1)[0] ?? error.message);
    throw error;
  }
}

function oneOf<W extends string>(option: string, text: string, words: readonly W[]): W {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new UsageError(`--${option} ${text}: expected ${words.join(', ')}`);
  return found;
}

function wholeOf(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`--${option} ${text}: expected a whole number from ${least} to ${most}`);
  return value;
}

function shareOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new UsageError(`--${option} ${text}: expected a number from 0 to 1`);
  return value;
}
