import { div, el } from './dom';
import { readPlotTheme } from './plotTheme';
import { ticksBetween } from './ticks';

export type Point = readonly [x: number, y: number];

export interface ScatterData {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xName: string;
  readonly yName: string;
}

export interface ScatterOptions {
  readonly label: string;
  readonly format: (value: number) => string;
  /** A polygon in the units of the data was drawn. */
  readonly onLasso: (points: readonly Point[]) => void;
  readonly onEscape: () => boolean;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const margin = { left: 54, right: 14, top: 12, bottom: 38 };
/** Share of the plot that an arrow key moves. */
const keyStep = 0.02;
/** Pixels between two corners of a lasso. */
const lassoStep = 4;

/** Points on two axes. A drag draws a lasso; arrow keys move a corner, with Shift they span a box, Enter takes it. */
export class ScatterPlot {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { class: 'scatter-canvas' });
  private data: ScatterData | null = null;
  private xRange: Range = { low: 0, high: 1 };
  private yRange: Range = { low: 0, high: 1 };
  /** CSS pixels while it is drawn, data units once it is done. */
  private drawing: Point[] | null = null;
  private polygon: readonly Point[] | null = null;
  /** Shares of the plot, y upwards. */
  private corner: Point = [0.5, 0.5];
  private anchor: Point | null = null;

  constructor(private readonly options: ScatterOptions) {
    this.element = div('scatter-plot', this.canvas);
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-roledescription', 'scatter plot');
    this.element.setAttribute('aria-label', options.label);
    new ResizeObserver(() => this.paint()).observe(this.element);
    this.canvas.addEventListener('pointerdown', (event) => this.pointerDown(event));
    this.element.addEventListener('keydown', (event) => this.keyDown(event));
    this.element.addEventListener('blur', () => this.paint());
    this.element.addEventListener('focus', () => this.paint());
  }

  setData(data: ScatterData): void {
    this.data = data;
    this.xRange = rangeOf(data.x);
    this.yRange = rangeOf(data.y);
    this.drawing = null;
    this.anchor = null;
    this.paint();
  }

  setPolygon(polygon: readonly Point[] | null): void {
    this.polygon = polygon;
    this.paint();
  }

  paint(): void {
    const { width, height } = this.size;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const context = this.canvas.getContext('2d');
    if (context === null || this.data === null) return;
    context.scale(ratio, ratio);
    const theme = readPlotTheme(this.element);
    context.font = theme.font;
    this.paintAxes(context, theme.text, theme.grid);
    const { x, y } = this.data;
    // The more points there are, the fainter each: where many lie, they add up.
    context.fillStyle = theme.wash(0, Math.max(0.12, Math.min(0.8, 600 / Math.max(1, x.length))));
    const side = x.length > 5000 ? 2.5 : 4;
    for (let i = 0; i < x.length; i++) {
      const [left, top] = this.place([x[i] ?? 0, y[i] ?? 0]);
      context.fillRect(left - side / 2, top - side / 2, side, side);
    }
    this.paintSelection(context, theme.ink(1), theme.wash(1, 0.12), theme.cursor);
  }

  private get size(): { width: number; height: number } {
    return { width: Math.max(160, this.element.clientWidth), height: Math.max(120, this.element.clientHeight) };
  }

