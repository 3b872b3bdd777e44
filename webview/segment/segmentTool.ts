import type { DrawnMask } from '../../src/core/click/maskAnnotation';
import type { Box } from '../../src/core/geometry/box';
import type { CanvasImage, ModelChoice } from '../../src/protocol/canvasSegment';
import type { CanvasMask, ImageCanvas } from '../canvas/imageCanvas';
import { type BrushStroke, BrushTool } from '../canvas/tools/brushTool';
import { PromptTool } from '../canvas/tools/promptTool';
import type { Point } from '../canvas/view';
import { cropOf, holds } from './cropRule';
import { HoverPreview } from './hoverPreview';
import { MaskBuffer } from './maskBuffer';
import { cornersOf, polygonOf, shapeOf } from './maskShapes';
import { Preparation } from './preparation';
import { type SegmentAction, SegmentBar, type SegmentMode } from './segmentBar';
import type { IsCancelled, SegmentBackend, SegmentEditor, SegmentImage } from './segmentHost';
import { SegmentNotice } from './segmentNotice';
import { SegmentSession } from './segmentSession';
import { maskWords, waitWords } from './segmentWords';

/**
 * The segmentation tool of a canvas: clicks and boxes to masks by any model the host offers, brush and eraser to finish them. It knows
 * nothing of the editor around it:
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
  private readonly prompts: PromptTool;
  private readonly brush: BrushTool;
  private readonly hover: HoverPreview;
  private readonly preparation: Preparation;
  private readonly buffer = new MaskBuffer();
  private mode: SegmentMode = 'clicks';
  private hovers = true;
  private polygon = false;
  private choice: ModelChoice | null = null;
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
    const accept = () => void this.accept();
    this.prompts = new PromptTool(
      canvas.surface,
      {
        click: (click) => this.session.click(click),
        box: (box) => this.session.drawBox(box),
        hover: (at) => this.hover.point(this.hovers && this.session.empty ? at : null),
        accept,
      },
      () => ({ clicks: this.session.clicks, box: this.session.box, corners: this.polygon ? this.shape() : null }),
    );
    this.brush = new BrushTool(canvas.surface, (stroke) => this.painted(stroke), accept);
    this.hover = new HoverPreview(
      (at, signal) => this.preview(at, signal),
      () => this.paint(),
    );
    this.preparation = new Preparation(
      () => (this.on && this.session.empty ? this.shown(this.crops()[0] ?? null) : null),
      (image, signal) => backend.prepare(image, signal),
      () => this.paint(),
    );
    this.bar = new SegmentBar(
      (action) => this.perform(action),
      (model) => void this.choose(model),
      () => void backend.addModel().catch((error: unknown) => this.fail(error)),
    );
    this.notice = new SegmentNotice(
      () => backend.showLog(),
      () => void this.restart(),
    );
    this.elements = [this.bar.element, this.notice.element];
    this.bar.element.hidden = true;
    this.session.onChange(() => this.changed());
    backend.onModels(() => this.on && void this.loadModels());
    canvas.onViewport(() => this.on && this.preparation.soon());
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
    this.bar.element.hidden = !on;
    this.setMode(this.mode);
    if (on) void this.loadModels();
    else {
      this.preparation.stop();
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
    if (this.on) this.preparation.soon();
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
        if (this.mode !== 'clicks') this.brush.resize(action === 'nextCandidate' ? 1 : -1);
        else this.session.cycle(action === 'nextCandidate' ? 1 : -1);
        this.paint();
        return true;
      case 'segmentClicks':
        this.setMode('clicks');
        return true;
      case 'segmentBrush':
      case 'segmentEraser': {
        const mode = action === 'segmentBrush' ? 'brush' : 'eraser';
        this.setMode(this.mode === mode ? 'clicks' : mode);
        return true;
      }
      case 'segmentHover':
        this.hovers = !this.hovers;
        this.hover.stop();
        break;
      case 'segmentPolygon':
        this.polygon = !this.polygon;
    }
    this.changed();
    return true;
  }

  private setMode(mode: SegmentMode): void {
    this.mode = mode;
    this.hover.stop();
    this.brush.erases = mode === 'eraser';
    this.canvas.setTool(this.on ? (mode === 'clicks' ? this.prompts : this.brush) : null);
    if (this.on) this.canvas.element.focus({ preventScroll: true });
    this.changed();
  }

  private accept(): boolean {
    const label = this.bar.label.value.trim();
    const done = this.session.accept(label === '' ? null : label);
    if (done === null) {
      this.editor.say(this.session.waiting ? 'The mask of the last click is on its way.' : 'Click an object first.');
      return true;
    }
    this.setMode('clicks');
    this.editor.accept(done.mask, done.id);
    return true;
  }

  private painted(stroke: BrushStroke): void {
    const { shownImage, mask } = this.session;
    if (shownImage === null || (mask === null && stroke.erases)) return;
    this.session.paint(this.buffer.after(mask, stroke, shownImage.size));
  }

  private async loadModels(): Promise<void> {
    try {
      this.setChoice(await this.backend.models());
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.isCancelled(error)) return;
    this.session.trouble = { message: error instanceof Error ? error.message : String(error), down: false };
    this.changed();
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
    this.preparation.soon(0);
    this.changed();
  }

  private async restart(): Promise<void> {
    this.preparation.forget();
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

  /** The image on show as the model is asked about it; null without an image or a model. */
  private shown(crop: Box | null): CanvasImage | null {
    const { shownImage, model } = this.session;
    return shownImage === null || model === null ? null : { image: shownImage.image, crop, model: model.id };
  }

  private async preview(at: Point, signal: AbortSignal) {
    const image = this.shown(this.crops().find((crop) => holds(crop, at)) ?? null);
    // A preview is worth no encode: it waits until the image was read.
    if (image === null || !this.session.empty || !this.preparation.has(image)) return null;
    const clicks = [{ ...at, positive: true }];
    const reply = await this.backend.run({ ...image, clicks, box: null, previous: null, lane: 'hover' }, signal);
    return 'down' in reply ? null : (reply.answer.candidates[reply.answer.best]?.mask ?? null);
  }

  private changed(): void {
    const seen = this.shown(this.session.seen);
    if (this.session.answer !== null && seen !== null) this.preparation.add(seen);
    if (!this.session.empty) this.hover.stop();
    this.paint();
    for (const listener of this.listeners) listener();
  }

  private paint(): void {
    const { session, on } = this;
    const shape = on ? this.shape() : null;
    this.canvas.setMaskInHand(shape);
    this.canvas.surface.repaint();
    const corners = this.polygon && shape !== null ? cornersOf(shape) : null;
    this.bar.paint({
      mode: this.mode,
      mask: session.mask !== null,
      begun: !session.empty,
      hover: this.hovers,
      polygon: this.polygon,
      candidates: session.held?.candidates.length ?? 0,
      chosen: session.held?.chosen ?? 0,
      radius: this.brush.radius,
      words: maskWords(session, corners),
    });
    const seen = this.shown(session.seen);
    const read = seen !== null && this.preparation.has(seen);
    this.notice.paint(on ? waitWords(session, read, this.preparation.busy) : null, on ? session.trouble : null);
  }

  private shape(): CanvasMask | null {
    const { mask } = this.session;
    if (mask === null) return shapeOf(this.hover.mask, { palette: 0, filled: true, stroke: 'dashed', opacity: 0.18 });
    const drawn = { palette: 0, filled: true, stroke: 'solid' } as const;
    return this.polygon ? polygonOf(mask, drawn) : shapeOf(mask, drawn);
  }
}
