import type { CocoMask } from '../../src/core/mask/cocoMask';
import type { Point } from '../canvas/view';

/** Milliseconds that the pointer rests before it is asked what lies under it. */
const rest = 40;

/**
 * The mask that a click where the pointer is would make. One question at a time is under way, and of the places the pointer came to
 * meanwhile only the last is asked about.
 */
export class HoverPreview {
  mask: CocoMask | null = null;
  private wanted: Point | null = null;
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ask null where there is nothing to be asked; it may reject, which is no news. */
  constructor(
    private readonly ask: (at: Point, signal: AbortSignal) => Promise<CocoMask | null>,
    private readonly changed: () => void,
  ) {}

  point(at: Point | null): void {
    if (at?.x === this.wanted?.x && at?.y === this.wanted?.y) return;
    this.wanted = at;
    if (at === null) this.stop();
    else if (this.running === null) this.soon();
  }

  stop(): void {
    this.wanted = null;
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = null;
    if (this.mask === null) return;
    this.mask = null;
    this.changed();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.next(), rest);
  }

  private async next(): Promise<void> {
    const at = this.wanted;
    if (at === null) return;
    const controller = new AbortController();
    this.running = controller;
    const found = await this.ask(at, controller.signal).catch(() => null);
    if (controller.signal.aborted) return;
    this.running = null;
    this.mask = found;
    this.changed();
    if (this.wanted !== at) this.soon();
  }
}
