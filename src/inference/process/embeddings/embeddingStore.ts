import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '../../../core/geometry/box';
import { CacheShelf } from '../../../supervise/cacheShelf';
import { type EncodedImage, packEmbedding, unpackEmbedding } from './embeddingFile';

/** All that an embedding depends on. */
export interface EmbeddingKey {
  /** Hash of the image file's bytes. */
  readonly image: string;
  /** Whole pixels, stored or upright ones; null for all of them. */
  readonly crop: Box | null;
  readonly upright: boolean;
  /** Hash of the model's files. */
  readonly model: string;
  /** How the image is prepared: size, shape, normalising, type. */
  readonly input: string;
}

/** Bytes of embeddings that stay in memory. */
const memoryBytes = 256 * 2 ** 20;
const extension = '.emb';

/**
 * Embeddings in memory and in a folder that all windows share, each under a byte budget, least recently used first to go. A file
 * that is not what was written is made again.
 */
export class EmbeddingStore {
  private readonly shelf: CacheShelf;
  private readonly recent = new Map<string, EncodedImage>();
  private held = 0;

  constructor(
    private readonly folder: string,
    budget: number,
    private readonly log: (message: string) => void,
  ) {
    this.shelf = new CacheShelf(folder, budget);
  }

  nameOf({ image, crop, upright, model, input }: EmbeddingKey): string {
    return (
      createHash('sha256')
        .update(JSON.stringify([image, crop, model, input, ...(upright ? ['upright'] : [])]))
        .digest('hex')
        .slice(0, 40) + extension
    );
  }

  /** Null when it has to be made. */
  async find(name: string): Promise<{ readonly encoded: EncodedImage; readonly from: 'memory' | 'disk' } | null> {
    const known = this.recent.get(name);
    if (known !== undefined) {
      this.recent.delete(name);
      this.recent.set(name, known);
      return { encoded: known, from: 'memory' };
    }
    const encoded = await this.read(name);
    if (encoded === null) return null;
    this.remember(name, encoded);
    return { encoded, from: 'disk' };
  }

  /** Writes it to the folder. A disk that takes no more only costs the next encode. */
  async keep(name: string, encoded: EncodedImage): Promise<void> {
    try {
      await this.shelf.store(name, (path) => writeFile(path, packEmbedding(encoded)));
    } catch (error) {
      this.log(`${join(this.folder, name)}: not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async read(name: string): Promise<EncodedImage | null> {
    try {
      const path = await this.shelf.find(name);
      if (path === null) return null;
      const encoded = unpackEmbedding(await readFile(path));
      if (encoded !== null) return encoded;
      this.log(`${path}: damaged, and made again`);
      await this.shelf.remove(name);
    } catch (error) {
      // Another window may evict it between the look and the read.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.log(`${name}: ${String(error)}`);
    }
    return null;
  }

  remember(name: string, encoded: EncodedImage): void {
    const before = this.recent.get(name);
    if (before !== undefined) this.held -= bytesOf(before);
    this.recent.delete(name);
    this.recent.set(name, encoded);
    this.held += bytesOf(encoded);
    for (const [oldest, left] of this.recent) {
      if (this.held <= memoryBytes || this.recent.size === 1) break;
      this.recent.delete(oldest);
      this.held -= bytesOf(left);
    }
  }
}

function bytesOf({ tensors }: EncodedImage): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
}
