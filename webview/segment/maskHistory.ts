import type { ClickRecord } from '../../src/core/click/maskAnnotation';
import type { Box } from '../../src/core/geometry/box';
import type { CocoMask } from '../../src/core/mask/cocoMask';
import { runsOf } from '../../src/core/mask/rle';
import { runsIou } from '../../src/core/mask/runsIou';
import type { ClickPrompt } from '../../src/protocol/segment';

/** A mask that is offered; `handle` names it to the model that made it, null for one that a person drew. */
export interface Candidate {
  readonly mask: CocoMask;
  readonly score: number | null;
  readonly handle: string | null;
}

/** The mask in hand, with the others that the same prompt made. */
export interface Held {
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  /** What the model saw; null for all of the image. */
  readonly crop: Box | null;
  /** Id of the model, for its handles; null for a mask that a person drew or that was taken up again. */
  readonly model: string | null;
  /** The model's name, which stays with a mask that a person finished. */
  readonly name: string | null;
}

/** What a person did to a mask. */
export type Deed =
  | { readonly kind: 'click'; readonly click: ClickPrompt }
  | { readonly kind: 'box'; readonly box: Box }
  | { readonly kind: 'paint' };

/** A deed with what it made of the mask; null while that is not known. */
export interface Step {
  readonly deed: Deed;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly before: Held | null;
  after: Held | null;
  undone: boolean;
}

export const maskOf = (held: Held | null): CocoMask | null => held?.candidates[held.chosen]?.mask ?? null;

/**
 * The steps that led to a mask: those that stand, those that were taken back and can be done again, and every one there ever
 * was, because each click is data.
 */
export class MaskHistory {
  private readonly all: Step[] = [];
  private standing: Step[] = [];
  private taken: Step[] = [];

  /** @param base the mask that was taken up again, and the prompts that made it. */
  constructor(
    readonly base: Held | null = null,
    private readonly baseClicks: readonly ClickRecord[] = [],
    private readonly baseBox: Box | null = null,
  ) {}

  get last(): Step | null {
    return this.standing.at(-1) ?? null;
  }

  get held(): Held | null {
    const { last } = this;
    return last === null ? this.base : (last.after ?? last.before);
  }

  get empty(): boolean {
    return this.base === null && this.standing.length === 0;
  }

  get canRedo(): boolean {
    return this.taken.length > 0;
  }

  /** Clicks that stand, in order. */
  get clicks(): readonly ClickPrompt[] {
    const kept = this.baseClicks.filter(({ undone }) => !undone);
    return [
      ...kept.map(({ x, y, positive }) => ({ x, y, positive })),
      ...this.standing.flatMap(({ deed }) => (deed.kind === 'click' ? [deed.click] : [])),
    ];
  }

  /** The last box that stands. */
  get box(): Box | null {
    const drawn = this.standing.findLast(({ deed }) => deed.kind === 'box')?.deed;
    return drawn?.kind === 'box' ? drawn.box : this.baseBox;
  }

  add(deed: Deed, time: string, after: Held | null = null): Step {
    const step: Step = { deed, time, before: this.held, after, undone: false };
    this.all.push(step);
    this.standing.push(step);
    this.taken = [];
    return step;
  }

  /** Takes the last step back; null when there is none. */
  undo(): Step | null {
    const step = this.standing.pop() ?? null;
    if (step === null) return null;
    step.undone = true;
    this.taken.push(step);
    return step;
  }

  redo(): Step | null {
    const step = this.taken.pop() ?? null;
    if (step === null) return null;
    step.undone = false;
    this.standing.push(step);
    return step;
  }

  /** A step that came to nothing is no longer there. */
  drop(step: Step): void {
    this.standing = this.standing.filter((other) => other !== step);
    this.all.splice(this.all.indexOf(step), 1);
  }

  /** Every click with the mask before and after it, and its IoU with the truth where that is of the mask's size. */
  records(truth: CocoMask | null): readonly ClickRecord[] {
    const made = this.all.flatMap(({ deed, time, before, after, undone }): ClickRecord[] => {
      if (deed.kind !== 'click') return [];
      const now = maskOf(after ?? before);
      return [{ ...deed.click, time, before: maskOf(before), after: now, iou: iouOf(now, truth), undone }];
    });
    return [...this.baseClicks, ...made];
  }
}

/** IoU of two masks; null without one of them, and for masks of two sizes. */
export function iouOf(mask: CocoMask | null, truth: CocoMask | null): number | null {
  if (truth === null || mask === null) return null;
  if (mask.size[0] !== truth.size[0] || mask.size[1] !== truth.size[1]) return null;
  return runsIou(runsOf(mask.counts, mask.size), runsOf(truth.counts, truth.size));
}
