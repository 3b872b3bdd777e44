import type { MaskClick } from '../../../src/core/click/annotator';
import type { Box, Size } from '../../../src/core/geometry/box';
import { BasicSegmenter } from '../../../src/inference/process/segmenters/basic/basicSegmenter';
import type { Embedding } from '../../../src/inference/segmenter';
import type { ClickedMask, ClickSegmenter } from './contest';

/** The segmenter that ships. */
export class Basic implements ClickSegmenter {
  readonly name = 'Basic';
  private readonly segmenter = new BasicSegmenter();
  private embedding: Embedding = {};
  private size: Size = { width: 0, height: 0 };

  async open(rgba: Uint8Array, size: Size): Promise<void> {
    const rgb = new Uint8Array(size.width * size.height * 3);
    for (let i = 0; i < size.width * size.height; i++) rgb.set(rgba.subarray(i * 4, i * 4 + 3), i * 3);
    this.size = size;
    this.embedding = await this.segmenter.encode({ ...size, rgb });
  }

  async segment(clicks: readonly MaskClick[], box: Box | null): Promise<ClickedMask> {
    const before = process.cpuUsage();
    const { masks, best } = await this.segmenter.decode(this.embedding, { clicks, box, seen: this.size });
    const { user, system } = process.cpuUsage(before);
    const logits = masks[best]?.logits.data ?? new Float32Array(0);
    const mask = new Uint8Array(logits.length);
    for (let i = 0; i < mask.length; i++) if ((logits[i] ?? 0) > 0) mask[i] = 1;
    return { mask, ms: (user + system) / 1000 };
  }

  stop(): void {
    // Nothing runs.
  }
}
