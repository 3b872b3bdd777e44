import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '../core/geometry/box';
import { UserError } from '../core/text/userError';
import { createDataClient, type DataClient } from '../data/client';
import { createMediaClient, type MediaClient } from '../media/client';
import { ChannelError } from '../protocol/channel';
import type { ChildLog } from '../supervise/childHandle';

/** The two children that most commands need. */
export interface ReadingChildren {
  readonly data: DataClient;
  readonly media: MediaClient;
  dispose(): void;
}

/** Starts them. @param cacheDir absolute; null for the default. */
export function readingChildren(cacheDir: string | null): ReadingChildren {
  const cache = cacheDir ?? defaultCacheDir();
  const entries = join(__dirname, 'children');
  const log = childLog();
  const media = createMediaClient({ entry: join(entries, 'media.js'), log, cacheDir: cache });
  const data = createDataClient({
    entry: join(entries, 'data.js'),
    log,
    cacheDir: cache,
    imageSize: async (path) => {
      const size = await storedSize(media, path);
      return typeof size === 'string' ? null : size;
    },
    repaintMask: (request) => media.repaint(request),
    readMask: (request) => media.mask(request),
  });
  const dispose = () => {
    data.dispose();
    media.dispose();
  };
  return { data, media, dispose };
}

/** Stored pixels of an image file, or why they are not to be had. */
export async function storedSize(media: MediaClient, path: string): Promise<Size | string> {
  try {
    return (await media.probe(path)).stored;
  } catch (error) {
    // Without sharp, or for a file that hangs it, what is open is still worth printing.
    if (UserError.is(error) || ChannelError.is(error)) return error.message;
    throw error;
  }
}

/** Where everything is kept that can be made again. */
export function defaultCacheDir(): string {
  const { SACCADE_CACHE, XDG_CACHE_HOME } = process.env;
  if (SACCADE_CACHE !== undefined && SACCADE_CACHE !== '') return SACCADE_CACHE;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== '') return join(XDG_CACHE_HOME, 'saccade');
  return join(homedir() === '/' ? tmpdir() : join(homedir(), '.cache'), 'saccade');
}

/** Prompts that ship, which lie beside the built code. */
export function templatesFolder(): string {
  return join(__dirname, '..', 'media', 'templates');
}

/** Children's own lines are for whoever looks for a bug. */
export function childLog(): ChildLog {
  const verbose = (process.env.SACCADE_DEBUG ?? '') !== '';
  const write = (message: string) => {
    if (verbose) process.stderr.write(`${message}\n`);
  };
  return { info: write, warn: write, error: write };
}
