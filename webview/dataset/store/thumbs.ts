import { Lru } from '../../../src/core/collections/lru';
import type { Paint } from '../../../src/protocol/rollouts';
import { errorText } from '../../rollouts/store/host';

/** Sides that thumbnails are made in; one in between is scaled down from the next. */
const sides = [128, 256, 512] as const;

/** Requests under way at once: the media child works on a few, and what was scrolled away must not stand before what is seen. */
const together = 12;

export type Thumb =
  | { readonly kind: 'there'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface ThumbsOptions {
  /** Whole originals are turned as EXIF says; encoded pictures come so. */
  readonly upright: boolean;
  readonly fetch: (index: number, maxSide: number, signal: AbortSignal) => Promise<Paint>;
  readonly onChange: () => void;
}

/** Pictures of the grid by image: the visible ones are asked for first, those that were scrolled away no more. */
export class Thumbs {
  private readonly known = new Lru<number, Thumb>(4000);
  private readonly running = new Map<number, AbortController>();
  /** The most wanted last. */
  private queue: { readonly key: number; readonly image: number; readonly side: number }[] = [];

  /** Of the last thumbnails that came, how many did not: the images may lie somewhere else altogether. */
  failures = 0;

  constructor(private readonly options: ThumbsOptions) {}

  /** As it is there; a smaller or larger one until the right one is. */
  get(image: number, pixels: number): Thumb | null {
    const side = sideFor(pixels);
    const exact = this.known.get(keyOf(image, side));
    if (exact !== undefined) return exact;
    for (const other of sides) {
      const thumb = this.known.peek(keyOf(image, other));
      if (thumb !== undefined) return thumb;
    }
    return null;
  }

  /** What should be there, the most wanted first. What is not named any more is no longer asked for. */
  want(images: readonly number[], pixels: number): void {
    const side = sideFor(pixels);
    const wanted = images.map((image) => ({ key: keyOf(image, side), image, side }));
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, controller] of this.running) {
      if (keys.has(key)) continue;
      controller.abort();
      this.running.delete(key);
    }
    this.queue = wanted.filter(({ key }) => this.known.peek(key) === undefined && !this.running.has(key)).reverse();
    this.pump();
  }

  /** Images may lie elsewhere now. */
  clear(): void {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.queue = [];
    this.known.clear();
    this.failures = 0;
  }

  private pump(): void {
    while (this.running.size < together) {
      const next = this.queue.pop();
      if (next === undefined) return;
      void this.load(next.key, next.image, next.side);
    }
  }

  private async load(key: number, image: number, side: number): Promise<void> {
    const controller = new AbortController();
    this.running.set(key, controller);
    try {
      const paint = await this.options.fetch(image, side, controller.signal);
      const thumb = await thumbOf(paint, side, this.options.upright);
      if (controller.signal.aborted) return;
      this.failures = thumb.kind === 'failed' ? this.failures + 1 : 0;
      this.known.set(key, thumb);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.known.set(key, { kind: 'failed', message: errorText(error) });
    } finally {
      if (this.running.get(key) === controller) this.running.delete(key);
      this.pump();
    }
    this.options.onChange();
  }
}

/** A number, since a cell asks for its picture whenever it is painted; no side is larger than 512. */
const keyOf = (image: number, side: number): number => image * 1024 + side;

function sideFor(pixels: number): number {
  return sides.find((side) => side >= pixels * 0.9) ?? sides[sides.length - 1] ?? 512;
}

async function thumbOf(paint: Paint, side: number, upright: boolean): Promise<Thumb> {
  switch (paint.kind) {
    case 'uri':
      return { kind: 'there', url: paint.uri };
    case 'bytes':
      return { kind: 'there', url: await shrunk(paint.bytes, paint.mime, side, upright) };
    case 'error':
      return { kind: 'failed', message: paint.message };
  }
}

/** Originals that come whole, where nothing else decodes: thousands of them must not stay. */
async function shrunk(bytes: Uint8Array, mime: string, side: number, upright: boolean): Promise<string> {
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: mime }), {
    imageOrientation: upright ? 'from-image' : 'none',
  });
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.toDataURL('image/jpeg', 0.8);
}
