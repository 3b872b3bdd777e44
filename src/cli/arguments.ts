import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AdvantageName, advantageNames } from '../core/reward/trainerAdvantage';
import { knownRules } from '../core/trajectory/tools/chooseRules';
import type { ToolRulesId } from '../core/trajectory/tools/toolRules';
import type { TraceOverrides } from '../protocol/data';
import type { OverviewKind } from '../protocol/overview';
import type { TraceQuery } from '../protocol/query';
import { type ExportOptions, exportOptionTypes, parseExport } from './exportArguments';
import { parseFrame } from './frameArgument';
import { policyCommands } from './policyArguments';
import { parseComponent, parseQuery } from './queryArguments';
import { modelCommands } from './segmentArguments';
import { bySteps, rightBySteps, rightOf, type StepRange, splitOf, stepsOf, whereOf } from './stepArguments';
import { UsageError } from './usage';

/** What every command takes. */
interface Opened {
  /** Absolute. */
  readonly path: string;
  readonly overrides: TraceOverrides;
  readonly json: boolean;
  /** Absolute; null for the default. */
  readonly cacheDir: string | null;
}

export interface InfoCommand extends Opened {
  readonly name: 'info';
  /** By training step rather than of the whole trace. */
  readonly byStep: boolean;
  /** From which reward on a rollout is right; null for what the values say. */
  readonly right: number | null;
  /** SQL over the columns of an image set; '' for none. */
  readonly where: string;
}

export interface RolloutsCommand extends Opened {
  readonly name: 'rollouts';
  readonly group: string | null;
  readonly limit: number;
  readonly query: TraceQuery;
  /** By whose rules calls are replayed; null for what the format or the log says. */
  readonly tool: ToolRulesId | null;
}

export interface ScoreCommand extends Opened {
  readonly name: 'score';
  /** Id of a built-in profile, or the absolute path of a profile file. */
  readonly profile: string;
  /** A Python function in place of the profile; null without one. */
  readonly reward: PythonFunction | null;
  /** Absolute path of a dataset whose ground truth stands in place of the logged one; null for the log's own. */
  readonly truth: string | null;
  /** Null for the trainer's own. */
  readonly advantage: AdvantageName | null;
}

export interface PythonFunction {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  readonly interpreter: string;
  /** Seconds a call may take. */
  readonly limit: number;
}

export interface CompareCommand extends Opened {
  readonly name: 'compare';
  /** Absolute. */
  readonly other: string;
  readonly column: string;
  readonly right: number | null;
  readonly steps: StepRange;
  readonly otherSteps: StepRange;
  /** Null for the first that both sides hold. */
  readonly kind: OverviewKind | null;
}

export interface ExportCommand extends Opened {
  readonly name: 'export';
  readonly export: ExportOptions;
}

export type Command = InfoCommand | RolloutsCommand | ScoreCommand | CompareCommand | ExportCommand;

