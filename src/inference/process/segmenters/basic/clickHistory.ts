import type { Box } from '../../../../core/geometry/box';
import type { ClickPrompt, Pixels } from '../../../../protocol/segment';
import { drawn, foundIn } from './basicMask';
import { chosenView, type Seen, seen } from './chosenView';
import { reachOf } from './reach';
import type { ReachingClick } from './seeds';
import { grown, viewOfBox, viewsOf, wholeView } from './views';

/** A mask of the whole picture, row-major and 1 in it, and the part in which its first click's object was looked for. */
export interface ViewedMask {
  readonly mask: Uint8Array;
  readonly root: Box;
}

interface Step extends ViewedMask {
  readonly clicks: readonly ReachingClick[];
  /** The part that was looked at last: it grows with the clicks. */
  readonly view: Box;
  /** What other views of a first click show, with their borders as they were found. */
  readonly others: readonly ViewedMask[];
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

  /**
   * The mask to show first, then others where the click may mean them.
   * @param root the part in which the first click's object is; null to find out.
   */
  masks(clicks: readonly ClickPrompt[], box: Box | null, root: Box | null): readonly ViewedMask[] {
    const found = box === null ? this.steps.get(keyOf(clicks.slice(0, 1), null, null)) : undefined;
    const isKnown = box !== null || (found !== undefined && JSON.stringify(found.root) === JSON.stringify(root));
    const step = this.step(clicks, box, isKnown ? null : root);
    return [step, ...step.others];
  }

  private step(clicks: readonly ClickPrompt[], box: Box | null, view: Box | null): Step {
    // A loop rather than recursion: clicks may be many.
    const key = (count: number) => keyOf(clicks.slice(0, count), box, view);
    let known = clicks.length;
    while (known > 0 && !this.steps.has(key(known))) known--;
    let step = this.steps.get(key(known)) ?? this.first(box, view);
    for (let count = known + 1; count <= clicks.length; count++) {
      const click = clicks[count - 1];
      if (click === undefined) break;
      step = count === 1 && box === null ? this.clicked(click, view) : this.next(step, click, box);
      this.keep(key(count), step);
    }
    return step;
  }

  private first(box: Box | null, view: Box | null): Step {
    const whole = wholeView(this.pixels);
    const nothing = { clicks: [], others: [] };
    if (box === null)
      return { ...nothing, mask: new Uint8Array(this.pixels.width * this.pixels.height), root: whole, view: whole };
    const part = viewOfBox(box, this.pixels);
    const prompts = { clicks: [], box };
    const mask = drawn(this.pixels, foundIn(this.pixels, prompts, part), prompts);
    const step = { ...nothing, mask, root: part, view: part };
    this.keep(keyOf([], box, view), step);
    return step;
  }

  /** A first click: nobody knows yet how large a thing it means. */
  private clicked(click: ClickPrompt, view: Box | null): Step {
    const clicks = [{ ...click, reach: reachOf(click, null, this.pixels) }];
    const prompts = { clicks, box: null };
    const views = view === null ? viewsOf(click, this.pixels) : [view];
    const all = views.map((part) => seen(this.pixels, foundIn(this.pixels, prompts, part)));
    const chosen = chosenView(all);
    const best = all[chosen] as Seen;
    const others = all
      .filter((_, at) => at !== chosen)
      .filter(({ whole }) => whole.includes(1))
      .map(({ whole, picture }) => ({ mask: whole, root: picture.part }));
    const root = best.picture.part;
    return { clicks, mask: drawn(this.pixels, best, prompts), root, view: root, others };
  }

  private next(before: Step, click: ClickPrompt, box: Box | null): Step {
    const clicks = [...before.clicks, { ...click, reach: reachOf(click, before.mask, this.pixels) }];
    const view = grown(before.view, click, this.pixels);
    const prompts = { clicks, box };
    const mask = drawn(this.pixels, foundIn(this.pixels, prompts, view), prompts);
    return { clicks, mask, root: before.root, view, others: [] };
  }

  private keep(key: string, step: Step): void {
    this.steps.set(key, step);
    for (const oldest of this.steps.keys()) {
      if (this.steps.size <= mostSteps) break;
      this.steps.delete(oldest);
    }
  }
}

const keyOf = (clicks: readonly ClickPrompt[], box: Box | null, view: Box | null): string =>
  JSON.stringify([box, view, clicks.map(({ x, y, positive }) => [x, y, positive])]);
