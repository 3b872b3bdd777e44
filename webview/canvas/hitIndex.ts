import type { RegionTable } from './regionTable';
import type { Point } from './view';

const RANK = { strong: 0, normal: 1, dim: 2 } as const;

/**
 * Finds the region under a point. Boxes lie sorted from small to large, so the first that contains the point is the
 * answer: of nested boxes the inner one can always be reached. Walking 5,000 boxes takes microseconds, so no grid.
 */
export class HitIndex {
  readonly #rows: Uint32Array;
  readonly #corners: Float64Array;
  /** Rows that are points, whose marks are larger than their boxes without area. */
  readonly #points: Uint8Array;

  constructor(table: RegionTable) {
    const { corners, regions } = table;
    const areas = Float64Array.from(regions, (_, row) => {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = corners.subarray(row * 4, row * 4 + 4);
      return (x2 - x1) * (y2 - y1);
    });
    const rank = (row: number) => RANK[regions[row]?.emphasis ?? 'dim'];
    this.#rows = Uint32Array.from(regions.keys()).sort(
      // Of equal boxes the one painted on top answers.
      (a, b) => (areas[a] ?? 0) - (areas[b] ?? 0) || rank(a) - rank(b) || b - a,
    );
    this.#points = Uint8Array.from(this.#rows, (row) => (regions[row]?.point === undefined ? 0 : 1));
    this.#corners = new Float64Array(corners.length);
    for (const [place, row] of this.#rows.entries()) {
      this.#corners.set(corners.subarray(row * 4, row * 4 + 4), place * 4);
    }
  }

  /**
   * Row of the smallest box that contains the point or passes within `near` of it, of a point's mark within `reach`; all in
   * original pixels.
   */
  at(point: Point, near: number, reach = near): number | null {
    const corners = this.#corners;
    const { x, y } = point;
    for (let i = 0; i < corners.length; i += 4) {
      const tolerance = this.#points[i / 4] === 1 ? reach : near;
      if (
        x >= (corners[i] ?? 0) - tolerance &&
        y >= (corners[i + 1] ?? 0) - tolerance &&
        x <= (corners[i + 2] ?? 0) + tolerance &&
        y <= (corners[i + 3] ?? 0) + tolerance
      ) {
        return this.#rows[i / 4] ?? null;
      }
    }
    return null;
  }
}
