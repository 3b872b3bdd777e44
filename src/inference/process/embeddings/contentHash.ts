import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UserError } from '../../../core/text/userError';

const remembered = 1024;
/** Files up to this size are hashed whole, larger ones by samples. */
const wholeBytes = 4 * 2 ** 20;
const samples = 16;
const sampleBytes = 64 * 1024;

/** Hashes of files by their content, remembered as long as size and time stay. */
export class ContentHashes {
  private readonly known = new Map<string, { readonly facts: string; readonly hash: Promise<string> }>();

  /** Of every byte. Throws a `UserError` for a file that cannot be read. */
  whole(path: string): Promise<string> {
    return this.of(path, () => hashWhole(path));
  }

  /**
   * Of a model's file: of a large one its size, its time of change and samples evenly through it, since reading all of its weights
   * would take longer than loading them.
   */
  sampled(path: string): Promise<string> {
    return this.of(path, (size, facts) => (size <= wholeBytes ? hashWhole(path) : hashSamples(path, size, facts)));
  }

  private async of(path: string, make: (size: number, facts: string) => Promise<string>): Promise<string> {
    const { size, mtimeNs } = await factsOf(path);
    const facts = `${size}:${mtimeNs}`;
    const before = this.known.get(path);
    if (before?.facts === facts) return before.hash;
    const hash = make(Number(size), facts);
    // A failure is not remembered.
    hash.catch(() => this.known.delete(path));
    this.known.delete(path);
    this.known.set(path, { facts, hash });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= remembered) break;
      this.known.delete(oldest);
    }
    return hash;
  }
}

async function factsOf(path: string) {
  const facts = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: ${error.code === 'ENOENT' ? 'no such file' : (error.code ?? error.message)}`);
  });
  if (!facts.isFile()) throw new UserError(`${path}: not a file`);
  return facts;
}

async function hashWhole(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

async function hashSamples(path: string, size: number, facts: string): Promise<string> {
  const hash = createHash('sha256').update(facts);
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(sampleBytes);
    for (let sample = 0; sample < samples; sample++) {
      const at = Math.floor(((size - sampleBytes) * sample) / (samples - 1));
      const { bytesRead } = await file.read(buffer, 0, sampleBytes, at);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
