import type { DrawnMask } from '../../src/core/click/maskAnnotation';
import type { Box } from '../../src/core/geometry/box';
import type { ModelChoice } from '../../src/protocol/canvasSegment';
import type { ModelInfo } from '../../src/protocol/segment';
import type { CanvasMask, ImageCanvas } from '../canvas/imageCanvas';
import { PromptTool } from '../canvas/tools/promptTool';
import type { Point } from '../canvas/view';
import { cropOf } from './cropRule';
import { HoverPreview } from './hoverPreview';
import { shapeOf } from './maskShapes';
import { type SegmentAction, SegmentBar } from './segmentBar';
import type { IsCancelled, SegmentBackend, SegmentEditor, SegmentImage } from './segmentHost';
import { SegmentNotice } from './segmentNotice';
import { SegmentSession } from './segmentSession';

/** Milliseconds that the view rests before the part it shows is read ahead of the first click. */
const settled = 500;

/**
 * The segmentation tool of a canvas: clicks and boxes to masks, by any model the host offers. It knows nothing of the editor around it:
 *
 *     const tool = new SegmentTool(canvas, backend, editor, isCancelled);
 *     stage.append(...tool.elements);              // the bar and the notice, over the canvas
 *     tool.setImage({ image: 7, size });           // whenever another image is on show; null for none
 *     tool.toggle();                               // the editor's key or button
 *     if (tool.perform(action)) return;            // keys of `SegmentAction`, while `tool.on`
 *     tool.edit(mask, id);                         // goes on from a mask that is there
 *
 * `backend` is the editor's channel (`CanvasSegmentMethods`; the host serves them by `CanvasSegments.handlers`), `editor` takes what was
 * accepted. While `tool.edited` names a mask, that one is in hand: the editor leaves it out of what it draws. The pointer belongs to the
 * tool while it is on; wheel, middle button and Space with a drag move the picture as always. Styles: `segment.css`.
 */
