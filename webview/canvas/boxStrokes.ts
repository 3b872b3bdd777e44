import type { Box } from '../../src/core/geometry/box';
import type { CanvasRegion } from './imageCanvas';
import { lineWidth, type PaintFrame } from './paintFrame';

/** Boxes smaller than this on screen (CSS pixels) are painted at this size, so that none vanishes. */
const SMALLEST = 5;
/** Half the arms of the cross that stands for a box without area, CSS pixels. */
const CROSS_ARM = 7;
/** Device pixels beyond the canvas from where on lines are cut: coordinates stay small at any zoom. */
const BEYOND = 64;

/** Outlines of boxes on screen, snapped to whole device pixels, collected to be stroked together. */
export class BoxStrokes {
  readonly #context: CanvasRenderingContext2D;
  readonly #frame: PaintFrame;
  readonly #right: number;
  readonly #bottom: number;
  readonly #smallest: number;

  constructor(context: CanvasRenderingContext2D, frame: PaintFrame) {
    this.#context = context;
    this.#frame = frame;
    this.#right = frame.screen.width * frame.ratio + BEYOND;
    this.#bottom = frame.screen.height * frame.ratio + BEYOND;
    this.#smallest = SMALLEST * frame.ratio;
  }

  /** Strokes `boxes` (flat x1, y1, x2, y2 in device pixels) with a colour. `width` is in device pixels. */
  stroke(boxes: ArrayLike<number>, count: number, colour: string, width: number, dash: readonly number[]): void {
    const context = this.#context;
    const half = (width % 2) / 2;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.lineCap = 'butt';
    const period = dash.reduce((sum, part) => sum + part, 0);
    if (period > 0) context.beginPath();
    for (let i = 0; i < count * 4; i += 4) {
      const x1 = Math.round(boxes[i] ?? 0) + half;
      const y1 = Math.round(boxes[i + 1] ?? 0) + half;
      const x2 = Math.round(boxes[i + 2] ?? 0) + half;
      const y2 = Math.round(boxes[i + 3] ?? 0) + half;
      if (period > 0) this.#dashed(x1, y1, x2, y2, period);
      else this.#solid(x1, y1, x2, y2);
    }
    if (period > 0) context.stroke();
    context.setLineDash([]);
  }

  /** Crosses for boxes without area, at their centres. */
  crosses(boxes: readonly Box[], colour: string, width: number, reach = 0): void {
    if (boxes.length === 0) return;
    const context = this.#context;
    const arm = lineWidth(this.#frame, CROSS_ARM) + reach;
    const half = (width % 2) / 2;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const { x1, y1, x2, y2 } of boxes) {
      const x = Math.round((x1 + x2) / 2) + half;
      const y = Math.round((y1 + y2) / 2) + half;
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
    }
    context.stroke();
  }

  #solid(x1: number, y1: number, x2: number, y2: number): void {
    const left = Math.max(-BEYOND, x1);
    const top = Math.max(-BEYOND, y1);
    const width = Math.min(this.#right, x2) - left;
    const height = Math.min(this.#bottom, y2) - top;
    const small = this.#smallest;
    if (width >= small && height >= small) this.#context.strokeRect(left, top, width, height);
    else this.#strokeSmall(left, top, width, height);
  }

  #strokeSmall(left: number, top: number, width: number, height: number): void {
    const moreX = Math.max(0, this.#smallest - width);
    const moreY = Math.max(0, this.#smallest - height);
    this.#context.strokeRect(left - Math.floor(moreX / 2), top - Math.floor(moreY / 2), width + moreX, height + moreY);
  }

  /** Every side starts its dashes at a corner; a cut side starts a whole number of dashes later, so panning doesn't crawl. */
  #dashed(x1: number, y1: number, x2: number, y2: number, period: number): void {
    const context = this.#context;
    const startX = x1 < -BEYOND ? x1 + Math.floor((-BEYOND - x1) / period) * period : x1;
    const startY = y1 < -BEYOND ? y1 + Math.floor((-BEYOND - y1) / period) * period : y1;
    const endX = Math.max(Math.min(this.#right, x2), startX + this.#smallest);
    const endY = Math.max(Math.min(this.#bottom, y2), startY + this.#smallest);
    for (const y of [y1, y2]) {
      if (y < -BEYOND || y > this.#bottom) continue;
      context.moveTo(startX, y);
      context.lineTo(endX, y);
    }
    for (const x of [x1, x2]) {
      if (x < -BEYOND || x > this.#right) continue;
      context.moveTo(x, startY);
      context.lineTo(x, endY);
    }
  }
}

/** Dash lengths in device pixels for a line of `width` device pixels. */
export function dashOf(stroke: CanvasRegion['stroke'], width: number): readonly number[] {
  if (stroke === 'dashed') return [width * 4, width * 2.5];
  if (stroke === 'dotted') return [width, width * 1.5];
  return [];
}
