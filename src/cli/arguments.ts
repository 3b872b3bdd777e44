import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TraceOverrides } from '../protocol/data';
import { parseFrame } from './frameArgument';
import { UsageError } from './usage';

export interface Command {
  readonly name: 'info' | 'rollouts';
  /** Absolute. */
  readonly path: string;
  readonly overrides: TraceOverrides;
  readonly json: boolean;
  readonly group: string | null;
  readonly limit: number;
  /** Absolute; null for the default. */
  readonly cacheDir: string | null;
}

/** A command, or a text to print. Throws `UsageError`. */
export function parseCommand(argv: readonly string[]): Command | 'help' | 'version' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [name, path, ...more] = positionals;
  if (name !== 'info' && name !== 'rollouts')
    throw new UsageError(name === undefined ? 'expected a command: info or rollouts' : `unknown command: ${name}`);
  if (path === undefined) throw new UsageError(`${name}: expected the path of a trace`);
  if (more.length > 0) throw new UsageError(`${name}: one path at a time, got also ${more.join(' ')}`);
  if (name === 'info' && (values.group !== undefined || values.limit !== undefined))
    throw new UsageError('--group and --limit belong to rollouts');
  return {
    name,
    path: resolve(path),
    overrides: {
      ...(values.dataset === undefined ? {} : { datasetFiles: values.dataset.map((file) => resolve(file)) }),
      ...(values.images === undefined ? {} : { imageRoots: values.images.map((folder) => resolve(folder)) }),
      ...(values.frame === undefined ? {} : { frames: values.frame.map(parseFrame) }),
    },
    json: values.json ?? false,
    group: values.group ?? null,
    limit: limitOf(values.limit),
    cacheDir: values.cache === undefined ? null : resolve(values.cache),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        group: { type: 'string' },
        limit: { type: 'string' },
        dataset: { type: 'string', multiple: true },
        images: { type: 'string', multiple: true },
        frame: { type: 'string', multiple: true },
        cache: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node reports an unknown option or a missing value as a TypeError of its own.
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ', 1)[0] ?? error.message);
    throw error;
  }
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--limit ${text}: expected a whole number`);
  return Number(text);
}