const options = {
  json: { type: 'boolean' },
  by: { type: 'string' },
  right: { type: 'string' },
  group: { type: 'string' },
  limit: { type: 'string' },
  where: { type: 'string' },
  search: { type: 'string' },
  sort: { type: 'string' },
  component: { type: 'string', multiple: true },
  'no-split': { type: 'string', multiple: true },
  tool: { type: 'string' },
  profile: { type: 'string' },
  reward: { type: 'string' },
  python: { type: 'string' },
  'reward-limit': { type: 'string' },
  gt: { type: 'string' },
  column: { type: 'string' },
  steps: { type: 'string' },
  'other-steps': { type: 'string' },
  split: { type: 'string' },
  advantage: { type: 'string' },
  dataset: { type: 'string', multiple: true },
  images: { type: 'string', multiple: true },
  frame: { type: 'string', multiple: true },
  ...exportOptionTypes,
  cache: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;
type Option = keyof typeof options;

/** Options that belong to some commands only. */
const own: Readonly<Record<Command['name'], readonly Option[]>> = {
  info: ['by', 'right', 'where'],
  rollouts: ['group', 'limit', 'tool', 'where', 'search', 'sort'],
  score: ['profile', 'advantage', 'reward', 'python', 'reward-limit', 'gt'],
  compare: ['column', 'right', 'steps', 'other-steps', 'split'],
  export: ['right', ...(Object.keys(exportOptionTypes) as (keyof typeof exportOptionTypes)[])],
};
const names = Object.keys(own) as readonly Command['name'][];

/** A command, or a text to print. Throws `UsageError`. */
export function parseCommand(argv: readonly string[]): Command | 'help' | 'version' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [name, path, ...rest] = positionals;
  if (!isName(name))
    throw new UsageError(
      name === undefined
        ? `expected a command: ${[...names, 'eval', ...modelCommands, ...policyCommands].join(', ')}`
        : `unknown command: ${name}`,
    );
  if (path === undefined) throw new UsageError(`${name}: expected the path of a trace`);
  const [other, ...more] = name === 'compare' ? rest : [undefined, ...rest];
  if (more.length > 0) throw new UsageError(`${name}: one path at a time, got also ${more.join(' ')}`);
  refuseOthers(name, values);
  const opened: Opened = {
    path: resolve(path),
    overrides: {
      ...(values.dataset === undefined ? {} : { datasetFiles: values.dataset.map((file) => resolve(file)) }),
      ...(values.images === undefined ? {} : { imageRoots: values.images.map((folder) => resolve(folder)) }),
      ...(values.frame === undefined ? {} : { frames: values.frame.map(parseFrame) }),
      ...(values.component === undefined ? {} : { components: values.component.map(parseComponent) }),
      ...(values['no-split'] === undefined ? {} : { unsplit: values['no-split'] }),
    },
    json: values.json ?? false,
    cacheDir: values.cache === undefined ? null : resolve(values.cache),
  };
  switch (name) {
    case 'info':
      return {
        name,
        ...opened,
        byStep: bySteps(values.by),
        right: rightBySteps(values.right, values.by),
        where: whereOf(values.where, values.by),
      };
    case 'rollouts':
      return {
        name,
        ...opened,
        group: groupOf(values),
        limit: limitOf(values.limit),
        query: parseQuery(values),
        tool: toolOf(values.tool),
      };
    case 'score':
      return {
        name,
        ...opened,
        profile: values.profile ?? 'logged',
        reward: functionOf(values),
        truth: values.gt === undefined ? null : resolve(values.gt),
        advantage: advantageOf(values.advantage),
      };
    case 'export':
      return { name, ...opened, export: parseExport(values, rightOf(values.right)) };
    case 'compare':
      return {
        name,
        ...opened,
        // One trace against itself: two ranges of its steps.
        other: resolve(other ?? path),
        column: values.column ?? 'reward',
        right: rightOf(values.right),
        steps: stepsOf('steps', values.steps),
        otherSteps: stepsOf('other-steps', values['other-steps']),
        kind: splitOf(values.split),
      };
  }
}

function isName(name: string | undefined): name is Command['name'] {
  return names.some((known) => known === name);
}

/** An option of another command is a mistake, not to be passed over. */
function refuseOthers(name: Command['name'], values: Readonly<Record<string, unknown>>): void {
  for (const option of Object.keys(options) as Option[]) {
    const owners = names.filter((one) => own[one].includes(option));
    if (values[option] !== undefined && owners.length > 0 && !owners.includes(name))
      throw new UsageError(`--${option} belongs to ${owners.join(' and ')}`);
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    // Node reports an unknown option or a missing value as a TypeError of its own.
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ', 1)[0] ?? error.message);
    throw error;
  }
}

function toolOf(text: string | undefined): ToolRulesId | null {
  if (text === undefined) return null;
  const found = knownRules.find(({ id }) => id === text);
  if (found !== undefined) return found.id;
  throw new UsageError(`--tool ${text}: expected ${knownRules.map(({ id }) => id).join(', ')}`);
}

/** A query finds groups by itself. */
function groupOf(values: Readonly<Record<string, unknown>>): string | null {
  const { group } = values;
  if (typeof group !== 'string') return null;
  const other = ['where', 'search', 'sort'].find((option) => values[option] !== undefined);
  if (other !== undefined) throw new UsageError(`--group and --${other} do not go together`);
  return group;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--limit ${text}: expected a whole number`);
  return Number(text);
}

function functionOf(values: {
  readonly reward?: string;
  readonly profile?: string;
  readonly python?: string;
  readonly 'reward-limit'?: string;
}): PythonFunction | null {
  const { reward, profile, python } = values;
  if (reward === undefined) {
    if (python !== undefined || values['reward-limit'] !== undefined)
      throw new UsageError('--python and --reward-limit belong to --reward');
    return null;
  }
  if (profile !== undefined) throw new UsageError('either --profile or --reward');
  const colon = reward.lastIndexOf(':');
  if (colon < 1 || colon === reward.length - 1) throw new UsageError(`--reward ${reward}: expected FILE.py:FUNCTION`);
  const limit = Number(values['reward-limit'] ?? 30);
  if (!(limit > 0)) throw new UsageError('--reward-limit: expected a number of seconds');
  return {
    file: resolve(reward.slice(0, colon)),
    name: reward.slice(colon + 1),
    interpreter: python ?? 'python3',
    limit,
  };
}

function advantageOf(text: string | undefined): AdvantageName | null {
  if (text === undefined) return null;
  const found = advantageNames.find((name) => name === text);
  if (found === undefined) throw new UsageError(`--advantage ${text}: expected one of ${advantageNames.join(', ')}`);
  return found;
}
