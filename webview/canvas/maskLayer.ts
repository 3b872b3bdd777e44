import type { CanvasMask } from './imageCanvas';
import { paintMask } from './maskPaint';
import type { PaintFrame } from './paintFrame';
import type { CanvasTheme } from './theme';
import type { View } from './view';

/** Corners from where on masks are painted once for a view, and not once a frame. */
const manyCorners = 20_000;

interface Painted {
  readonly masks: readonly CanvasMask[];
  readonly theme: CanvasTheme;
  readonly view: View;
  readonly ratio: number;
  readonly bitmap: HTMLCanvasElement;
}

/**
 * Masks over the picture. A few are painted as they are; of hundreds one bitmap is made for each view that comes to rest, and moved
 * along while the view moves.
 */
export class MaskLayer {
  private painted: Painted | null = null;
  private counted: { readonly masks: readonly CanvasMask[]; readonly corners: number } | null = null;

  paint(context: CanvasRenderingContext2D, frame: PaintFrame, masks: readonly CanvasMask[]): void {
    if (this.corners(masks) < manyCorners) {
      this.painted = null;
      for (const mask of masks) paintMask(context, frame, mask);
      return;
    }
    const painted = this.fresh(frame, masks);
    const { view, ratio } = frame;
    const scale = view.scale / painted.view.scale;
    const x = (view.x - painted.view.x * scale) * ratio;
    const y = (view.y - painted.view.y * scale) * ratio;
    context.drawImage(painted.bitmap, x, y, painted.bitmap.width * scale, painted.bitmap.height * scale);
  }

  private corners(masks: readonly CanvasMask[]): number {
    if (this.counted?.masks === masks) return this.counted.corners;
    const corners = masks.reduce((sum, { loops }) => sum + loops.reduce((all, loop) => all + loop.length / 2, 0), 0);
    this.counted = { masks, corners };
    return corners;
  }

  private fresh(frame: PaintFrame, masks: readonly CanvasMask[]): Painted {
    const { view, screen, ratio, theme } = frame;
    const width = Math.max(1, Math.round(screen.width * ratio));
    const height = Math.max(1, Math.round(screen.height * ratio));
    const { painted } = this;
    const same = painted?.masks === masks && painted.theme === theme && painted.ratio === ratio;
    const still = painted?.bitmap.width === width && painted.bitmap.height === height && sameView(painted.view, view);
    if (painted !== null && same && (frame.moving || still)) return painted;
    const bitmap = painted?.bitmap ?? document.createElement('canvas');
    bitmap.width = width;
    bitmap.height = height;
    const context = bitmap.getContext('2d');
    if (context !== null) for (const mask of masks) paintMask(context, { ...frame, moving: false }, mask);
    this.painted = { masks, theme, view, ratio, bitmap };
    return this.painted;
  }
}

function sameView(a: View, b: View): boolean {
  return a.scale === b.scale && a.x === b.x && a.y === b.y;
}
