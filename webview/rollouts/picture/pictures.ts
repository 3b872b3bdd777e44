import { Lru } from '../../../src/core/collections/lru';
import type { Box, Size } from '../../../src/core/geometry/box';
import type { Paint } from '../../../src/protocol/rollouts';
import { decodePaint, type Picture } from './decode';

export interface PicturesOptions {
  readonly preview: (group: number, maxSide: number, signal: AbortSignal) => Promise<Paint>;
  readonly region: (group: number, box: Box, maxSide: number, signal: AbortSignal) => Promise<Paint>;
}

interface Running {
  readonly controller: AbortController;
  readonly answer: Promise<Picture>;
}

/** Decoded previews of the groups visited last and prefetched, one request each, and parts in full resolution. */
export class Pictures {
  private readonly known = new Lru<string, Picture>(8);
  private readonly parts = new Lru<string, Picture>(120);
  private readonly running = new Map<string, Running>();
  private readonly images = new Map<number, string>();
  private epoch = 0;

  constructor(private readonly options: PicturesOptions) {}

  /** The sharpest preview at hand that is at least as large as asked for, or any smaller one. */
  get(group: number, side: number): Picture | null {
    const exact = this.known.get(`${group}:${side}`);
    if (exact !== undefined) return exact;
    for (const key of this.known.keys()) if (key.startsWith(`${group}:`)) return this.known.peek(key) ?? null;
    return null;
  }

  has(group: number, side: number): boolean {
    return this.known.peek(`${group}:${side}`) !== undefined;
  }

  /** Rejects with the host's message when there is no picture. */
  load(group: number, side: number): Promise<Picture> {
    const key = `${group}:${side}`;
    const there = this.known.get(key);
    if (there !== undefined) return Promise.resolve(there);
    const running = this.running.get(key);
    if (running !== undefined) return running.answer;
    const controller = new AbortController();
    const answer = this.request(key, group, side, controller);
    this.running.set(key, { controller, answer });
    return answer;
  }

  /** A part of the image. Cut locally where the whole image is at hand in full. */
  async part(group: number, box: Box, maxSide: number, signal: AbortSignal): Promise<Picture> {
    const key = `${group}:${box.x1},${box.y1},${box.x2},${box.y2}:${maxSide}`;
    const there = this.parts.get(key);
    if (there !== undefined) return there;
    const epoch = this.epoch;
    const whole = this.whole(group);
    const picture =
      whole === null
        ? await decodePaint(await this.options.region(group, box, maxSide, signal), box)
        : await cut(whole, box, maxSide);
    if (epoch === this.epoch) this.parts.set(key, picture);
    return picture;
  }

  /** Requests for other groups are aborted. */
  keepOnly(groups: readonly number[]): void {
    for (const [key, { controller }] of this.running) {
      if (groups.some((group) => key.startsWith(`${group}:`))) continue;
      controller.abort();
      this.running.delete(key);
    }
  }

  /** Names the group's image as the host now has it; pictures of another one are forgotten. */
  confirm(group: number, image: string): void {
    const before = this.images.get(group);
    this.images.set(group, image);
    if (before === undefined || before === image) return;
    this.epoch++;
    for (const store of [this.known, this.parts])
      for (const key of [...store.keys()]) if (key.startsWith(`${group}:`)) store.delete(key);
  }

  private whole(group: number): Picture | null {
    for (const key of this.known.keys()) {
      const picture = key.startsWith(`${group}:`) ? this.known.peek(key) : undefined;
      if (picture?.whole) return picture;
    }
    return null;
  }

  private async request(key: string, group: number, side: number, controller: AbortController): Promise<Picture> {
    const epoch = this.epoch;
    try {
      const picture = await decodePaint(await this.options.preview(group, side, controller.signal), null);
      if (epoch === this.epoch) this.known.set(key, picture);
      return picture;
    } finally {
      if (this.running.get(key)?.controller === controller) this.running.delete(key);
    }
  }
}

async function cut(picture: Picture, box: Box, maxSide: number): Promise<Picture> {
  const width = Math.max(1, box.x2 - box.x1);
  const height = Math.max(1, box.y2 - box.y1);
  const shrink = Math.min(1, maxSide / Math.max(width, height));
  const size: Size = {
    width: Math.max(1, Math.round(width * shrink)),
    height: Math.max(1, Math.round(height * shrink)),
  };
  const source = await createImageBitmap(picture.source, box.x1, box.y1, width, height, {
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: 'high',
  });
  return { source, size, original: picture.original, whole: false };
}
