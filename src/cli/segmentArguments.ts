import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Box } from '../core/geometry/box';
import type { DeviceOptions } from '../inference/options';
import { type ClickPrompt, providers } from '../protocol/segment';
import type { TrajectoryOptions } from './trajectories';
import { UsageError } from './usage';

/** What every command about models takes. */
interface Asked {
  /** Absolute. */
  readonly path: string;
  /** Id of a built-in model or an absolute path; null for the first built-in. */
  readonly model: string | null;
  /** Null for the CPU alone. */
  readonly device: DeviceOptions | null;
  readonly threads: number | undefined;
  readonly json: boolean;
  /** Absolute; null for the default. */
  readonly cacheDir: string | null;
}

export interface SegmentCommand extends Asked {
  readonly name: 'segment';
  readonly clicks: readonly ClickPrompt[];
  readonly box: Box | null;
  readonly crop: Box | null;
  /** Absolute path of a PNG to write; null without one. */
  readonly output: string | null;
}

export interface EmbedCommand extends Asked {
  readonly name: 'embed';
}

export interface ModelsCommand extends Asked {
  readonly name: 'models';
  /** Without a path: what lies below the current folder and where tools keep their weights. */
  readonly search: boolean;
}

export interface SimulateCommand extends Asked {
  readonly name: 'simulate';
  readonly maxClicks: number;
  /** Null unless they are to be written. */
  readonly trajectories: TrajectoryOptions | null;
  /** IoU or score, 0–1, under which masks of the dataset are told; null for clicks. */
  readonly flagBelow: number | null;
}

export type ModelCommand = SegmentCommand | EmbedCommand | ModelsCommand | SimulateCommand;

