import type { Box, Size } from '../../../../core/geometry/box';
import type { Pixels } from '../../../../protocol/segment';
import { scaledPart } from './resample';

/** A part of a picture at the size that is worked on. */
export interface WorkPicture extends Size {
  /** Row-major, three numbers a pixel: red, green, blue, 0–255. */
  readonly colours: Float32Array;
  /** Whole pixels of the picture that it shows. */
  readonly part: Box;
  /** Pixels here for one of the picture. */
  readonly scale: number;
}

/** @param part whole pixels inside the picture. @param side that the longer side is brought to; never enlarged. */
export function workPicture({ rgb, ...size }: Pixels, part: Box, side: number): WorkPicture {
  const [width, height] = [part.x2 - part.x1, part.y2 - part.y1];
  const scale = Math.min(1, side / Math.max(width, height));
  const to = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return { ...to, colours: scaledPart(rgb, size, part, to), part, scale };
}

/** Calls `paint` for the pixels whose middles lie within `radius` of (x, y); their number and squared distance in radii. */
export function disk(
  { width, height }: Size,
  x: number,
  y: number,
  [across, down]: readonly [number, number],
  paint: (pixel: number, distance: number) => void,
): void {
  const [top, bottom] = [Math.max(0, Math.floor(y - down)), Math.min(height - 1, Math.ceil(y + down))];
  const [left, right] = [Math.max(0, Math.floor(x - across)), Math.min(width - 1, Math.ceil(x + across))];
  for (let v = top; v <= bottom; v++) {
    for (let u = left; u <= right; u++) {
      const distance = ((u + 0.5 - x) / across) ** 2 + ((v + 0.5 - y) / down) ** 2;
      if (distance <= 1) paint(v * width + u, distance);
    }
  }
}
