import type { RolloutRecord } from '../../../core/trajectory/rollout';
import { sampleKey } from '../../../core/trajectory/sampleKey';
import { textHash } from '../images/textHash';

/** The sample that each group asks, by group: what joins one prompt's groups across steps and runs. */
export class SampleTable {
  /** Hash of the sample's key by group; NaN for a group that says nothing about its prompt. */
  private hashes = new Float64Array(256);
  private length = 0;

  /** Takes the first row of the next group. */
  add({ prompt, groundTruth, imageName, imageView }: RolloutRecord): void {
    if (this.length === this.hashes.length) {
      const bigger = new Float64Array(this.length * 2);
      bigger.set(this.hashes);
      this.hashes = bigger;
    }
    const image = imageName ?? (imageView?.kind === 'embedded' ? (imageView.key ?? null) : null);
    // Two images without a name, each inside its own row, may differ under one prompt: such rows are joined to none.
    const nameless = image === null && imageView !== undefined;
    const key = nameless ? null : sampleKey({ prompt, groundTruth, image });
    this.hashes[this.length++] = key === null ? Number.NaN : textHash(key);
  }

  /** Equal for equal samples of any trace; null for a group that says nothing about its prompt. */
  hash(group: number): number | null {
    const hash = this.hashes[group] ?? Number.NaN;
    return Number.isNaN(hash) ? null : hash;
  }

  /** Groups that ask what `group` asks, itself among them, in the order of the trace. */
  same(group: number): readonly number[] {
    const hash = this.hashes[group] ?? Number.NaN;
    if (Number.isNaN(hash)) return [group];
    const found: number[] = [];
    for (let other = 0; other < this.length; other++) if (this.hashes[other] === hash) found.push(other);
    return found;
  }
}
