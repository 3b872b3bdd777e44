import type { Box } from '../../src/core/geometry/box';
import { type BadgePlaces, type BadgeText, paintBadges } from './badges';
import { BoxStrokes, dashOf } from './boxStrokes';
import { lineWidth, type PaintFrame } from './paintFrame';
import { paintPoint } from './pointPaint';
import type { RegionTable, StyleBatch } from './regionTable';

/** Stroke widths in CSS pixels. */
const WIDTHS = { dim: 1, normal: 2, strong: 3 } as const;
const DIM_ALPHA = 0.55;
/** More badges than this can't be told apart, and cost time; then only strong regions keep theirs. */
const MOST_BADGES = 300;
/** Palette places of ground truth and task boxes: many and alike, so small ones do without a badge until pointed at. */
const FIRST_REFERENCE = 9;
const SMALL = { width: 44, height: 32 };
/** With more boxes than this in view, motion is painted without halos and dashes: they cost as much as all the rest. */
const COARSE_FROM = 1500;

/** All regions that are in view, batch by batch; one buffer of positions serves every frame. */
export class RegionLayer {
  #boxes = new Float64Array(0);
  /** Boxes in view in the last frame. */
  #crowd = 0;

  /** Paints all rows but the one that is `lifted` above the others; returns where the numbers went. */
  paint(
    context: CanvasRenderingContext2D,
    frame: PaintFrame,
    table: RegionTable,
    lifted: number | null = null,
  ): BadgePlaces {
    if (this.#boxes.length < table.corners.length) this.#boxes = new Float64Array(table.corners.length);
    const strokes = new BoxStrokes(context, frame);
    const coarse = frame.moving && this.#crowd > COARSE_FROM;
    const visible: number[] = [];
    for (const batch of table.batches) {
      const { count, points } = this.#gather(frame, table, batch, visible, lifted);
      this.#paintBatch(context, frame, batch, strokes, { count, points, coarse });
    }
    context.globalAlpha = 1;
    this.#crowd = visible.length;
    const badges = numbered(table, visible, frame);
    return paintBadges(context, frame, table, badges);
  }

  /** Positions of the batch's boxes in view, in device pixels; boxes without area apart. */
  #gather(
    frame: PaintFrame,
    table: RegionTable,
    batch: StyleBatch,
    visible: number[],
    lifted: number | null,
  ): { count: number; points: Box[] } {
    const { view, ratio, screen } = frame;
    const scale = view.scale * ratio;
    const [x, y] = [view.x * ratio, view.y * ratio];
    const [right, bottom] = [screen.width * ratio, screen.height * ratio];
    const { corners } = table;
    const boxes = this.#boxes;
    const points: Box[] = [];
    let count = 0;
    for (const row of batch.rows) {
      if (row === lifted) continue;
      const x1 = (corners[row * 4] ?? 0) * scale + x;
      const y1 = (corners[row * 4 + 1] ?? 0) * scale + y;
      const x2 = (corners[row * 4 + 2] ?? 0) * scale + x;
      const y2 = (corners[row * 4 + 3] ?? 0) * scale + y;
      if (x2 < 0 || y2 < 0 || x1 > right || y1 > bottom) continue;
      visible.push(row);
      if (x1 === x2 || y1 === y2) points.push({ x1, y1, x2, y2 });
      if (x1 === x2 && y1 === y2) continue;
      boxes[count * 4] = x1;
      boxes[count * 4 + 1] = y1;
      boxes[count * 4 + 2] = x2;
      boxes[count * 4 + 3] = y2;
      count++;
    }
    return { count, points };
  }

  #paintBatch(
    context: CanvasRenderingContext2D,
    frame: PaintFrame,
    batch: StyleBatch,
    strokes: BoxStrokes,
    { count, points, coarse }: { count: number; points: readonly Box[]; coarse: boolean },
  ): void {
    const ink = frame.theme.inks[batch.palette];
    if (ink === undefined || count + points.length === 0) return;
    const width = lineWidth(frame, WIDTHS[batch.emphasis]);
    const halo = width + 2 * lineWidth(frame, 1);
    context.globalAlpha = batch.emphasis === 'dim' ? DIM_ALPHA : 1;
    if (batch.point !== undefined) {
      for (const { x1, y1 } of points) paintPoint(context, frame, ink, { x: x1, y: y1 }, batch.point);
      return;
    }
    if (!coarse) strokes.stroke(this.#boxes, count, ink.halo, halo, []);
    strokes.crosses(points, ink.halo, halo, lineWidth(frame, 1));
    strokes.stroke(this.#boxes, count, ink.stroke, width, coarse ? [] : dashOf(batch.stroke, width));
    strokes.crosses(points, ink.stroke, width);
  }
}

/** Which numbers to paint: painted last means most important, so those come first and get the better places. */
function numbered(table: RegionTable, visible: readonly number[], { moving, view }: PaintFrame): BadgeText[] {
  const crowded = visible.length > MOST_BADGES;
  if (crowded && moving) return [];
  const badges: BadgeText[] = [];
  for (const row of visible.toReversed()) {
    const region = table.regions[row];
    if (region === undefined || (crowded && region.emphasis !== 'strong')) continue;
    if (region.palette >= FIRST_REFERENCE && isSmall(region.box, view.scale)) continue;
    badges.push({ row, text: region.number, dim: region.emphasis === 'dim' });
  }
  return badges.length > MOST_BADGES ? [] : badges;
}

/** Smaller on screen than a badge can name without hiding it; CSS pixels. */
function isSmall(box: Box, scale: number): boolean {
  return Math.abs(box.x2 - box.x1) * scale < SMALL.width || Math.abs(box.y2 - box.y1) * scale < SMALL.height;
}