  private get inner(): { width: number; height: number } {
    const { width, height } = this.size;
    return { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  }

  private place([x, y]: Point): Point {
    const { width, height } = this.inner;
    return [
      margin.left + (width * (x - this.xRange.low)) / (this.xRange.high - this.xRange.low),
      margin.top + height - (height * (y - this.yRange.low)) / (this.yRange.high - this.yRange.low),
    ];
  }

  private valueAt([left, top]: Point): Point {
    const { width, height } = this.inner;
    return this.ofShare([(left - margin.left) / width, 1 - (top - margin.top) / height]);
  }

  private ofShare([x, y]: Point): Point {
    const { xRange, yRange } = this;
    return [xRange.low + x * (xRange.high - xRange.low), yRange.low + y * (yRange.high - yRange.low)];
  }

  private paintAxes(context: CanvasRenderingContext2D, text: string, grid: string): void {
    const { width, height } = this.inner;
    const { xRange, yRange } = this;
    const { format } = this.options;
    context.fillStyle = text;
    context.strokeStyle = grid;
    context.textAlign = 'center';
    for (const tick of ticksBetween(xRange.low, xRange.high, Math.max(2, width / 90))) {
      const [left] = this.place([tick, yRange.low]);
      line(context, [left, margin.top], [left, margin.top + height]);
      context.fillText(format(tick), left, margin.top + height + 15);
    }
    context.fillText(this.data?.xName ?? '', margin.left + width / 2, margin.top + height + 32);
    context.textAlign = 'right';
    for (const tick of ticksBetween(yRange.low, yRange.high, Math.max(2, height / 50))) {
      const [, top] = this.place([xRange.low, tick]);
      line(context, [margin.left, top], [margin.left + width, top]);
      context.fillText(format(tick), margin.left - 6, top + 4);
    }
    context.textAlign = 'left';
    context.fillText(this.data?.yName ?? '', 4, margin.top);
  }

  private paintSelection(context: CanvasRenderingContext2D, stroke: string, fill: string, cursor: string): void {
    const box = this.anchor === null ? null : this.box(this.anchor);
    const shape = this.drawing ?? (box ?? this.polygon)?.map((point) => this.place(point)) ?? null;
    if (shape !== null && shape.length > 1) {
      context.beginPath();
      for (const [left, top] of shape) context.lineTo(left, top);
      context.closePath();
      context.fillStyle = fill;
      context.fill();
      context.strokeStyle = stroke;
      context.lineWidth = 1.5;
      context.stroke();
      context.lineWidth = 1;
    }
    if (!this.element.matches(':focus-visible')) return;
    const [left, top] = this.place(this.ofShare(this.corner));
    context.strokeStyle = cursor;
    line(context, [left - 7, top], [left + 7, top]);
    line(context, [left, top - 7], [left, top + 7]);
  }

  /** Corners of the box between an anchor and the moving corner, in data units. */
  private box(anchor: Point): readonly Point[] {
    const [ax, ay] = this.ofShare(anchor);
    const [bx, by] = this.ofShare(this.corner);
    return [
      [ax, ay],
      [bx, ay],
      [bx, by],
      [ax, by],
    ];
  }

  private pointerDown(down: PointerEvent): void {
    if (down.button !== 0 || this.data === null) return;
    this.canvas.setPointerCapture(down.pointerId);
    this.anchor = null;
    const points: Point[] = [[down.offsetX, down.offsetY]];
    this.drawing = points;
    const move = (event: PointerEvent) => {
      const last = points.at(-1) ?? [0, 0];
      if (Math.hypot(event.offsetX - last[0], event.offsetY - last[1]) < lassoStep || points.length > 2000) return;
      points.push([event.offsetX, event.offsetY]);
      this.paint();
    };
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener(
      'lostpointercapture',
      () => {
        this.canvas.removeEventListener('pointermove', move);
        this.drawing = null;
        if (points.length >= 3) this.options.onLasso(points.map((point) => this.valueAt(point)));
        this.paint();
      },
      { once: true },
    );
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [
      0, 0,
    ];
    if (dx !== 0 || dy !== 0) {
      this.anchor = event.shiftKey ? (this.anchor ?? this.corner) : null;
      const within = (share: number) => Math.max(0, Math.min(share, 1));
      this.corner = [within(this.corner[0] + (dx ?? 0) * keyStep), within(this.corner[1] + (dy ?? 0) * keyStep)];
    } else if (event.key === 'Enter' && this.anchor !== null) {
      this.options.onLasso(this.box(this.anchor));
      this.anchor = null;
    } else if (event.key !== 'Escape' || !this.escape()) return;
    event.preventDefault();
    event.stopPropagation();
    this.paint();
  }

  private escape(): boolean {
    if (this.anchor === null) return this.options.onEscape();
    this.anchor = null;
    return true;
  }
}

/** Ends with a little room, so that no point lies on the border. */
function rangeOf(values: Float64Array): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { low: 0, high: 1 };
  const room = high > low ? (high - low) * 0.03 : 0.5;
  return { low: low - room, high: high + room };
}

function line(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
