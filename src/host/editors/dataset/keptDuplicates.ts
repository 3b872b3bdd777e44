import type { DifferenceHash } from '../../../core/dataset/differenceHash';
import type { ImageSetProgress } from '../../../protocol/imageSet';
import type { ImageSetLink } from './imageSetLink';

/** Images asked about at a time. */
const together = 500;

export interface KeptDuplicatesParts {
  readonly link: Pick<ImageSetLink, 'openings' | 'whenOpen' | 'ask'>;
  /** Of images that were hashed and did not change; null for the others. */
  knownHashes(paths: readonly string[], upright: boolean): Promise<readonly (DifferenceHash | null)[]>;
  /** How many images were compared when the user looked for near-duplicates of this set; 0 where nobody did. */
  compared(): number;
  failed(error: unknown): void;
}

/**
 * Brings back the column of near-duplicates when a set is opened again whose images are as they were: from hashes that the
 * cache holds, without decoding anything. Where some are gone or changed, the user looks for them again.
 */
export class KeptDuplicates {
  private working: Promise<boolean> = Promise.resolve(false);
  /** Opening of the set that was searched. */
  private restored = 0;

  constructor(private readonly parts: KeptDuplicatesParts) {}

  /** Called when the set is read, however often that is told. True, once, where the column is there again. */
  async restore({ images }: Pick<ImageSetProgress, 'images'>): Promise<boolean> {
    const { openings } = this.parts.link;
    if (openings === this.restored) return false;
    this.restored = openings;
    this.working = this.search(images).catch((error: unknown) => {
      this.parts.failed(error);
      return false;
    });
    return this.working;
  }

  /** What was begun is done: a query over the column finds it, if it comes back at all. */
  async settled(): Promise<void> {
    await this.working;
  }

  private async search(images: number): Promise<boolean> {
    const { link, knownHashes, compared } = this.parts;
    const wanted = compared();
    if (wanted === 0 || images < wanted) return false;
    const { frame } = await link.whenOpen();
    const found: number[] = [];
    const hashes: number[] = [];
    for (let start = 0; start < images; start += together) {
      const count = Math.min(together, images - start);
      const paths = await link.ask('imageset/files', { start, count }, { deadline: 60_000 });
      const there = paths.flatMap((path, i) => (path === null ? [] : [{ path, image: start + i }]));
      const known = await knownHashes(
        there.map(({ path }) => path),
        frame === 'oriented',
      );
      known.forEach((hash, i) => {
        if (hash === null) return;
        found.push(there[i]?.image ?? 0);
        hashes.push(...hash);
      });
      if (start + count - found.length > images - wanted) return false;
    }
    const hashed = { images: Uint32Array.from(found), hashes: Uint32Array.from(hashes) };
    await link.ask('imageset/duplicates', { hashed }, { deadline: Number.POSITIVE_INFINITY });
    return true;
  }
}
