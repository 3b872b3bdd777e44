import type { Size } from '../../../src/core/geometry/box';
import type { CocoMask } from '../../../src/core/mask/cocoMask';
import { UserError } from '../../../src/core/text/userError';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { ClickPrompt, ModelInfo } from '../../../src/protocol/segment';
import type { CanvasMask } from '../../canvas/imageCanvas';
import { type Held, iouOf, maskOf } from '../../segment/maskHistory';
import { shapeOf } from '../../segment/maskShapes';
import { rerunClicks } from '../../segment/rerunClicks';
import type { SegmentBackend } from '../../segment/segmentHost';
import { clicksAreLogged } from '../chain/clicks';
import type { LookStore } from '../chain/lookStore';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { onAny, Signal } from '../store/signal';

/** Place in the palette of what was made again; the log's own masks have the first. */
export const rerunInk = 1;

/** A logged click with the mask the log has after it and the one that the local model made. */
export interface RerunClick {
  readonly click: ClickPrompt;
  readonly logged: CocoMask | null;
  /** IoU with the mask to reach, 0–1, both measured here; null without one of the two masks. */
  readonly loggedIou: number | null;
  readonly held: Held;
  readonly iou: number | null;
}

export interface RerunState {
  /** Row of the rollout. */
  readonly row: number;
  /** Null until it is known. */
  readonly model: ModelInfo | null;
  /** Clicks to make in all. */
  readonly total: number;
  readonly done: readonly RerunClick[];
  readonly running: boolean;
  /** Why it ended early, in words; `down` where only a restart helps. */
  readonly trouble: { readonly message: string; readonly down: boolean } | null;
}

/** The selected rollout's clicks made again by the local model, up to the click on show. A newer run ends the one before. */
export class ClickRerun {
  readonly state = new Signal<RerunState | null>(null);
  private running: AbortController | null = null;

  constructor(
    readonly session: Session,
    readonly looks: LookStore,
    private readonly backend: SegmentBackend,
  ) {
    onAny(() => {
      const row = session.rollout?.row;
      if (this.state.value !== null && this.state.value.row !== row) this.close();
    }, [session.place, session.detail]);
  }

  /** The click on show, 0-based; null before the first. */
  get clickOnShow(): number | null {
    const mark = this.looks.current?.mark ?? null;
    return mark?.kind === 'click' ? mark.index : null;
  }

  /** What the local model made of a click of the selected rollout; null where it was not made again. */
  at(click: number | null): RerunClick | null {
    return click === null ? null : (this.state.value?.done[click] ?? null);
  }

  /** Clicks up to the one on show, of all before the first; null, with a word on screen, where there is nothing to make again. */
  clicks(last = this.clickOnShow): readonly ClickPrompt[] | null {
    const { session } = this;
    const { rollout } = session;
    const signed = rollout === null || !clicksAreLogged(rollout) ? [] : signedClicks(rollout);
    if (signed.length === 0) session.say('This rollout has no logged clicks with their signs.');
    else if (this.looks.screen !== null || session.groupImage.value === null)
      session.say('Clicks are made again on the image; there is none on show.');
    else return signed.slice(0, (last ?? signed.length - 1) + 1);
    return null;
  }

  async run(): Promise<void> {
    const { rollout, place } = this.session;
    const clicks = this.clicks();
    if (rollout === null || place.value === null || clicks === null) return;
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    const { signal } = controller;
    const image = place.value.group;
    this.state.set({ row: rollout.row, model: null, total: clicks.length, done: [], running: true, trouble: null });
    try {
      const { models, chosen } = await this.backend.models();
      const model = models.find(({ id }) => id === chosen);
      if (signal.aborted) return;
      if (model === undefined) throw new UserError('There is no segmentation model.');
      this.change({ model });
      const down = await rerunClicks(
        this.backend,
        { image, model, clicks, start: loggedMask(rollout, null) },
        signal,
        (held) => this.add(rollout, clicks, held),
      );
      if (!signal.aborted) this.finish(down === null ? null : { message: down, down: true });
    } catch (error) {
      if (!signal.aborted) this.finish(isCancelled(error) ? null : { message: errorText(error), down: false });
    }
  }

  /** Ends a run and keeps what it made; false when there is none. */
  cancel(): boolean {
    if (this.running === null) return false;
    this.running.abort();
    this.finish(null);
    return true;
  }

  /** Ends it and forgets it. */
  close(): void {
    this.running?.abort();
    this.running = null;
    this.state.set(null);
  }

  async restart(): Promise<void> {
    try {
      await this.backend.restart();
      await this.run();
    } catch (error) {
      this.session.report(error);
    }
  }

  /** The mask made again by the click on show, for an image of that size. */
  shapes({ width, height }: Size): readonly CanvasMask[] {
    const mask = maskOf(this.at(this.clickOnShow)?.held ?? null);
    if (mask === null || mask.size[0] !== height || mask.size[1] !== width) return [];
    const shape = shapeOf(mask, { palette: rerunInk, filled: true, stroke: 'dashed', opacity: 0.2 });
    return shape === null ? [] : [shape];
  }

  private add(rollout: Rollout, clicks: readonly ClickPrompt[], held: Held): void {
    const done = this.state.value?.done ?? [];
    const index = done.length;
    const click = clicks[index];
    if (click === undefined) return;
    const logged = loggedMask(rollout, index);
    const truth = rollout.truthMask ?? null;
    const iou = readIou(maskOf(held), truth);
    this.change({ done: [...done, { click, logged, loggedIou: readIou(logged, truth), held, iou }] });
  }

  private finish(trouble: RerunState['trouble']): void {
    this.running = null;
    this.change({ running: false, trouble });
    const { done, total } = this.state.value ?? { done: [], total: 0 };
    this.session.speak(trouble?.message ?? `${done.length} of ${total} clicks were made again.`);
  }

  private change(part: Partial<RerunState>): void {
    if (this.state.value !== null) this.state.set({ ...this.state.value, ...part });
  }
}

/** The log's mask after a click, or before the first; null where it has none. */
export function loggedMask({ masks }: Rollout, click: number | null): CocoMask | null {
  const found = masks?.find((mask) => mask.click === click);
  return found === undefined ? null : { size: found.size, counts: found.counts };
}

/** Logged clicks that add or take away; none where one has no sign. */
function signedClicks({ loggedClicks = [] }: Rollout): readonly ClickPrompt[] {
  const signed = loggedClicks.flatMap(({ x, y, positive }) => (positive === null ? [] : [{ x, y, positive }]));
  return signed.length === loggedClicks.length ? signed : [];
}

/** Null too for a mask that cannot be read: the picture says why. */
function readIou(mask: CocoMask | null, truth: CocoMask | null): number | null {
  try {
    return iouOf(mask, truth);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
