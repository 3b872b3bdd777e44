import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '../core/geometry/box';
import { UserError } from '../core/text/userError';
import { createDataClient, type DataClient } from '../data/client';
import { createMediaClient, type MediaClient } from '../media/client';
import { ChannelError } from '../protocol/channel';
import type { ImageRef, TraceInfo, TraceOpened } from '../protocol/data';
import type { ChildLog } from '../supervise/childHandle';
import type { Command } from './arguments';
import { LatestProgress } from './latestProgress';

/** An open trace with the two children behind it. */
export interface Session {
  readonly data: DataClient;
  readonly media: MediaClient;
  readonly opened: TraceOpened;
  /** After the scan has ended; frames and images are decided then. */
  info(): Promise<TraceInfo>;
  /**
   * Groups there are once the scan has ended; of a trace that takes longer, those there are after `patience` as soon as
   * they hold `rows` rollouts, which is said on stderr.
   */
  scanned(rows: number): Promise<number>;
  /** Stored pixels of an image; a sentence when there are none to be had. Remembered by image. */
  imageSize(ref: ImageRef): Promise<Size | string>;
}

/**
 * Opens the trace, hands it to `work` and ends the children, whatever happened. Throws `UserError`.
 * @param otherwise what is done with a path that is no trace; false when it is not for that either.
 */
export async function withTrace(
  command: Pick<Command, 'path' | 'overrides' | 'cacheDir'>,
  work: (session: Session) => Promise<void>,
  otherwise: (data: DataClient) => Promise<boolean> = async () => false,
): Promise<void> {
  const cacheDir = command.cacheDir ?? defaultCacheDir();
  const children = join(__dirname, 'children');
  const log = childLog();
  const media = createMediaClient({ entry: join(children, 'media.js'), log, cacheDir });
  const data = createDataClient({
    entry: join(children, 'data.js'),
    log,
    cacheDir,
    imageSize: async (path) => {
      const size = await sizeOf(media, path);
      return typeof size === 'string' ? null : size;
    },
  });
  const latest = new LatestProgress((listener) => data.on('trace/progress', listener));
  const progress = showProgress(data);
  try {
    let opened: TraceOpened;
    try {
      opened = await data.call('trace/open', { path: command.path, overrides: command.overrides });
    } catch (error) {
      if (UserError.is(error) && (await otherwise(data))) return;
      throw error;
    }
    await work(sessionOf(data, media, opened, latest));
  } finally {
    progress.end();
    data.dispose();
    media.dispose();
  }
}

function sessionOf(data: DataClient, media: MediaClient, opened: TraceOpened, latest: LatestProgress): Session {
  const { traceId } = opened;
  const sizes = new Map<string, Promise<Size | string>>();
  const info = () => data.call('trace/info', { traceId, wait: true }, { deadline: Number.POSITIVE_INFINITY });
  const readSize = async (ref: ImageRef): Promise<Size | string> => {
    try {
      const { path } = await data.call('image/file', { traceId, ref });
      return await sizeOf(media, path);
    } catch (error) {
      if (UserError.is(error)) return error.message;
      throw error;
    }
  };
  return {
    data,
    media,
    opened,
    scanned: async (rows) => {
      const { groups, done, rollouts } = await latest.scanned(rows);
      if (!done) {
        const line = process.stderr.isTTY ? '\r\x1b[K' : '';
        process.stderr.write(`${line}The trace is not read to its end: these are of the first ${rollouts} rollouts.\n`);
      }
      // Frames are decided on all of a trace that is read to its end.
      return done ? (await info()).groups : groups;
    },
    info,
    imageSize: (ref) => {
      const key = JSON.stringify(ref);
      const size = sizes.get(key) ?? readSize(ref);
      sizes.set(key, size);
      return size;
    },
  };
}

async function sizeOf(media: MediaClient, path: string): Promise<Size | string> {
  try {
    return (await media.probe(path)).stored;
  } catch (error) {
    // Without sharp, or for a file that hangs it, the trace is still worth printing.
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

/** Children's own lines are for whoever looks for a bug. */
export function childLog(): ChildLog {
  const verbose = (process.env.SACCADE_DEBUG ?? '') !== '';
  const write = (message: string) => {
    if (verbose) process.stderr.write(`${message}\n`);
  };
  return { info: write, warn: write, error: write };
}

function showProgress(data: DataClient): { end(): void } {
  if (!process.stderr.isTTY) return { end: () => undefined };
  let shown = false;
  const off = data.on('trace/progress', ({ done, bytesRead, bytesTotal, rollouts }) => {
    if (done && !shown) return;
    const share = bytesTotal === 0 ? 100 : Math.floor((100 * bytesRead) / bytesTotal);
    process.stderr.write(`\r\x1b[K${share} % read, ${rollouts} rollouts`);
    shown = true;
  });
  return {
    end: () => {
      off();
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
