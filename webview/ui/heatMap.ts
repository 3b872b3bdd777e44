import { div, el } from './dom';
import { readPlotTheme } from './plotTheme';

/** Cells of a square map, ends included. */
export interface CellRange {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface HeatMapOptions {
  readonly label: string;
  /** A part of the map was drawn or chosen. */
  readonly onPick: (range: CellRange) => void;
  readonly words: (range: CellRange) => string;
}

/** Counts in `side` × `side` cells. A drag draws a part; arrow keys move a cell, with Shift they span a part, Enter takes it. */
export class HeatMap {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { class: 'heat-canvas' });
  private side = 1;
  private counts: Uint32Array = new Uint32Array(1);
  private chosen: CellRange | null = null;
  private drawn: CellRange | null = null;
  private cursor = { x: 0, y: 0 };
  private anchor: { readonly x: number; readonly y: number } | null = null;

  constructor(private readonly options: HeatMapOptions) {
    this.element = div('heat-map', this.canvas);
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-roledescription', 'heat map');
    this.element.setAttribute('aria-label', options.label);
    new ResizeObserver(() => this.repaint()).observe(this.element);
    this.canvas.addEventListener('pointerdown', (event) => this.pointerDown(event));
    this.canvas.addEventListener('pointermove', (event) => {
      const { x, y } = this.cellAt(event);
      this.canvas.title = options.words({ x1: x, y1: y, x2: x, y2: y });
    });
    this.element.addEventListener('keydown', (event) => this.keyDown(event));
    for (const name of ['focus', 'blur'] as const) this.element.addEventListener(name, () => this.repaint());
  }

  paint(side: number, counts: Uint32Array, chosen: CellRange | null): void {
    this.side = side;
    this.counts = counts;
    this.chosen = chosen;
    this.repaint();
  }

  repaint(): void {
    const { side, counts, canvas, element } = this;
    const size = Math.max(40, element.clientWidth);
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(size * ratio);
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.scale(ratio, ratio);
    const theme = readPlotTheme(element);
    const cell = size / side;
    const most = counts.reduce((largest, value) => Math.max(largest, value), 1);
    context.fillStyle = theme.ink(0);
    for (let at = 0; at < counts.length; at++) {
      const value = counts[at] ?? 0;
      if (value === 0) continue;
      // Square roots: one crowded place must not hide all others.
      context.globalAlpha = 0.08 + 0.92 * Math.sqrt(value / most);
      context.fillRect((at % side) * cell, Math.floor(at / side) * cell, cell + 0.5, cell + 0.5);
    }
    context.globalAlpha = 1;
    const frame = ({ x1, y1, x2, y2 }: CellRange, colour: string) => {
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x1 * cell + 1, y1 * cell + 1, (x2 - x1 + 1) * cell - 2, (y2 - y1 + 1) * cell - 2);
    };
    if (this.chosen !== null) frame(this.chosen, theme.ink(1));
    if (this.drawn !== null) frame(this.drawn, theme.cursor);
    if (element.matches(':focus-visible')) frame(this.span(), theme.cursor);
  }

  private span(): CellRange {
    return rangeOf(this.anchor ?? this.cursor, this.cursor);
  }

  private cellAt({ offsetX, offsetY }: MouseEvent): { readonly x: number; readonly y: number } {
    const cell = Math.max(1, this.canvas.clientWidth) / this.side;
    const within = (value: number) => Math.max(0, Math.min(Math.floor(value / cell), this.side - 1));
    return { x: within(offsetX), y: within(offsetY) };
  }

  private pointerDown(down: PointerEvent): void {
    if (down.button !== 0) return;
    this.canvas.setPointerCapture(down.pointerId);
    const from = this.cellAt(down);
    this.drawn = rangeOf(from, from);
    const move = (event: PointerEvent) => {
      this.drawn = rangeOf(from, this.cellAt(event));
      this.repaint();
    };
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener(
      'lostpointercapture',
      () => {
        this.canvas.removeEventListener('pointermove', move);
        const { drawn } = this;
        this.drawn = null;
        if (drawn !== null) this.options.onPick(drawn);
        this.repaint();
      },
      { once: true },
    );
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [dx = 0, dy = 0] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ] ?? [0, 0];
    if (dx !== 0 || dy !== 0) {
      this.anchor = event.shiftKey ? (this.anchor ?? this.cursor) : null;
      const within = (value: number) => Math.max(0, Math.min(value, this.side - 1));
      this.cursor = { x: within(this.cursor.x + dx), y: within(this.cursor.y + dy) };
      this.element.setAttribute('aria-label', `${this.options.label}: ${this.options.words(this.span())}`);
    } else if (event.key === 'Enter' || event.key === ' ') this.options.onPick(this.span());
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.repaint();
  }
}

function rangeOf(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): CellRange {
  return { x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y) };
}
