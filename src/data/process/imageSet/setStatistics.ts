import type { Histogram, ImageSetStatistics } from '../../../protocol/imageSet';
import { forEachRow } from '../columns/rowMask';
import type { EffectiveTables } from './effectiveTables';
import { labelCounts } from './imageSetInfo';
import type { Matching } from './setQueries';

/** Edges of box areas double from one to the next: between two of them a side grows by √2. */
const largestArea = 2 ** 32;
const heatSide = 32;
/** Bars of images by annotations: one a number up to this many, then wider ones. */
const mostBars = 32;

/** What the annotations and images of a view come to. */
export function setStatistics(tables: EffectiveTables, matching: Matching, images: Uint32Array): ImageSetStatistics {
  const { annotations } = tables;
  const areas = new Uint32Array(Math.log2(largestArea) + 1);
  const centres = new Uint32Array(heatSide ** 2);
  const perImage = new Uint32Array(tables.images.length);
  let count = 0;
  forEachRow(matching.annotation, annotations.length, (row) => {
    const image = annotations.images[row] ?? -1;
    if (image < 0) return;
    count++;
    perImage[image] = (perImage[image] ?? 0) + 1;
    const [x1, y1] = [annotations.x1[row] ?? Number.NaN, annotations.y1[row] ?? Number.NaN];
    const [x2, y2] = [annotations.x2[row] ?? Number.NaN, annotations.y2[row] ?? Number.NaN];
    const area = Math.abs((x2 - x1) * (y2 - y1));
    if (Number.isNaN(area)) return;
    const bar = area < 1 ? 0 : Math.min(areas.length - 1, Math.floor(Math.log2(area)) + 1);
    areas[bar] = (areas[bar] ?? 0) + 1;
    const cell = cellOf(
      (x1 + x2) / 2,
      (y1 + y2) / 2,
      tables.images.widths[image] ?? 0,
      tables.images.heights[image] ?? 0,
    );
    if (cell >= 0) centres[cell] = (centres[cell] ?? 0) + 1;
  });
  return {
    images: images.length,
    annotations: count,
    labels: labelCounts(tables, matching.annotation),
    boxAreas: trimmed({ edges: Float64Array.from(areas, (_, bar) => (bar === 0 ? 0 : 2 ** (bar - 1))), counts: areas }),
    perImage: countsOf(images.map((image) => perImage[image] ?? 0)),
    centres: { side: heatSide, counts: centres },
  };
}

/** −1 for a centre outside its image, or of an image whose size nobody knows. */
function cellOf(x: number, y: number, width: number, height: number): number {
  const column = Math.floor((x / width) * heatSide);
  const row = Math.floor((y / height) * heatSide);
  const inside = column >= 0 && column < heatSide && row >= 0 && row < heatSide;
  return inside ? row * heatSide + column : -1;
}

/** Without empty bars at either end. `edges` are the lower ones of `counts`. */
function trimmed({ edges, counts }: Histogram): Histogram {
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  if (first < 0) return { edges: Float64Array.of(0, 1), counts: Uint32Array.of(0) };
  const upper = edges[last + 1] ?? (edges[last] ?? 0) * 2;
  return {
    edges: Float64Array.from([...edges.subarray(first, last + 1), upper]),
    counts: counts.slice(first, last + 1),
  };
}

/** How often each number of annotations occurs, in bars of equal width. */
function countsOf(numbers: Uint32Array): Histogram {
  const most = numbers.reduce((a, b) => Math.max(a, b), 0);
  const step = Math.ceil((most + 1) / mostBars);
  const bars = Math.ceil((most + 1) / step);
  const counts = new Uint32Array(bars);
  for (const number of numbers) {
    const bar = Math.floor(number / step);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return { edges: Float64Array.from({ length: bars + 1 }, (_, bar) => bar * step), counts };
}
