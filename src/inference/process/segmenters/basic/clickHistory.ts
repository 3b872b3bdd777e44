import type { Box } from '../../../../core/geometry/box';
import type { ClickPrompt, Pixels } from '../../../../protocol/segment';
import { basicMask } from './basicMask';
import { reachOf } from './reach';
import type { ReachingClick } from './seeds';

interface Step {
  readonly mask: Uint8Array;
  readonly clicks: readonly ReachingClick[];
}

/** Masks of one picture that are kept: those of an object's clicks, so that each new one costs one mask. */
const mostSteps = 24;

/**
 * Masks after each of a series of clicks. What a click means depends on the mask it was made upon, which is a matter of the
 * clicks before it: the same clicks in the same order give the same mask, whatever is remembered.
 */
export class ClickHistory {
  private readonly steps = new Map<string, Step>();

  constructor(private readonly pixels: Pixels) {}

  /** @returns row-major at the picture's size, 1 in the mask. */
  mask(clicks: readonly ClickPrompt[], box: Box | null): Uint8Array {
    return this.step(clicks, box).mask;
  }

  private step(clicks: readonly ClickPrompt[], box: Box | null): Step {
    // A loop rather than recursion: clicks may be many.
    let known = clicks.length;
    while (known > 0 && !this.steps.has(keyOf(clicks.slice(0, known), box))) known--;
    let step = this.steps.get(keyOf(clicks.slice(0, known), box)) ?? this.first(box);
    for (let count = known + 1; count <= clicks.length; count++) {
      const click = clicks[count - 1];
      if (click === undefined) break;
      const before = count === 1 && box === null ? null : step.mask;
      const reaching = [...step.clicks, { ...click, reach: reachOf(click, before, this.pixels) }];
      step = { clicks: reaching, mask: basicMask(this.pixels, { clicks: reaching, box }) };
      this.keep(keyOf(clicks.slice(0, count), box), step);
    }
    return step;
  }

  private first(box: Box | null): Step {
    if (box === null) return { clicks: [], mask: new Uint8Array(this.pixels.width * this.pixels.height) };
    const step = { clicks: [], mask: basicMask(this.pixels, { clicks: [], box }) };
    this.keep(keyOf([], box), step);
    return step;
  }

  private keep(key: string, step: Step): void {
    this.steps.set(key, step);
    for (const oldest of this.steps.keys()) {
      if (this.steps.size <= mostSteps) break;
      this.steps.delete(oldest);
    }
  }
}

const keyOf = (clicks: readonly ClickPrompt[], box: Box | null): string =>
  JSON.stringify([box, clicks.map(({ x, y, positive }) => [x, y, positive])]);
