import type { Box } from '../../src/core/geometry/box';
import type { CanvasRegion } from './imageCanvas';
import { ordered } from './view';

/** Rows that are drawn alike, and so in one go. */
export interface StyleBatch {
  readonly palette: number;
  readonly stroke: CanvasRegion['stroke'];
  readonly emphasis: CanvasRegion['emphasis'];
  readonly point: CanvasRegion['point'];
  readonly rows: readonly number[];
}

/** Regions as columns: what painting and hit testing walk over. Row i of every column is one region. */
export interface RegionTable {
  readonly regions: readonly CanvasRegion[];
  /** x1, y1, x2, y2 of each row in turn, corners ordered, original pixels. */
  readonly corners: Float64Array;
  /** In painting order: dim first, strong last. */
  readonly batches: readonly StyleBatch[];
  readonly rowOf: ReadonlyMap<string, number>;
  /** Around all regions; null when there are none. */
  readonly bounds: Box | null;
}

const EMPHASES = ['dim', 'normal', 'strong'] as const;
/** Colours there are: the selected rollout, eight siblings, ground truth, task boxes. */
export const PALETTE_SIZE = 11;

/** Leaves out regions whose box holds a number that is none, since they have no place on a plane. */
export function tabulate(input: readonly CanvasRegion[]): RegionTable {
  const regions = input.filter(({ box }) => [box.x1, box.y1, box.x2, box.y2].every(Number.isFinite));
  const corners = new Float64Array(regions.length * 4);
  const rowOf = new Map<string, number>();
  const batches = new Map<string, StyleBatch & { rows: number[] }>();
  const bounds = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  for (const [row, region] of regions.entries()) {
    const box = ordered(region.box);
    corners.set([box.x1, box.y1, box.x2, box.y2], row * 4);
    rowOf.set(region.id, row);
    bounds.x1 = Math.min(bounds.x1, box.x1);
    bounds.y1 = Math.min(bounds.y1, box.y1);
    bounds.x2 = Math.max(bounds.x2, box.x2);
    bounds.y2 = Math.max(bounds.y2, box.y2);
    const palette = paletteIndex(region.palette);
    const key = `${region.emphasis} ${palette} ${region.stroke} ${region.point ?? ''}`;
    const { stroke, emphasis, point } = region;
    const batch = batches.get(key) ?? { palette, stroke, emphasis, point, rows: [] };
    batch.rows.push(row);
    batches.set(key, batch);
  }
  const painting = [...batches.values()].sort(
    (a, b) =>
      EMPHASES.indexOf(a.emphasis) - EMPHASES.indexOf(b.emphasis) || paintRank(a.palette) - paintRank(b.palette),
  );
  return { regions, corners, batches: painting, rowOf, bounds: regions.length === 0 ? null : bounds };
}

export const noRegions: RegionTable = tabulate([]);

/** Siblings first, then what is compared with: ground truth and task boxes, then the selected rollout on top. */
function paintRank(palette: number): number {
  return palette === 0 ? PALETTE_SIZE : palette;
}

/** A colour that exists, whatever number was given. */
export function paletteIndex(palette: number): number {
  return Number.isInteger(palette) && palette >= 0 && palette < PALETTE_SIZE ? palette : PALETTE_SIZE - 1;
}

/** The ordered box of a row, original pixels. */
export function boxOfRow(table: RegionTable, row: number): Box {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = table.corners.subarray(row * 4, row * 4 + 4);
  return { x1, y1, x2, y2 };
}

/** The ordered box of a region, original pixels; null for one that is not in the table. */
export function boxOfId(table: RegionTable, id: string): Box | null {
  const row = table.rowOf.get(id);
  return row === undefined ? null : boxOfRow(table, row);
}
