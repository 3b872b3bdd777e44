import type { CanvasRegion } from './imageCanvas';
import { lineWidth, type PaintFrame } from './paintFrame';
import type { InkColours } from './theme';
import type { Point } from './view';

/** Radius of a point's mark, CSS pixels. */
export const POINT_RADIUS = 9;
const PLAIN_RADIUS = 6;

/** A click at `at` (device pixels): a filled disc with +, a hollow one with −, or a plain dot. The sign never hangs on colour. */
export function paintPoint(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  ink: InkColours,
  at: Point,
  point: NonNullable<CanvasRegion['point']>,
  how: 'usual' | 'raised' = 'usual',
): void {
  const x = Math.round(at.x);
  const y = Math.round(at.y);
  const line = lineWidth(frame, how === 'raised' ? 3 : 2);
  const radius = lineWidth(frame, (point === 'plain' ? PLAIN_RADIUS : POINT_RADIUS) + (how === 'raised' ? 2 : 0));
  const hollow = point === 'minus';
  disc(context, x, y, radius + line);
  context.fillStyle = ink.halo;
  context.fill();
  disc(context, x, y, radius);
  context.fillStyle = hollow ? ink.text : ink.stroke;
  context.fill();
  if (hollow) {
    context.strokeStyle = ink.stroke;
    context.lineWidth = line;
    context.setLineDash([]);
    context.stroke();
  }
  if (point === 'plain') return;
  const arm = Math.round(radius * 0.55);
  context.fillStyle = hollow ? ink.stroke : ink.text;
  context.fillRect(x - arm, y - Math.floor(line / 2), 2 * arm, line);
  if (point === 'plus') context.fillRect(x - Math.floor(line / 2), y - arm, line, 2 * arm);
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
