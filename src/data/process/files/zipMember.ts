import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Entry } from 'yauzl';
import { UserError } from '../../../core/text/userError';
import { readFully } from './fileSource';
import type { OpenFile } from './traceFolder';
import { zstdFrames } from './zstdFrames';

const inflate = promisify(inflateRaw);

/** Compression methods of the zip specification. */
const stored = 0;
const deflated = 8;
const zstandard = 93;
/** Compressed bytes unpacked in one go: some milliseconds. */
const piece = 32 * 1024;

/** Fixed part of a local header, and room for what may stand in its extra field: sizes of 64 bits, times. */
const headerLength = 30;
const usualExtra = 256;
const headerMark = 0x04034b50;

/** Compressed bytes of a member, which stand behind a header of their own. */
export async function readMember(file: OpenFile, entry: Entry, shown: string): Promise<Uint8Array> {
  const { relativeOffsetOfLocalHeader: at, fileNameLength, compressedSize } = entry;
  const bytes = Buffer.allocUnsafeSlow(headerLength + fileNameLength + usualExtra + compressedSize);
  const length = await readFully(file, bytes, at);
  if (length < headerLength || bytes.readUInt32LE(0) !== headerMark)
    throw damaged(shown, 'its header is not where it should be');
  const start = headerLength + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  if (start + compressedSize <= length) return bytes.subarray(start, start + compressedSize);
  const packed = new Uint8Array(compressedSize);
  if ((await readFully(file, packed, at + start)) < compressedSize) throw damaged(shown, 'it is cut off');
  return packed;
}

/**
 * Bytes of a member out of its compressed ones.
 * @param size bytes the archive's directory promises: neither more nor fewer are accepted, so that a bomb ends there.
 * @throws UserError for damaged data and for other methods; `shown` names the member.
 */
export async function unpack(packed: Uint8Array, method: number, size: number, shown: string): Promise<Uint8Array> {
  const bytes = await unpacked(packed, method, size, shown);
  if (bytes.length !== size) throw damaged(shown, `it holds ${bytes.length} bytes and promises ${size}`);
  return bytes;
}

async function unpacked(packed: Uint8Array, method: number, size: number, shown: string): Promise<Uint8Array> {
  try {
    if (method === stored) return packed;
    if (method === deflated) return await inflate(packed, { maxOutputLength: Math.max(1, size) });
    if (method === zstandard) return await unpackZstd(packed, size);
  } catch (error) {
    throw damaged(shown, error instanceof Error ? error.message : String(error));
  }
  throw new UserError(`${shown}: compressed in a way (method ${method}) that Saccade does not read.`);
}

/** Inspect writes several frames one after another. Between two pieces other requests get their turn. */
async function unpackZstd(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const into = new Uint8Array(size);
  let at = 0;
  const take = (block: Uint8Array): void => {
    if (at + block.length > size) throw new RangeError(`it unpacks to more than the ${size} bytes it promises`);
    into.set(block, at);
    at += block.length;
  };
  for (const frame of zstdFrames(packed)) {
    const stream = new Decompress(take);
    for (let from = 0; from < frame.length; from += piece) {
      stream.push(frame.subarray(from, from + piece), from + piece >= frame.length);
      await nextTurn();
    }
  }
  return into.subarray(0, at);
}

function damaged(shown: string, reason: string): UserError {
  return new UserError(`${shown} is damaged: ${reason}.`);
}