const options = {
  click: { type: 'string', multiple: true },
  box: { type: 'string' },
  crop: { type: 'string' },
  model: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'max-clicks': { type: 'string' },
  trajectories: { type: 'string' },
  'target-iou': { type: 'string' },
  refine: { type: 'string' },
  'flag-below': { type: 'string' },
  provider: { type: 'string' },
  device: { type: 'string' },
  'device-memory': { type: 'string' },
  'cuda-libraries': { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
  cache: { type: 'string' },
} as const;

export const modelCommands = ['segment', 'embed', 'models', 'simulate'] as const;

/** Null for a command that is about traces. Throws `UsageError`. */
export function parseModelCommand(argv: readonly string[]): ModelCommand | null {
  const name = modelCommands.find((known) => known === argv[0]);
  if (name === undefined || argv.includes('--help') || argv.includes('-h')) return null;
  const { values, positionals } = parsed(argv.slice(1));
  const [path, ...more] = positionals;
  if (path === undefined && name !== 'models') throw new UsageError(`${name}: expected ${expected[name]}`);
  if (more.length > 0) throw new UsageError(`${name}: one path at a time, got also ${more.join(' ')}`);
  const asked: Asked = {
    path: resolve(path ?? '.'),
    model: modelOf(values.model),
    device: deviceOf(values),
    threads: values.threads === undefined ? undefined : wholeOf('threads', values.threads),
    json: values.json ?? false,
    cacheDir: values.cache === undefined ? null : resolve(values.cache),
  };
  if (name === 'simulate') return { name, ...asked, ...simulationOf(values) };
  const simulations = (['max-clicks', 'trajectories', 'target-iou', 'refine', 'flag-below'] as const).find(
    (option) => values[option] !== undefined,
  );
  if (simulations !== undefined) throw new UsageError(`--${simulations} belongs to simulate`);
  if (name !== 'segment') {
    const foreign = (['click', 'box', 'crop', 'output'] as const).find((option) => values[option] !== undefined);
    if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to segment`);
    if (name === 'models') return { name, ...asked, search: path === undefined };
    return { name, ...asked };
  }
  const clicks = (values.click ?? []).map(clickOf);
  const box = values.box === undefined ? null : boxOf('box', values.box);
  if (clicks.length === 0 && box === null) throw new UsageError('segment: expected --click x,y,+ or --box x1,y1,x2,y2');
  const output = values.output === undefined ? null : resolve(values.output);
  if (output === null && !asked.json) throw new UsageError('segment: expected -o FILE.png or --json');
  return { name, ...asked, clicks, box, crop: values.crop === undefined ? null : boxOf('crop', values.crop), output };
}

const expected = {
  segment: 'the path of an image',
  embed: 'a folder of images, a COCO file or an image',
  simulate: 'a folder of images with masks, or a COCO or labelme file',
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ', 1)[0] ?? error.message);
    throw error;
  }
}

/** What looks like a path is one; a bare word names a built-in model. */
export function modelOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  return /^[\w-]+$/.test(text) ? text : resolve(text);
}

function clickOf(text: string): ClickPrompt {
  const found = /^([^,]+),([^,]+),([+-])$/.exec(text);
  const [x, y] = [numberOf(found?.[1]), numberOf(found?.[2])];
  if (found === null || x === null || y === null)
    throw new UsageError(`--click ${text}: expected x,y,+ or x,y,- in pixels of the image`);
  return { x, y, positive: found[3] === '+' };
}

export function boxOf(option: string, text: string): Box {
  const [x1, y1, x2, y2, ...more] = text.split(',').map(numberOf);
  if (x1 == null || y1 == null || x2 == null || y2 == null || more.length > 0)
    throw new UsageError(`--${option} ${text}: expected x1,y1,x2,y2 in pixels of the image`);
  return { x1, y1, x2, y2 };
}

function numberOf(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function simulationOf(
  values: ReturnType<typeof parsed>['values'],
): Pick<SimulateCommand, 'maxClicks' | 'trajectories' | 'flagBelow'> {
  const foreign = (['click', 'box', 'crop', 'output'] as const).find((option) => values[option] !== undefined);
  if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to segment`);
  const { trajectories: output, refine, 'target-iou': target, 'flag-below': below } = values;
  if (output === undefined && (refine !== undefined || target !== undefined))
    throw new UsageError('--refine and --target-iou belong to --trajectories');
  if (output !== undefined && below !== undefined) throw new UsageError('--flag-below writes no --trajectories');
  return {
    maxClicks: maxClicksOf(values['max-clicks']),
    trajectories:
      output === undefined
        ? null
        : {
            output: resolve(output),
            targetIou: target === undefined ? 0.98 : shareOf('target-iou', target),
            refine: refine === undefined ? null : resolve(refine),
          },
    flagBelow: below === undefined ? null : shareOf('flag-below', below),
  };
}

function shareOf(option: string, text: string): number {
  const value = numberOf(text);
  if (value === null || value <= 0 || value > 1) throw new UsageError(`--${option} ${text}: expected a number up to 1`);
  return value;
}

/** As in the literature; more than `most` would be a mistake, one object at a time. */
function maxClicksOf(text = '20'): number {
  const most = 1000;
  const clicks = wholeOf('max-clicks', text);
  if (clicks < 1 || clicks > most) throw new UsageError(`--max-clicks ${text}: expected 1 to ${most}`);
  return clicks;
}

function wholeOf(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option} ${text}: expected a whole number`);
  return Number(text);
}

/** Naming a provider is the leave to use a device; without it there is none. */
function deviceOf(values: {
  readonly provider?: string;
  readonly device?: string;
  readonly 'device-memory'?: string;
  readonly 'cuda-libraries'?: string;
}): DeviceOptions | null {
  const { provider: text, device, 'device-memory': memory, 'cuda-libraries': folder } = values;
  if (text === undefined || text === 'cpu') {
    if (device !== undefined || memory !== undefined || folder !== undefined)
      throw new UsageError('--device, --device-memory and --cuda-libraries belong to --provider');
    return null;
  }
  const provider = providers.find((known) => known === text) ?? null;
  if (provider === null && text !== 'auto')
    throw new UsageError(`--provider ${text}: expected auto, ${providers.join(', ')}`);
  return {
    provider,
    index: device === undefined ? 0 : wholeOf('device', device),
    memoryMb: memory === undefined ? null : wholeOf('device-memory', memory),
    cudaFolder: folder === undefined ? null : resolve(folder),
  };
}
