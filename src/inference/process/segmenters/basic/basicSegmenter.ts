import type { Box, Size } from '../../../../core/geometry/box';
import type { Pixels } from '../../../../protocol/segment';
import type { Decoded, Embedding, NamedTensor, Prompts, Segmenter, SegmenterFacts } from '../../../segmenter';
import { ClickHistory } from './clickHistory';
import { maskOfTensor, maskTensor } from './givenMask';
import { agrees, mended } from './mended';

/** Larger pictures are scaled down to this: borders are not drawn finer. */
const side = 1024;

/**
 * The segmenter that ships: without weights, in TypeScript (see `basicMask`). It does not go through ONNX Runtime, for a minimum
 * cut is no step of a graph; what it is worth is told in docs/models.md.
 */
export class BasicSegmenter implements Segmenter {
  readonly facts: SegmenterFacts = { input: { side, fit: 'atMost' }, feedback: false, boxes: true, threshold: 0 };

  /** Of the picture that was last clicked on. */
  private last: { readonly data: unknown; readonly history: ClickHistory } | null = null;

  /** The embedding is the picture itself. */
  async encode({ width, height, rgb }: Pixels): Promise<Embedding> {
    return { pixels: { type: 'uint8', dims: [height, width, 3], data: rgb } };
  }

  /**
   * @param previous a mask that is to be mended, where it did not come from clicks alone; else that of a candidate that was chosen, which
   * says in which part of the picture the object is.
   */
  async decode(
    embedding: Embedding,
    { clicks, box, seen }: Prompts,
    previous: NamedTensor | null = null,
  ): Promise<Decoded> {
    const pixels = pixelsOf(embedding);
    const [across, down] = [pixels.width / seen.width, pixels.height / seen.height];
    const own = clicks.map(({ x, y, positive }) => ({
      x: (x + 0.5) * across - 0.5,
      y: (y + 0.5) * down - 0.5,
      positive,
    }));
    const base = previous === null ? null : maskOfTensor(previous, pixels);
    const click = own.at(-1);
    // Where the mask is what the last click wants, a box is what is new.
    if (base !== null && click !== undefined && (box === null || !agrees(base, click, pixels))) {
      const mask = mended(pixels, base, own);
      return { masks: [decoded(mask, maskTensor(mask, pixels), pixels)], best: 0 };
    }
    const masks = this.historyOf(pixels).masks(
      own,
      box && { x1: box.x1 * across, y1: box.y1 * down, x2: box.x2 * across, y2: box.y2 * down },
      viewOf(previous),
    );
    return { masks: masks.map(({ mask, root }) => decoded(mask, viewTensor(root), pixels)), best: 0 };
  }

  previousOf(mask: Uint8Array, seen: Size): NamedTensor | null {
    return maskTensor(mask, seen);
  }

  async release(): Promise<void> {
    this.last = null;
  }

  private historyOf(pixels: Pixels): ClickHistory {
    if (this.last?.data !== pixels.rgb) this.last = { data: pixels.rgb, history: new ClickHistory(pixels) };
    return this.last.history;
  }
}

function decoded(mask: Uint8Array, lowRes: NamedTensor, { width, height }: Size): Decoded['masks'][number] {
  const data = new Float32Array(mask.length);
  for (let i = 0; i < data.length; i++) data[i] = mask[i] === 1 ? 1 : -1;
  return { logits: { width, height, data }, lowRes, score: null, stability: null };
}

function viewTensor({ x1, y1, x2, y2 }: Box): NamedTensor {
  return { type: 'float32', dims: [4], data: Float32Array.of(x1, y1, x2, y2) };
}

function viewOf(previous: NamedTensor | null): Box | null {
  if (previous === null || previous.type !== 'float32' || previous.data.length !== 4) return null;
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = Array.from(previous.data, Number);
  return { x1, y1, x2, y2 };
}

function pixelsOf(embedding: Embedding): Pixels {
  const { dims = [], data } = embedding.pixels ?? {};
  const [height = 0, width = 0] = dims;
  if (!(data instanceof Uint8Array)) throw new Error('the embedding is not of this segmenter');
  return { width, height, rgb: data };
}
