import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AreaRange, cocoAreas, cocoThresholds, sodaAreas } from '../../core/metric/coco/tables';
import type { TraceOverrides } from '../../protocol/data';
import { parseFrame } from '../frameArgument';
import { UsageError } from '../usage';

export interface EvalCommand {
  readonly name: 'eval';
  /** Absolute; null where a trace brings its own ground truth. */
  readonly truth: string | null;
  /** Absolute path of a list of results, or of a trace. */
  readonly path: string;
  readonly masks: boolean;
  readonly lvis: boolean;
  readonly agnostic: boolean;
  readonly thresholds: readonly number[];
  readonly areas: readonly AreaRange[];
  /** Name of the ranges, for the report. */
  readonly areasName: string;
  readonly maxDetections: readonly number[];
  /** IoU at which an object is found in the diagnosis, and from which on a miss counts as poorly localised. */
  readonly found: number;
  readonly near: number;
  readonly byCategory: boolean;
  /** Absolute folders in which judges keep their labels. */
  readonly judges: readonly string[];
  readonly overrides: TraceOverrides;
  readonly json: boolean;
  readonly cacheDir: string | null;
}

const options = {
  type: { type: 'string' },
  lvis: { type: 'boolean' },
  agnostic: { type: 'boolean' },
  iou: { type: 'string' },
  'max-dets': { type: 'string' },
  areas: { type: 'string' },
  found: { type: 'string' },
  near: { type: 'string' },
  'by-category': { type: 'boolean' },
  annotations: { type: 'string', multiple: true },
  images: { type: 'string', multiple: true },
  dataset: { type: 'string', multiple: true },
  frame: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  cache: { type: 'string' },
} as const;

/** Null for another command. Throws `UsageError`. */
export function parseEvalCommand(argv: readonly string[]): EvalCommand | null {
  if (argv[0] !== 'eval' || argv.includes('--help') || argv.includes('-h')) return null;
  const { values, positionals } = parsed(argv.slice(1));
  const [first, second, ...more] = positionals;
  if (first === undefined) throw new UsageError('eval: expected ground truth and results, or a trace');
  if (more.length > 0) throw new UsageError(`eval: two paths at most, got also ${more.join(' ')}`);
  const { type = 'bbox', lvis = false } = values;
  if (type !== 'bbox' && type !== 'segm') throw new UsageError(`--type ${type}: expected bbox or segm`);
  const thresholds = values.iou === undefined ? cocoThresholds : thresholdsOf(values.iou);
  const areasName = values.areas ?? 'coco';
  return {
    name: 'eval',
    truth: second === undefined ? null : resolve(first),
    path: resolve(second ?? first),
    masks: type === 'segm',
    lvis,
    agnostic: values.agnostic ?? false,
    thresholds,
    areas: areasOf(areasName),
    areasName,
    maxDetections: values['max-dets'] === undefined ? (lvis ? [300] : [1, 10, 100]) : countsOf(values['max-dets']),
    found: shareOf('found', values.found ?? String(thresholds[0] ?? 0.5)),
    near: shareOf('near', values.near ?? '0.1'),
    byCategory: values['by-category'] ?? false,
    judges: (values.annotations ?? []).map((folder) => resolve(folder)),
    overrides: {
      ...(values.dataset === undefined ? {} : { datasetFiles: values.dataset.map((file) => resolve(file)) }),
      ...(values.images === undefined ? {} : { imageRoots: values.images.map((folder) => resolve(folder)) }),
      ...(values.frame === undefined ? {} : { frames: values.frame.map(parseFrame) }),
    },
    json: values.json ?? false,
    cacheDir: values.cache === undefined ? null : resolve(values.cache),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ', 1)[0] ?? error.message);
    throw error;
  }
}

function shareOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new UsageError(`--${option} ${text}: expected numbers from 0 to 1`);
  return value;
}

/** `0.5`, `0.1,0.5`, or `0.5:0.95:0.05`, ends included. */
function thresholdsOf(text: string): readonly number[] {
  const range = text.split(':');
  if (range.length !== 3) return text.split(',').map((one) => shareOf('iou', one));
  const [from = 0, to = 0, step = 0] = range.map((one) => shareOf('iou', one));
  const steps = Math.round((to - from) / step);
  if (!(step >= 0.001) || !(steps >= 1)) throw new UsageError(`--iou ${text}: expected FROM:TO:STEP`);
  // As numpy.linspace has them, to the bit.
  return Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from + i * ((to - from) / steps)));
}

function countsOf(text: string): readonly number[] {
  const counts = text.split(',').map((one) => (/^\d{1,9}$/.test(one) ? Number(one) : 0));
  if (counts.some((count, i) => count < 1 || count <= (counts[i - 1] ?? 0)))
    throw new UsageError(`--max-dets ${text}: expected whole numbers that grow, as in 1,10,100`);
  return counts;
}

/** `coco`, `soda`, or ranges of sides in pixels as in `all:0-100000,tiny:0-16`. */
function areasOf(text: string): readonly AreaRange[] {
  if (text === 'coco') return cocoAreas;
  if (text === 'soda') return sodaAreas;
  return text.split(',').map((part) => {
    const found = /^([^:]{1,40}):(\d{1,6})-(\d{1,6})$/.exec(part);
    if (found === null)
      throw new UsageError(`--areas ${text}: expected coco, soda, or NAME:FROM-TO,… in pixels of a side`);
    return { name: found[1] ?? '', from: Number(found[2]) ** 2, to: Number(found[3]) ** 2 };
  });
}
