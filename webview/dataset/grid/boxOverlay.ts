import type { ImageRow } from '../../../src/protocol/imageSet';
import { type CanvasTheme, readTheme, watchTheme } from '../../canvas/theme';
import { el } from '../../ui/dom';

/** Places of the palette that labels are drawn in; those of ground truth and task boxes are left out. */
const labelInks = 9;
/** CSS pixels of a strip beyond its cells: the line around a box at the edge of an image. */
const margin = 2;

/** Palette place of a label: its number in the file, round and round. */
export const labelInk = (label: number): number => (label < 0 ? 10 : label % labelInks);

/** A thumbnail in a row of cells, in CSS pixels from the row's corner. */
export interface DrawnThumb {
  readonly row: ImageRow;
  readonly left: number;
  readonly side: number;
}

/**
 * Boxes over the thumbnails that are there: a canvas for each row of cells, in the scrolled space. It moves with them without being
 * drawn again, and a row that comes into view, or a thumbnail that came, costs no other row's drawing.
 */
export class BoxOverlay {
  readonly element = el('div', { class: 'grid-boxes', aria: { hidden: true } });
  /** By the first place of the row; null where there is nothing to draw. */
  private readonly strips = new Map<number, Strip | null>();
  private spare: Strip[] = [];
  private theme: CanvasTheme;

  constructor(root: HTMLElement, onTheme: () => void) {
    this.theme = readTheme(root);
    watchTheme(() => {
      this.theme = readTheme(root);
      this.hide();
      onTheme();
    });
  }

  /** Whether a row was drawn, by its first place. */
  has(first: number): boolean {
    return this.strips.has(first);
  }

  /** Gives up the rows that do not begin in [from, to). */
  keep(from: number, to: number): void {
    for (const [first, strip] of this.strips) {
      if (first >= from && first < to) continue;
      this.strips.delete(first);
      this.spend(strip);
    }
  }

  /** `first`: the row's first place. `top`: where it begins in the scrolled space. */
  draw(first: number, thumbs: readonly DrawnThumb[], top: number, width: number, height: number): void {
    let strip = this.strips.get(first) ?? null;
    if (thumbs.every(({ row }) => row.labels.length === 0)) {
      this.spend(strip);
      strip = null;
    } else {
      strip ??= this.spare.pop() ?? new Strip(this.element);
      strip.draw(thumbs, this.theme, top, width, height);
    }
    this.strips.set(first, strip);
  }

  /** A row keeps its canvas, at another height of the space. */
  move(first: number, top: number): void {
    this.strips.get(first)?.move(top);
  }

  /** No row is drawn any more. */
  hide(): void {
    this.element.replaceChildren();
    this.strips.clear();
    this.spare = [];
  }

  private spend(strip: Strip | null): void {
    if (strip === null) return;
    strip.canvas.hidden = true;
    this.spare.push(strip);
  }
}

class Strip {
  readonly canvas = el('canvas', { class: 'grid-strip' });
  private top = Number.NaN;

  constructor(parent: HTMLElement) {
    parent.append(this.canvas);
  }

  move(top: number): void {
    if (top === this.top) return;
    this.top = top;
    this.canvas.style.transform = `translateY(${top - margin}px)`;
  }

  draw(thumbs: readonly DrawnThumb[], theme: CanvasTheme, top: number, width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    const { canvas } = this;
    const high = height + 2 * margin;
    const size = [Math.round(width * ratio), Math.round(high * ratio)] as const;
    if (canvas.width !== size[0] || canvas.height !== size[1]) {
      [canvas.width, canvas.height] = size;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${high}px`;
    }
    this.move(top);
    canvas.hidden = false;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, high);
    context.translate(0, margin);
    const paths = new Map<number, Path2D>();
    for (const thumb of thumbs) outline(thumb, paths);
    context.lineJoin = 'miter';
    for (const [ink, path] of paths) {
      const colours = theme.inks[ink];
      context.strokeStyle = colours?.halo ?? 'black';
      context.lineWidth = 2.5;
      context.stroke(path);
      context.strokeStyle = colours?.stroke ?? 'white';
      context.lineWidth = 1.25;
      context.stroke(path);
    }
  }
}

/** Adds a thumbnail's boxes to the path of their colour. */
function outline({ row, left, side }: DrawnThumb, paths: Map<number, Path2D>): void {
  if (row.width <= 0 || row.height <= 0) return;
  const scale = side / Math.max(row.width, row.height);
  const x0 = left + (side - row.width * scale) / 2;
  const y0 = (side - row.height * scale) / 2;
  const within = (value: number, most: number) => Math.max(0, Math.min(value, most)) * scale;
  for (let at = 0; at < row.labels.length; at++) {
    const ink = labelInk(row.labels[at] ?? -1);
    const path = paths.get(ink) ?? new Path2D();
    paths.set(ink, path);
    const x1 = within(row.boxes[4 * at] ?? 0, row.width);
    const y1 = within(row.boxes[4 * at + 1] ?? 0, row.height);
    const x2 = within(row.boxes[4 * at + 2] ?? 0, row.width);
    const y2 = within(row.boxes[4 * at + 3] ?? 0, row.height);
    path.rect(x0 + x1, y0 + y1, Math.max(1, x2 - x1), Math.max(1, y2 - y1));
  }
}
