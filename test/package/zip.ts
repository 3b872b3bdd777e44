import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** Bytes unpacked. */
  readonly size: number;
  read(): Buffer;
}

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;

/** Entries of a zip archive below 4 GB, as `vsce` writes them: stored or deflated. */
export async function readZip(path: string): Promise<readonly ZipEntry[]> {
  const bytes = await readFile(path);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== endRecord) end--;
  if (end < 0) throw new Error(`${path} is not a zip archive`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== centralRecord) throw new Error(`${path}: broken directory at ${at}`);
    const nameLength = bytes.readUInt16LE(at + 28);
    const place = {
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      local: bytes.readUInt32LE(at + 42),
    };
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      size: bytes.readUInt32LE(at + 24),
      read: () => content(bytes, place),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function content(bytes: Buffer, place: { method: number; packed: number; local: number }): Buffer {
  const { method, packed, local } = place;
  if (bytes.readUInt32LE(local) !== localRecord) throw new Error(`broken entry at ${local}`);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const data = bytes.subarray(start, start + packed);
  return method === 0 ? data : inflateRawSync(data);
}
