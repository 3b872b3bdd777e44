import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DifferenceHash } from '../../core/dataset/differenceHash';
import type { PictureCache } from './cache';

/** Changes whenever the same pixels would get another hash. */
const algorithm = 1;
/** Files that all hashes are spread over, so that one that is lost, or written anew, is a small part of them. */
const shards = 16;
/** Hashes of one file, 330 KB: a quarter of a million all together, the oldest go first. */
const most = 16_384;
const keyBytes = 12;
const recordBytes = keyBytes + 8;
const checkBytes = 16;
/** Milliseconds between two writes while hashes are made. */
const pause = 3000;

type Shard = Map<string, DifferenceHash>;

/**
 * Difference hashes in the picture cache, found again by every window until their files change. A file of them is a checksum
 * (the first half of its rest's SHA-256) and records of key and hash; one that is torn or altered counts as none.
 */
export class HashStore {
  private readonly loaded = new Map<number, Promise<Shard>>();
  private readonly changed = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly cache: PictureCache) {}

  async find(parts: readonly string[]): Promise<DifferenceHash | null> {
    const { key, shard } = placeOf(parts);
    return (await this.shard(shard)).get(key) ?? null;
  }

  async put(parts: readonly string[], hash: DifferenceHash): Promise<void> {
    const { key, shard } = placeOf(parts);
    keep(await this.shard(shard), key, hash);
    this.changed.add(shard);
    this.timer ??= setTimeout(() => void this.write(), pause).unref();
  }

  private shard(shard: number): Promise<Shard> {
    const known = this.loaded.get(shard) ?? this.read(shard);
    this.loaded.set(shard, known);
    return known;
  }

  private async read(shard: number): Promise<Shard> {
    try {
      const entry = await this.cache.find(this.nameOf(shard));
      const tooLarge = entry === null || entry.bytes > checkBytes + most * recordBytes;
      return tooLarge ? new Map() : decodeHashes(await readFile(entry.path));
    } catch {
      // What cannot be read is made again.
      return new Map();
    }
  }

  /** Other windows write too: theirs are kept, below ours. */
  private async write(): Promise<void> {
    const changed = [...this.changed];
    this.changed.clear();
    try {
      for (const shard of changed) {
        const merged = await this.read(shard);
        for (const [key, hash] of await this.shard(shard)) keep(merged, key, hash);
        await this.cache.store(this.nameOf(shard), encodeHashes(merged));
      }
    } catch {
      // A cache that takes no more costs a second search its speed, and nothing else.
    } finally {
      this.timer = this.changed.size === 0 ? undefined : setTimeout(() => void this.write(), pause).unref();
    }
  }

  private nameOf(shard: number): string {
    return this.cache.hashesNameOf(['hashes', algorithm, shard]);
  }
}

function placeOf(parts: readonly string[]): { readonly key: string; readonly shard: number } {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return { key: digest.toString('hex', 0, keyBytes), shard: (digest[keyBytes] ?? 0) % shards };
}

function keep(into: Shard, key: string, hash: DifferenceHash): void {
  into.delete(key);
  into.set(key, hash);
  for (const oldest of into.keys()) {
    if (into.size <= most) break;
    into.delete(oldest);
  }
}

function encodeHashes(hashes: Shard): Uint8Array {
  const bytes = Buffer.alloc(checkBytes + hashes.size * recordBytes);
  let at = checkBytes;
  for (const [key, [high, low]] of hashes) {
    bytes.write(key, at, 'hex');
    bytes.writeUInt32LE(high, at + keyBytes);
    bytes.writeUInt32LE(low, at + keyBytes + 4);
    at += recordBytes;
  }
  checkOf(bytes).copy(bytes);
  return bytes;
}

/** Empty for what was not written whole. */
function decodeHashes(bytes: Buffer): Shard {
  const hashes: Shard = new Map();
  if (bytes.length < checkBytes || !checkOf(bytes).equals(bytes.subarray(0, checkBytes))) return hashes;
  for (let at = checkBytes; at + recordBytes <= bytes.length; at += recordBytes) {
    const hash = [bytes.readUInt32LE(at + keyBytes), bytes.readUInt32LE(at + keyBytes + 4)] as const;
    hashes.set(bytes.toString('hex', at, at + keyBytes), hash);
  }
  return hashes;
}

function checkOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(checkBytes)).digest().subarray(0, checkBytes);
}