export class SegmentTool {
  readonly elements: readonly HTMLElement[];
  readonly session: SegmentSession;
  on = false;
  private readonly bar: SegmentBar;
  private readonly notice: SegmentNotice;
  private readonly pointer: PromptTool;
  private readonly hover: HoverPreview;
  private hovers = true;
  private choice: ModelChoice | null = null;
  private preparing: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What the model has read: nothing is waited for there but the mask. */
  private readonly prepared = new Set<string>();
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly canvas: ImageCanvas,
    private readonly backend: SegmentBackend,
    private readonly editor: SegmentEditor,
    private readonly isCancelled: IsCancelled,
  ) {
    this.session = new SegmentSession({
      backend,
      crops: () => this.crops(),
      truth: () => editor.truth(),
      isCancelled,
      now: () => new Date().toISOString(),
    });
    this.pointer = new PromptTool(
      canvas.surface,
      {
        click: (click) => this.session.click(click),
        box: (box) => this.session.drawBox(box),
        hover: (at) => this.hover.point(this.hovers && this.session.empty ? at : null),
        accept: () => this.perform('acceptMask'),
      },
      () => this.session,
    );
    this.hover = new HoverPreview(
      (at, signal) => this.preview(at, signal),
      () => this.paint(),
    );
    this.bar = new SegmentBar(
      (action) => this.perform(action),
      (model) => void this.choose(model),
    );
    this.notice = new SegmentNotice(
      () => backend.showLog(),
      () => void this.restart(),
    );
    this.elements = [this.bar.element, this.notice.element];
    this.bar.element.hidden = true;
    this.session.onChange(() => this.changed());
    canvas.onViewport(() => this.prepareSoon());
  }

  /** Told after the tool was switched, and after every change of the mask in hand. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Id of the mask that was taken up again. */
  get edited(): string | null {
    return this.session.edited;
  }

  toggle(on = !this.on): void {
    if (on === this.on) return;
    this.on = on;
    this.canvas.setTool(on ? this.pointer : null);
    this.bar.element.hidden = !on;
    if (on) {
      this.canvas.element.focus({ preventScroll: true });
      void this.loadModels();
    } else {
      this.stopPreparing();
      this.hover.stop();
      this.session.cancel();
    }
    this.editor.speak(on ? 'Segment: click an object, or drag a box around it.' : 'Segmenting ended.');
    this.changed();
  }

  /** The image on show; null for none. What was begun on another is given up. */
  setImage(image: SegmentImage | null): void {
    this.session.setImage(image);
    this.hover.stop();
    this.prepareSoon();
  }

  /** Goes on from a mask: further clicks mend it, and accepting it replaces it. */
  edit(mask: DrawnMask, id: string): void {
    this.toggle(true);
    this.bar.label.value = mask.label ?? '';
    this.session.edit(mask, id);
  }

  /** False where there was nothing to do, and the key means something else. */
  perform(action: SegmentAction): boolean {
    if (!this.on) return false;
    switch (action) {
      case 'acceptMask':
        return this.accept();
      case 'cancelMask':
        if (!this.session.cancel()) this.toggle(false);
        return true;
      case 'undoClick':
        return this.session.undo();
      case 'redoClick':
        return this.session.redo();
      case 'nextCandidate':
      case 'previousCandidate':
        this.session.cycle(action === 'nextCandidate' ? 1 : -1);
        return true;
      case 'segmentHover':
        this.hovers = !this.hovers;
        this.hover.stop();
        this.changed();
        return true;
    }
  }

  private accept(): boolean {
    const label = this.bar.label.value.trim();
    const done = this.session.accept(label === '' ? null : label);
    if (done === null) {
      this.editor.say(this.session.waiting ? 'The mask of the last click is on its way.' : 'Click an object first.');
      return true;
    }
    this.editor.accept(done.mask, done.id);
    this.canvas.element.focus({ preventScroll: true });
    return true;
  }

  private async loadModels(): Promise<void> {
    try {
      this.setChoice(await this.backend.models());
    } catch (error) {
      if (this.isCancelled(error)) return;
      this.session.trouble = { message: error instanceof Error ? error.message : String(error), down: false };
      this.changed();
    }
  }

  private async choose(model: string): Promise<void> {
    if (this.choice === null) return;
    this.setChoice({ ...this.choice, chosen: model });
    this.canvas.element.focus({ preventScroll: true });
    await this.backend.choose(model);
  }

  private setChoice(choice: ModelChoice): void {
    this.choice = choice;
    this.bar.setModels(choice);
    this.session.model = choice.models.find(({ id }) => id === choice.chosen) ?? null;
    this.prepareSoon(0);
    this.changed();
  }

  private async restart(): Promise<void> {
    this.prepared.clear();
    await this.backend.restart();
    this.session.trouble = null;
    this.changed();
    await this.loadModels();
  }

  private crops(): readonly Box[] {
    const { shownImage } = this.session;
    if (shownImage === null) return [];
    const seen = cropOf(this.canvas.viewport.visible, shownImage.size);
    return [this.editor.crop(), seen].filter((crop) => crop !== null);
  }

  private prepareSoon(after = settled): void {
    clearTimeout(this.timer);
    if (this.on) this.timer = setTimeout(() => void this.prepare(), after);
  }

  /** Reads what is on show with the model, so that the first click finds it read. */
  private async prepare(): Promise<void> {
    const { shownImage, model } = this.session;
    if (!this.on || shownImage === null || model === null || !this.session.empty) return;
    const [crop = null] = this.crops();
    const key = keyOf(shownImage.image, model, crop);
    this.stopPreparing();
    if (this.prepared.has(key)) return;
    const controller = new AbortController();
    this.preparing = controller;
    this.paint();
    try {
      await this.backend.prepare({ image: shownImage.image, crop, model: model.id }, controller.signal);
      this.prepared.add(key);
    } catch {
      // The first click meets the same trouble, and tells it.
    }
    if (this.preparing !== controller) return;
    this.preparing = null;
    this.paint();
  }

  private stopPreparing(): void {
    clearTimeout(this.timer);
    this.preparing?.abort();
    this.preparing = null;
  }

  private async preview(at: Point, signal: AbortSignal) {
    const { shownImage, model } = this.session;
    if (shownImage === null || model === null || !this.session.empty) return null;
    const crop = this.crops().find((one) => inside(one, at)) ?? null;
    // A preview is worth no encode: it waits until the image was read.
    if (!this.prepared.has(keyOf(shownImage.image, model, crop))) return null;
    const prompt = { image: shownImage.image, crop, model: model.id, box: null, previous: null };
    const reply = await this.backend.run({ ...prompt, clicks: [{ ...at, positive: true }], lane: 'hover' }, signal);
    return 'down' in reply ? null : (reply.answer.candidates[reply.answer.best]?.mask ?? null);
  }

  private changed(): void {
    const { answer, shownImage, model, seen } = this.session;
    if (answer !== null && shownImage !== null && model !== null)
      this.prepared.add(keyOf(shownImage.image, model, seen));
    if (!this.session.empty) this.hover.stop();
    this.paint();
    for (const listener of this.listeners) listener();
  }

  private paint(): void {
    const { session, on } = this;
    this.canvas.setMaskInHand(on ? this.shape() : null);
    this.canvas.surface.repaint();
    this.bar.paint({
      mask: session.mask !== null,
      begun: !session.empty,
      hover: this.hovers,
      candidates: session.held?.candidates.length ?? 0,
      chosen: session.held?.chosen ?? 0,
      words: this.words(),
    });
    this.notice.paint(on ? this.waiting() : null, on ? session.trouble : null);
  }

  private shape(): CanvasMask | null {
    const drawn = shapeOf(this.session.mask, { palette: 0, filled: true, stroke: 'solid' });
    return drawn ?? shapeOf(this.hover.mask, { palette: 0, filled: true, stroke: 'dashed', opacity: 0.18 });
  }

  private waiting(): string | null {
    const { session } = this;
    const { shownImage, model, seen } = session;
    if (model === null || shownImage === null) return null;
    const reading = session.waiting
      ? !this.prepared.has(keyOf(shownImage.image, model, seen))
      : this.preparing !== null;
    if (reading) return `Reading the image with ${model.title}…`;
    return session.waiting ? `${model.title} is making the mask…` : null;
  }

  private words(): string {
    const { session } = this;
    if (session.empty) return 'Click an object, or drag a box';
    const { held, answer, clicks, seen } = session;
    const score = held?.candidates[held.chosen]?.score ?? null;
    return [
      clicks.length === 1 ? '1 click' : `${clicks.length} clicks`,
      score === null ? null : `IoU ≈ ${score.toFixed(2)}`,
      answer === null ? null : `${Math.round(answer.timings.total)} ms`,
      seen === null ? null : `in ${Math.round(seen.x2 - seen.x1)} × ${Math.round(seen.y2 - seen.y1)} px`,
    ]
      .filter((part) => part !== null)
      .join(' · ');
  }
}

function keyOf(image: number, model: ModelInfo, crop: Box | null): string {
  return JSON.stringify([image, model.id, crop]);
}

function inside(crop: Box, { x, y }: Point): boolean {
  return x >= crop.x1 && y >= crop.y1 && x < crop.x2 && y < crop.y2;
}
