import type { DrawnMask } from '../../src/core/click/maskAnnotation';
import type { Box } from '../../src/core/geometry/box';
import type { CocoMask } from '../../src/core/mask/cocoMask';
import type { CanvasPrompt } from '../../src/protocol/canvasSegment';
import type { ClickPrompt, ModelInfo, PreviousMask, SegmentAnswer } from '../../src/protocol/segment';
import { holds } from './cropRule';
import { type Deed, type Held, MaskHistory, maskOf, type Step } from './maskHistory';
import type { IsCancelled, SegmentBackend, SegmentImage } from './segmentHost';

/** Why there is no mask; `down` where only a restart helps. */
export interface SegmentTrouble {
  readonly message: string;
  readonly down: boolean;
}

/** A click made elsewhere, with what it made of the mask; null where that is not known. */
export interface TakenClick {
  readonly click: ClickPrompt;
  readonly after: Held | null;
}

/** What the session asks the editor when a mask begins. */
export interface SessionAround {
  readonly backend: SegmentBackend;
  /** Parts of the image that the model may see instead of all of it, the one to try first in front. */
  readonly crops: () => readonly Box[];
  readonly truth: () => CocoMask | null;
  readonly isCancelled: IsCancelled;
  readonly now: () => string;
}

/**
 * One mask under way on one image: its prompts, the mask they made, and what can be taken back. No DOM: whoever shows it listens
 * and paints. Of prompts that wait only the newest is answered; those before it count all the same, as prompts of the answer.
 */
