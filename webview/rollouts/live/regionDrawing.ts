import type { Box } from '../../../src/core/geometry/box';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import { DrawTool } from '../../canvas/tools/drawTool';
import { div, setText } from '../../ui/dom';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';

/** A person draws regions, as a policy proposes them. */
export class RegionDrawing {
  /** Regions are being drawn. */
  readonly on = new Signal(false);
  readonly hint = div('draw-hint');
  private boxes: readonly Box[] = [];
  private most = 0;
  private send: (boxes: readonly Box[]) => void = () => undefined;
  private readonly tool: DrawTool;

  constructor(
    private readonly session: Session,
    private readonly canvas: ImageCanvas,
  ) {
    this.hint.hidden = true;
    this.hint.setAttribute('role', 'status');
    this.tool = new DrawTool(
      canvas.surface,
      () => this.boxes,
      (box) => this.add(box),
      () => this.finish(),
    );
    // What was drawn on one image is nothing on another.
    session.place.on(() => this.cancel());
  }

  /** `send` gets at least one and at most `most` boxes, in stored pixels, in the order they were drawn. */
  start(most: number, send: (boxes: readonly Box[]) => void): void {
    this.boxes = [];
    this.most = most;
    this.send = send;
    this.on.set(true);
    this.canvas.setTool(this.tool);
    this.canvas.element.focus();
    this.paint();
  }

  /** Takes the last one back; false while nothing is drawn. */
  undo(): boolean {
    if (!this.on.value) return false;
    this.boxes = this.boxes.slice(0, -1);
    this.paint();
    return true;
  }

  finish(): boolean {
    if (!this.on.value) return false;
    if (this.boxes.length === 0) {
      this.session.say('Draw a region first: drag over a part of the picture.');
      return true;
    }
    const { boxes } = this;
    this.end();
    this.send(boxes);
    return true;
  }

  cancel(): boolean {
    if (!this.on.value) return false;
    this.end();
    return true;
  }

  private add(box: Box): void {
    if (this.boxes.length >= this.most) {
      this.session.say(`A rollout looks at ${this.most} regions at most. Backspace takes one back.`);
      return;
    }
    this.boxes = [...this.boxes, box];
    this.paint();
  }

  private end(): void {
    this.boxes = [];
    this.on.set(false);
    this.hint.hidden = true;
    this.canvas.setTool(null);
  }

  private paint(): void {
    this.hint.hidden = false;
    const left = this.most - this.boxes.length;
    const drag = left === 0 ? 'All regions are drawn' : `Drag over a part of the picture: ${left} more at most`;
    setText(this.hint, `${drag} · Enter sends them · Backspace takes one back · Escape gives up`);
    this.canvas.surface.repaint();
  }
}
