import type { ImageRow } from '../../../src/protocol/imageSet';
import { type CanvasTheme, readTheme, watchTheme } from '../../canvas/theme';
import { el } from '../../ui/dom';

/** Places of the palette that labels are drawn in; those of ground truth and task boxes are left out. */
const labelInks = 9;

/** Palette place of a label: its number in the file, round and round. */
export const labelInk = (label: number): number => (label < 0 ? 10 : label % labelInks);

/** A thumbnail on the canvas, in CSS pixels of the canvas. */
export interface DrawnThumb {
  readonly row: ImageRow;
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** One canvas over all thumbnails that are there, in the scrolled space: it moves with them without being drawn again. */
export class BoxOverlay {
  readonly element = el('canvas', { class: 'grid-boxes', aria: { hidden: true } });
  private theme: CanvasTheme;

  constructor(root: HTMLElement, onTheme: () => void) {
    this.theme = readTheme(root);
    watchTheme(() => {
      this.theme = readTheme(root);
      onTheme();
    });
  }

  /** `top`: where the canvas begins in the scrolled space. */
  draw(thumbs: readonly DrawnThumb[], top: number, width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    const { element } = this;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== wide || element.height !== high) {
      element.width = wide;
      element.height = high;
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
    }
    element.style.transform = `translateY(${top}px)`;
    const context = element.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const paths = new Map<number, Path2D>();
    for (const thumb of thumbs) outline(thumb, paths);
    context.lineJoin = 'miter';
    for (const [ink, path] of paths) {
      const colours = this.theme.inks[ink];
      context.strokeStyle = colours?.halo ?? 'black';
      context.lineWidth = 2.5;
      context.stroke(path);
      context.strokeStyle = colours?.stroke ?? 'white';
      context.lineWidth = 1.25;
      context.stroke(path);
    }
  }

  hide(): void {
    this.element.width = 0;
    this.element.height = 0;
  }
}

/** Adds a thumbnail's boxes to the path of their colour. */
function outline({ row, left, top, side }: DrawnThumb, paths: Map<number, Path2D>): void {
  if (row.width <= 0 || row.height <= 0) return;
  const scale = side / Math.max(row.width, row.height);
  const x0 = left + (side - row.width * scale) / 2;
  const y0 = top + (side - row.height * scale) / 2;
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
