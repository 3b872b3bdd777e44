import type { Size } from '../core/geometry/box';
import { UserError } from '../core/text/userError';
import type { DataClient } from '../data/client';
import type { MediaClient } from '../media/client';
import type { ImageRef, TraceInfo, TraceOpened } from '../protocol/data';
import type { Command } from './arguments';
import { readingChildren, storedSize } from './children';
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
  const { data, media, dispose } = readingChildren(command.cacheDir);
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
    dispose();
  }
}

function sessionOf(data: DataClient, media: MediaClient, opened: TraceOpened, latest: LatestProgress): Session {
  const { traceId } = opened;
  const sizes = new Map<string, Promise<Size | string>>();
  const info = () => data.call('trace/info', { traceId, wait: true }, { deadline: Number.POSITIVE_INFINITY });
  const readSize = async (ref: ImageRef): Promise<Size | string> => {
    try {
      const { path } = await data.call('image/file', { traceId, ref });
      return await storedSize(media, path);
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
