import type { Noted } from '../../src/core/annotation/annotation';
import type { DrawnMask } from '../../src/core/click/maskAnnotation';
import type { Size } from '../../src/core/geometry/box';
import { countsOf, runsOfPixels } from '../../src/core/mask/cocoMask';
import type { CanvasPrompt, ModelChoice, SegmentReply } from '../../src/protocol/canvasSegment';
import type { ModelInfo, SegmentCandidate } from '../../src/protocol/segment';
import { imageSize } from './fakeRollouts';

function model(id: string, title: string, feedback: boolean): ModelInfo {
  const files = { encoder: null, decoder: null, inputSize: null, bytes: 0 };
  return { id, title, dialect: id, ...files, feedback, boxes: true, precision: 'float32' };
}

export const fakeModels: ModelChoice = {
  models: [model('basic', 'Basic', false), model('/models/sam2.onnx', 'SAM 2.1 · tiny', true)],
  chosen: 'basic',
  trouble: null,
};

/** A segmenter whose masks are discs around clicks and the ellipse of a box, in three sizes. */
export class FakeSegment {
  readonly prompts: CanvasPrompt[] = [];
  /** Answers wait until they are let go. */
  held = false;
  /** What every prompt is answered instead of a mask. */
  trouble: string | null = null;
  release: () => void = () => undefined;

  async prepare(): Promise<{ total: number }> {
    if (this.held) await this.letGo();
    return { total: 12 };
  }

  async run(prompt: CanvasPrompt, size: Size = imageSize): Promise<SegmentReply> {
    this.prompts.push(prompt);
    if (this.held) await this.letGo();
    if (this.trouble !== null) return { down: this.trouble };
    const candidates = [60, 90, 140].map((radius, i): SegmentCandidate => {
      const mask = { size: [size.height, size.width] as const, counts: disc(prompt, radius, size) };
      return { mask, score: 0.9 - i * 0.1, stability: 0.95, handle: `${this.prompts.length}-${i}` };
    });
    return {
      answer: {
        candidates,
        best: 1,
        imageSize: size,
        model: prompt.model,
        provider: 'cpu',
        precision: 'float32',
        embedding: 'memory',
        fedBack: prompt.previous !== null,
        timings: { waited: 0, pixels: 0, encode: 0, decode: 20, total: 31 },
      },
    };
  }

  private letGo(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.release;
      this.release = () => {
        before();
        resolve();
      };
    });
  }
}

/** Masks that people drew: blobs with ragged borders, all over the image. */
export function fakeMasks(count: number): Readonly<Record<string, Noted<DrawnMask>>> {
  const { width, height } = imageSize;
  const columns = Math.ceil(Math.sqrt((count * width) / height));
  const step = width / columns;
  const entries = Array.from({ length: count }, (_, i) => {
    const pixels = new Uint8Array(width * height);
    const [x, y] = [((i % columns) + 0.5) * step, (Math.floor(i / columns) + 0.5) * step];
    for (let row = Math.max(0, Math.round(y - step)); row < Math.min(height, y + step); row++)
      for (let column = Math.max(0, Math.round(x - step)); column < Math.min(width, x + step); column++) {
        const angle = Math.atan2(row - y, column - x);
        const radius = step * (0.4 + 0.08 * Math.sin(5 * angle + i) + 0.03 * Math.sin(23 * angle));
        const far = Math.hypot(row - y, column - x);
        if (far < radius && (i % 4 !== 0 || far > radius * 0.4)) pixels[row * width + column] = 1;
      }
    const mask = { size: [height, width] as const, counts: countsOf(runsOfPixels(pixels, width, height)) };
    const label = ['kite', 'person', 'sail', null][i % 4] ?? null;
    const value = {
      label,
      mask,
      score: i % 3 === 0 ? null : 0.9,
      model: i % 3 === 0 ? null : 'Basic',
      box: null,
      clicks: [],
    };
    return [`mask-${i}`, { author: 'Ada', time: '2026-01-02T03:04:05.000Z', value }] as const;
  });
  return Object.fromEntries(entries);
}

function disc({ clicks, box }: CanvasPrompt, radius: number, { width, height }: Size): string {
  const pixels = new Uint8Array(width * height);
  const fill = (x: number, y: number, rx: number, ry: number, value: number) => {
    for (let row = Math.max(0, Math.ceil(y - ry)); row < Math.min(height, y + ry); row++) {
      const half = rx * Math.sqrt(Math.max(0, 1 - ((row - y) / ry) ** 2));
      pixels.fill(
        value,
        row * width + Math.max(0, Math.round(x - half)),
        row * width + Math.min(width, Math.round(x + half)),
      );
    }
  };
  if (box !== null) fill((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2, (box.x2 - box.x1) / 2, (box.y2 - box.y1) / 2, 1);
  for (const { x, y, positive } of clicks) fill(x, y, radius, radius * 1.3, positive ? 1 : 0);
  return countsOf(runsOfPixels(pixels, width, height));
}
