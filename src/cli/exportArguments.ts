import { resolve } from 'node:path';
import { type ExportId, exportFormat, exportIds } from '../formats/export/exportFormats';
import { UsageError } from './usage';

/** Which rollouts of a group are written. */
export type ExportSelect = { readonly kind: 'all' | 'best' } | { readonly kind: 'threshold'; readonly from: number };

export const pictureModes = ['copy', 'link', 'path'] as const;
export type PictureMode = (typeof pictureModes)[number];

/** What `export` takes besides the trace. */
export interface ExportOptions {
  readonly to: ExportId;
  /** Absolute; null for a dry run without one. */
  readonly output: string | null;
  readonly select: ExportSelect;
  /** Least difference of rewards in a pair. */
  readonly margin: number;
  readonly pairs: 'bestWorst' | 'all';
  /** Reward from which on an answer is good (KTO); null where the format asks for none. */
  readonly right: number | null;
  /** What weighted SFT weighs by. */
  readonly weight: 'advantage' | 'reward';
  readonly pictures: PictureMode;
  readonly partial: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly ignoreAnnotations: boolean;
  /** Folders with annotations of logs that may not have them beside them; absolute. */
  readonly annotationFolders: readonly string[];
}

export const exportOptionTypes = {
  to: { type: 'string' },
  output: { type: 'string', short: 'o' },
  select: { type: 'string' },
  margin: { type: 'string' },
  pairs: { type: 'string' },
  weight: { type: 'string' },
  pictures: { type: 'string' },
  partial: { type: 'boolean' },
  force: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'ignore-annotations': { type: 'boolean' },
  annotations: { type: 'string', multiple: true },
} as const;

type Values = {
  readonly [K in keyof typeof exportOptionTypes]?: string | boolean | readonly string[] | undefined;
};

/** Throws `UsageError`. */
export function parseExport(values: Values, right: number | null): ExportOptions {
  const to = oneOf('to', values.to, exportIds, null);
  const { unit } = exportFormat(to);
  const refuse = (option: keyof Values, fits: boolean) => {
    if (values[option] !== undefined && !fits) throw new UsageError(`--${option} does not belong to --to ${to}`);
  };
  for (const option of ['margin', 'pairs'] as const) refuse(option, unit === 'pair');
  refuse('weight', unit === 'weighted');
  refuse('select', unit !== 'pair' && unit !== 'judged' && unit !== 'dataset');
  for (const option of ['pictures', 'partial', 'ignore-annotations'] as const) refuse(option, unit !== 'dataset');
  if ((right !== null) !== (unit === 'judged'))
    throw new UsageError(unit === 'judged' ? `--to ${to} needs --right R` : `--right does not belong to --to ${to}`);
  // Ultralytics finds labels by putting `labels` in the place of `images` in a picture's path.
  if (to === 'yolo' && values.pictures === 'path') throw new UsageError('--to yolo: --pictures is copy or link');
  const dryRun = values['dry-run'] === true;
  if (values.output === undefined && !dryRun) throw new UsageError('export: expected -o FOLDER, or --dry-run');
  return {
    to,
    output: typeof values.output === 'string' ? resolve(values.output) : null,
    select: selectOf(values.select),
    margin: values.margin === undefined ? 0 : numberOf('margin', values.margin),
    pairs: oneOf('pairs', values.pairs, ['best-worst', 'all'], 'best-worst') === 'all' ? 'all' : 'bestWorst',
    right,
    weight: oneOf('weight', values.weight, ['advantage', 'reward'], 'advantage'),
    pictures: oneOf('pictures', values.pictures, pictureModes, 'copy'),
    partial: values.partial === true,
    force: values.force === true,
    dryRun,
    ignoreAnnotations: values['ignore-annotations'] === true,
    annotationFolders: Array.isArray(values.annotations) ? values.annotations.map((one) => resolve(String(one))) : [],
  };
}

function oneOf<T extends string>(option: string, value: unknown, known: readonly T[], otherwise: T | null): T {
  if (value === undefined && otherwise !== null) return otherwise;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const given = value === undefined ? 'export' : `--${option} ${String(value)}`;
  throw new UsageError(
    `${given}: expected ${value === undefined ? `--${option} with ` : ''}one of ${known.join(', ')}`,
  );
}

function selectOf(value: unknown): ExportSelect {
  if (value === undefined || value === 'all') return { kind: 'all' };
  if (value === 'best') return { kind: 'best' };
  if (typeof value === 'string' && value.startsWith('threshold:'))
    return { kind: 'threshold', from: numberOf('select', value.slice('threshold:'.length)) };
  throw new UsageError(`--select ${String(value)}: expected all, best or threshold:R`);
}

function numberOf(option: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new UsageError(`--${option} ${String(value)}: expected a number`);
  return number;
}
