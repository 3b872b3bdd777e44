import { open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../core/text/userError';
import { errorCode } from './fileSource';
import { cutChunks, type PackedInput, unpackedChunks } from './unpackedChunks';

/** A log may repeat itself a lot; what unpacks to more than this, and to more than the share below, is an attack. */
const harmlessBytes = 4 * 2 ** 30;
const largestRatio = 200;
/** Share of the disk's free space that one file may take. */
const shareOfDisk = 0.5;

export interface UnpackJob extends PackedInput {
  /** Absolute path of the file to write. */
  readonly to: string;
  /** Names the packed file in messages. */
  readonly shown: string;
}

interface Attempt {
  readonly trouble: string | null;
  /** The end is missing. */
  readonly cut: boolean;
  readonly bytes: number;
}

/**
 * Writes a packed file's contents to another file. A file that is cut off or damaged is unpacked as far as it goes.
 * @param harmless bytes that any file may unpack to.
 * @returns what was wrong with it; null for a whole file.
 * @throws UserError when nothing could be unpacked, or too much would be.
 */
export async function unpackFile(job: UnpackJob, harmless = harmlessBytes): Promise<string | null> {
  const limit = await limitOf(job, harmless);
  const whole = await attempt(job, unpackedChunks(job), limit);
  const { trouble } = whole;
  if (trouble === null) return null;
  const { bytes } = whole.cut ? await attempt(job, cutChunks(job), limit) : whole;
  if (bytes === 0) throw new UserError(`${job.shown} cannot be unpacked: ${trouble}.`);
  return `${job.shown} is cut off or damaged (${trouble}). It was unpacked up to there.`;
}

async function attempt(job: UnpackJob, chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Attempt> {
  const out = await open(job.to, 'w');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      job.signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes > limit) throw tooMuch(job.shown, limit);
      for (let at = 0; at < chunk.length; ) at += (await out.write(chunk, at)).bytesWritten;
    }
    return { trouble: null, cut: false, bytes };
  } catch (error) {
    if (!(error instanceof Error) || UserError.is(error) || job.signal.aborted) throw error;
    // The decoders' own errors have codes of zlib's or numbers; what the disk refuses is not the data's fault.
    const code = errorCode(error);
    if (code !== null && !code.startsWith('Z_')) throw error;
    return { trouble: error.message, cut: code === 'Z_BUF_ERROR', bytes };
  } finally {
    await out.close();
  }
}

function tooMuch(shown: string, limit: number): UserError {
  const most = `${Math.round(limit / 1e6)} MB`;
  return new UserError(
    `${shown} unpacks to more than ${most}: more than a log of its size should, or than the disk has room for.`,
  );
}

async function limitOf({ location, to }: UnpackJob, harmless: number): Promise<number> {
  const [{ size }, { bavail, bsize }] = await Promise.all([stat(location), statfs(dirname(to))]);
  return Math.min(Math.max(harmless, size * largestRatio), bavail * bsize * shareOfDisk);
}
