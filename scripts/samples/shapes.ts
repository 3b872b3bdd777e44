/**
 * Polygons that are drawn as SVG and rasterised to exact masks: an object's silhouette is one polygon, so its box, area and
 * mask are known to the pixel. Digits are stroked from our own outlines, since a font may be missing or differ.
 */
import type { Box, Size } from '../../src/core/geometry/box';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Turns `points` by `angle` radians about the origin, scales by `scale` and moves them to (x, y). */
export function place(points: readonly Point[], x: number, y: number, angle: number, scale = 1): Point[] {
  const c = Math.cos(angle) * scale;
  const s = Math.sin(angle) * scale;
  return points.map((p) => ({ x: round(x + p.x * c - p.y * s), y: round(y + p.x * s + p.y * c) }));
}

/** One decimal: keeps the SVG small and the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function polygonSvg(points: readonly Point[], attributes: string): string {
  return `<polygon points="${points.map((p) => `${p.x},${p.y}`).join(' ')}" ${attributes}/>`;
}

export function ellipsePoints(rx: number, ry: number, corners = 20): Point[] {
  return Array.from({ length: corners }, (_, i) => {
    const a = (2 * Math.PI * i) / corners;
    return { x: rx * Math.cos(a), y: ry * Math.sin(a) };
  });
}

export function rectanglePoints(width: number, height: number): Point[] {
  const [w, h] = [width / 2, height / 2];
  return [
    { x: -w, y: -h },
    { x: w, y: -h },
    { x: w, y: h },
    { x: -w, y: h },
  ];
}

/** Strokes of each digit in a 4 × 7 cell. */
const digitStrokes: Readonly<Record<string, string>> = {
  '0': 'M0,1 L1,0 L3,0 L4,1 L4,6 L3,7 L1,7 L0,6 Z',
  '1': 'M0.8,1.4 L2.2,0 L2.2,7 M0.8,7 L3.6,7',
  '2': 'M0,1 L1,0 L3,0 L4,1 L4,2.6 L0,7 L4,7',
  '3': 'M0,0 L4,0 L2,2.8 L3,2.8 L4,3.8 L4,6 L3,7 L1,7 L0,6',
  '4': 'M3,7 L3,0 L0,4.8 L4,4.8',
  '5': 'M4,0 L0,0 L0,3 L3,3 L4,4 L4,6 L3,7 L0,7',
  '6': 'M4,0 L1.6,0 L0,2.6 L0,6 L1,7 L3,7 L4,6 L4,4 L3,3 L0,3',
  '7': 'M0,0 L4,0 L1.4,7',
  '8': 'M1,0 L3,0 L4,1 L4,2.4 L3,3.3 L1,3.3 L0,2.4 L0,1 Z M1,3.3 L0,4.3 L0,6 L1,7 L3,7 L4,6 L4,4.3 L3,3.3',
  '9': 'M4,4 L1,4 L0,3 L0,1 L1,0 L3,0 L4,1 L4,4.6 L2.6,7 L0,7',
};

/** A number centred on (x, y), digits `height` pixels tall. */
export function numberSvg(text: string, x: number, y: number, height: number, angle: number, colour: string): string {
  const unit = height / 7;
  const advance = 5.6;
  const width = text.length * advance - 1.6;
  const glyphs = [...text]
    .map((digit, i) => `<path transform="translate(${round(i * advance)} 0)" d="${digitStrokes[digit] ?? ''}"/>`)
    .join('');
  const turn = round((angle * 180) / Math.PI);
  return `<g transform="translate(${round(x)} ${round(y)}) rotate(${turn}) scale(${unit.toFixed(3)}) translate(${-width / 2} -3.5)" fill="none" stroke="${colour}" stroke-width="1.15" stroke-linejoin="round" stroke-linecap="round">${glyphs}</g>`;
}

/** A mask as COCO's uncompressed run-length encoding: column-major, first run counts zeros. */
export interface UncompressedRle {
  readonly size: readonly [height: number, width: number];
  readonly counts: readonly number[];
}

/** Pixels whose centre lies inside the polygon (even–odd), with the tight box [x1, y1, x2, y2) around them. */
export function rasterise(points: readonly Point[], image: Size): { rle: UncompressedRle; area: number; box: Box } {
  const counts: number[] = [];
  let zeros = 0;
  let area = 0;
  let [x1, y1, x2, y2] = [image.width, image.height, 0, 0];
  for (let column = 0; column < image.width; column++) {
    let from = 0;
    for (const [top, bottom] of columnRuns(points, column + 0.5, image.height)) {
      zeros += top - from;
      counts.push(zeros, bottom - top);
      zeros = 0;
      from = bottom;
      area += bottom - top;
      x1 = Math.min(x1, column);
      x2 = Math.max(x2, column + 1);
      y1 = Math.min(y1, top);
      y2 = Math.max(y2, bottom);
    }
    zeros += image.height - from;
  }
  if (zeros > 0) counts.push(zeros);
  return { rle: { size: [image.height, image.width], counts }, area, box: { x1, y1, x2, y2 } };
}

/** Row ranges [top, bottom) of the pixel centres inside the polygon on the vertical line at `x`. */
function columnRuns(points: readonly Point[], x: number, height: number): [number, number][] {
  const crossings: number[] = [];
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length];
    if (b !== undefined && a.x > x !== b.x > x) crossings.push(a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y));
  });
  crossings.sort((p, q) => p - q);
  const runs: [number, number][] = [];
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const top = Math.max(0, Math.ceil((crossings[i] ?? 0) - 0.5));
    const bottom = Math.min(height, Math.ceil((crossings[i + 1] ?? 0) - 0.5));
    if (bottom > top) runs.push([top, bottom]);
  }
  return runs;
}
