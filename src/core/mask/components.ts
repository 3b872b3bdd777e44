import type { Size } from '../geometry/box';

/** Pieces of a mask whose pixels touch at their sides. */
export interface Components {
  /** Row-major: 0 outside the mask, else the piece's number, from 1 on in reading order of their first pixels. */
  readonly labels: Int32Array;
  /** Pixels of each piece, by its number; the first is 0. */
  readonly areas: readonly number[];
}

/** @param mask row-major, one byte a pixel, 0 for what is not in it. */
export function components(mask: Uint8Array, { width }: Size): Components {
  const labels = new Int32Array(mask.length);
  const areas = [0];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const label = areas.length;
    let area = 0;
    const visit = (pixel: number) => {
      if (mask[pixel] === 0 || labels[pixel] !== 0) return;
      labels[pixel] = label;
      stack.push(pixel);
    };
    visit(start);
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      area++;
      const x = pixel % width;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (pixel >= width) visit(pixel - width);
      if (pixel + width < mask.length) visit(pixel + width);
    }
    areas.push(area);
  }
  return { labels, areas };
}
