import type { CanvasMask } from './imageCanvas';
import { lineWidth, type PaintFrame } from './paintFrame';

const FILL_ALPHA = 0.32;
/** CSS pixels. */
const usualWidth = 2;
const boldWidth = 4;
const paths = new WeakMap<readonly Float32Array[], Path2D>();

/** What is in the mask tinted, its border as a line with a halo, however far the view is zoomed in. */
export function paintMask(context: CanvasRenderingContext2D, frame: PaintFrame, mask: CanvasMask): void {
  const ink = frame.theme.inks[mask.palette];
  if (ink === undefined) return;
  const { view, ratio } = frame;
  const path = pathOf(mask.loops);
  const scale = view.scale * ratio;
  context.save();
  context.setTransform(scale, 0, 0, scale, view.x * ratio, view.y * ratio);
  if (mask.filled) {
    context.globalAlpha = mask.opacity ?? FILL_ALPHA;
    context.fillStyle = ink.stroke;
    context.fill(path, 'evenodd');
    context.globalAlpha = 1;
  }
  const line = lineWidth(frame, mask.raised === true ? boldWidth : usualWidth) / scale;
  context.lineJoin = 'round';
  if (!frame.moving) {
    context.strokeStyle = ink.halo;
    context.lineWidth = line * 2;
    context.stroke(path);
  }
  context.setLineDash(mask.stroke === 'dashed' ? [line * 4, line * 2.5] : []);
  context.strokeStyle = ink.stroke;
  context.lineWidth = line;
  context.stroke(path);
  context.restore();
}

/** Made once for each mask: a frame only scales it. */
export function pathOf(loops: readonly Float32Array[]): Path2D {
  const known = paths.get(loops);
  if (known !== undefined) return known;
  const path = new Path2D();
  for (const loop of loops) {
    for (let i = 0; i < loop.length; i += 2) {
      const [x, y] = [loop[i] ?? 0, loop[i + 1] ?? 0];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
  }
  paths.set(loops, path);
  return path;
}