export class SegmentSession {
  /** Id of the mask that is taken up again; null for a new one. */
  edited: string | null = null;
  trouble: SegmentTrouble | null = null;
  /** The newest answer, for its numbers. */
  answer: SegmentAnswer | null = null;
  private chosen: ModelInfo | null = null;
  private image: SegmentImage | null = null;
  private history = new MaskHistory();
  private crop: Box | null = null;
  private running: AbortController | null = null;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly around: SessionAround) {}

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** What the model is asked through; null until it is known. */
  get model(): ModelInfo | null {
    return this.chosen;
  }
  set model(model: ModelInfo | null) {
    this.chosen = model;
    // Clicks that were taken over before there was a model wait for one.
    const { last } = this.history;
    if (last !== null && last.after === null && !this.waiting) void this.ask(last);
  }
  get held(): Held | null {
    return this.history.held;
  }
  get mask(): CocoMask | null {
    return maskOf(this.history.held);
  }
  get clicks(): readonly ClickPrompt[] {
    return this.history.clicks;
  }
  get box(): Box | null {
    return this.history.box;
  }
  /** Nothing was begun. */
  get empty(): boolean {
    return this.history.empty;
  }
  /** An answer is on its way. */
  get waiting(): boolean {
    return this.running !== null;
  }
  /** The part of the image that the model sees. */
  get seen(): Box | null {
    return this.crop;
  }

  /** Another image, or none: what was begun on the last is given up. */
  setImage(image: SegmentImage | null): void {
    if (image?.image === this.image?.image && image?.size.width === this.image?.size.width) return;
    this.image = image;
    this.begin(new MaskHistory(), null);
  }

  get shownImage(): SegmentImage | null {
    return this.image;
  }

  click(click: ClickPrompt): void {
    this.prompt({ kind: 'click', click }, click);
  }

  drawBox(box: Box): void {
    this.prompt({ kind: 'box', box }, box);
  }

  /** The mask after a stroke of the brush. */
  paint(mask: CocoMask): void {
    if (this.image === null) return;
    this.stop();
    this.history.add({ kind: 'paint' }, this.around.now(), givenMask(mask, this.held?.name ?? null, this.crop));
    this.tell();
  }

  /** Takes the last click, box or stroke back; false when there is none. */
  undo(): boolean {
    if (this.history.undo() === null) return false;
    this.stop();
    // A click that a later one overtook never had an answer of its own.
    const { last } = this.history;
    if (last !== null && last.after === null) void this.ask(last);
    this.tell();
    return true;
  }

  redo(): boolean {
    const step = this.history.redo();
    if (step === null) return false;
    if (step.after === null) void this.ask(step);
    this.tell();
    return true;
  }

  /** Another candidate of the same prompt; false when there is only one. */
  cycle(by: 1 | -1): boolean {
    const { last } = this.history;
    const held = last?.after ?? null;
    if (last === null || held === null || held.candidates.length < 2) return false;
    const count = held.candidates.length;
    last.after = { ...held, chosen: (held.chosen + by + count) % count };
    this.tell();
    return true;
  }

  /** The mask as data, and a fresh beginning; null when there is no mask, or a click is still to be answered. */
  accept(label: string | null): { readonly mask: DrawnMask; readonly id: string | null } | null {
    const { held, mask, edited } = this;
    if (held === null || mask === null || this.running !== null) return null;
    const drawn: DrawnMask = {
      label,
      mask,
      score: held.candidates[held.chosen]?.score ?? null,
      model: held.name,
      box: this.history.box,
      clicks: this.history.records(this.around.truth()),
    };
    this.begin(new MaskHistory(), null);
    return { mask: drawn, id: edited };
  }

  /** Gives up what was begun; false when nothing was. */
  cancel(): boolean {
    if (this.empty && this.trouble === null) return false;
    this.begin(new MaskHistory(), null);
    return true;
  }

  /** Goes on from a mask that is there. */
  edit(mask: DrawnMask, id: string): void {
    const candidate = { mask: mask.mask, score: mask.score, handle: null };
    const base = { candidates: [candidate], chosen: 0, crop: null, model: null, name: mask.model };
    this.begin(new MaskHistory(base, mask.clicks, mask.box), id);
  }

  /**
   * Goes on from clicks that were made elsewhere, on `start`: each is taken back and kept as data like one made here, at the time it was
   * taken over. The model is asked for the last one's mask where that is not known.
   */
  takeOver(clicks: readonly TakenClick[], start: CocoMask | null): void {
    const history = new MaskHistory(start === null ? null : givenMask(start, null));
    for (const { click, after } of clicks) history.add({ kind: 'click', click }, this.around.now(), after);
    this.begin(history, null);
    const { last } = history;
    if (last !== null && last.after === null) void this.ask(last);
    this.tell();
  }

  private begin(history: MaskHistory, edited: string | null): void {
    this.stop();
    this.history = history;
    this.edited = edited;
    this.trouble = null;
    this.answer = null;
    this.crop = null;
    this.tell();
  }

  private prompt(deed: Deed, place: Box | ClickPrompt): void {
    if (this.image === null || this.model === null) return;
    if (this.history.empty) this.crop = this.around.crops().find((crop) => holds(crop, place)) ?? null;
    if (this.crop !== null && !holds(this.crop, place)) this.crop = null;
    const step = this.history.add(deed, this.around.now());
    this.trouble = null;
    void this.ask(step);
    this.tell();
  }

  private async ask(step: Step): Promise<void> {
    const { image, model, crop } = this;
    if (image === null || model === null) return;
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    const { signal } = controller;
    const prompt: CanvasPrompt = {
      image: image.image,
      crop,
      model: model.id,
      clicks: this.history.clicks,
      box: model.boxes ? this.history.box : null,
      previous: previousOf(step.before, model.id, crop),
      lane: 'click',
    };
    try {
      const reply = await this.around.backend.run(prompt, signal);
      if (signal.aborted) return;
      this.running = null;
      if ('down' in reply) this.fail(step, { message: reply.down, down: true });
      else {
        this.answer = reply.answer;
        step.after = heldOf(reply.answer, model, crop);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.running = null;
      // Cancelled elsewhere: a newer prompt of the same lane, which answers for this one.
      if (this.around.isCancelled(error)) this.history.drop(step);
      else this.fail(step, { message: error instanceof Error ? error.message : String(error), down: false });
    }
    this.tell();
  }

  /** A click that made no mask is no click. */
  private fail(step: Step, trouble: SegmentTrouble): void {
    this.trouble = trouble;
    this.history.drop(step);
  }

  private stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A mask that no model here has made, or not as it stands. */
export function givenMask(mask: CocoMask, name: string | null, crop: Box | null = null): Held {
  return { candidates: [{ mask, score: null, handle: null }], chosen: 0, crop, model: null, name };
}

export function heldOf({ candidates, best }: SegmentAnswer, { id, title }: ModelInfo, crop: Box | null): Held {
  return { candidates, chosen: best, crop, model: id, name: title };
}

/** By its handle where model and crop are the same: a low-resolution mask lies in the frame of what the model saw. */
export function previousOf(held: Held | null, model: string, crop: Box | null): PreviousMask | null {
  const candidate = held?.candidates[held.chosen];
  if (held === null || candidate === undefined) return null;
  if (candidate.handle !== null && held.model === model && sameCrop(held.crop, crop))
    return { kind: 'candidate', handle: candidate.handle };
  return { kind: 'mask', mask: candidate.mask };
}

function sameCrop(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return a === b;
  return a.x1 === b.x1 && a.y1 === b.y1 && a.x2 === b.x2 && a.y2 === b.y2;
}
