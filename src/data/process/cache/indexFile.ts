import { type FileHandle, open } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { readFully } from '../files/fileSource';
import { emptyArray, type Frozen, type FrozenArray } from './freeze';

/*
 * An index on disk: the length of the tree (4 bytes), the tree with its list of arrays as V8 serialises them, the bytes of
 * the arrays one behind the other, and a checksum of all that (4 bytes). Numbers are little-endian.
 */
const lengthBytes = 4;
const checksumBytes = 4;

interface Tree {
  readonly tree: unknown;
  readonly arrays: readonly FrozenArray[];
}

/** Writes the arrays as they lie in memory: what an index holds is not doubled for it. */
export async function writeIndex(path: string, { tree, arrays, contents }: Frozen): Promise<void> {
  const handle = await open(path, 'w');
  try {
    const head = serialize({ tree, arrays } satisfies Tree);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(head.length);
    let checksum = 0;
    for (const part of [length, head, ...contents]) {
      checksum = continued(part, checksum);
      for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
    }
    const end = Buffer.alloc(checksumBytes);
    end.writeUInt32LE(checksum);
    await handle.write(end);
  } finally {
    await handle.close();
  }
}

/** zlib begins anew at no bytes at all, and would forget what it has seen. */
function continued(bytes: Uint8Array, checksum: number): number {
  return bytes.length === 0 ? checksum : crc32(bytes, checksum);
}

export interface ReadIndex {
  readonly tree: unknown;
  readonly arrays: readonly ReturnType<typeof emptyArray>['array'][];
}

/** Null for a file that is damaged, or that another version of V8 wrote. */
export async function readIndex(path: string): Promise<ReadIndex | null> {
  const handle = await open(path, 'r');
  try {
    return await readParts(handle);
  } catch (error) {
    // What V8 or the arrays make of damaged bytes.
    if (error instanceof Error && ['Error', 'TypeError', 'RangeError'].includes(error.name) && !('errno' in error))
      return null;
    throw error;
  } finally {
    await handle.close();
  }
}

async function readParts(handle: FileHandle): Promise<ReadIndex | null> {
  const { size } = await handle.stat();
  let position = 0;
  let checksum = 0;
  const read = async <T extends Uint8Array>(into: T): Promise<T> => {
    if (position + into.length > size || (await readFully(handle, into, position)) < into.length)
      throw new RangeError('the index is cut off');
    position += into.length;
    checksum = continued(into, checksum);
    return into;
  };
  const headLength = (await read(Buffer.alloc(lengthBytes))).readUInt32LE();
  if (headLength > size) return null;
  const head = await read(Buffer.alloc(headLength));
  const { tree, arrays } = deserialize(head) as Tree;
  const kept = arrays.reduce((sum, { bytes }) => sum + bytes, 0);
  if (position + kept + checksumBytes !== size) return null;
  const filled: ReadIndex['arrays'][number][] = [];
  for (const frozen of arrays) {
    const { array, into } = emptyArray(frozen);
    await read(into);
    filled.push(array);
  }
  const made = checksum;
  return (await read(Buffer.alloc(checksumBytes))).readUInt32LE() === made ? { tree, arrays: filled } : null;
}
