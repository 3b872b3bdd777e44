/** Edges from where on a mask is noise that no line can show. */
const mostEdges = 100_000;

/**
 * The border of a mask along pixel edges, as closed loops of corners x, y in turn, in pixels of the mask: clockwise around
 * what is in the mask, the other way round holes. Filled by the even-odd rule they are the mask itself.
 * @param runs of the mask, down the columns (`runsOf`).
 * @returns null for a mask too ragged to be drawn.
 */
export function outlineOf(runs: Uint32Array, height: number): readonly Float32Array[] | null {
  const edges = new Edges();
  let before: readonly number[] = [];
  let x = 0;
  for (const column of columnsOf(runs, height)) {
    for (let i = 0; i < column.length; i += 2) {
      edges.add(x, column[i] ?? 0, x + 1, column[i] ?? 0);
      edges.add(x + 1, column[i + 1] ?? 0, x, column[i + 1] ?? 0);
    }
    upright(before, column, x, edges);
    if (edges.count > mostEdges) return null;
    before = column;
    x++;
  }
  upright(before, [], x, edges);
  return edges.count > mostEdges ? null : edges.loops();
}

/** Of each column the rows where the mask begins and ends, in turn. */
function* columnsOf(runs: Uint32Array, height: number): Generator<readonly number[]> {
  let column: number[] = [];
  let y = 0;
  for (let run = 0; run < runs.length; run++) {
    for (let left = runs[run] ?? 0; left > 0; ) {
      const part = Math.min(left, height - y);
      if (run % 2 === 1) {
        // A run that goes on from the column before begins anew; one that touches the last is the same.
        if (column.at(-1) === y) column[column.length - 1] = y + part;
        else column.push(y, y + part);
      }
      left -= part;
      y += part;
      if (y < height) continue;
      yield column;
      column = [];
      y = 0;
    }
  }
}

/** Upright edges at `x`, wherever one of the two columns is in the mask and the other is not. */
function upright(left: readonly number[], right: readonly number[], x: number, edges: Edges): void {
  let i = 0;
  let j = 0;
  let from = 0;
  while (i < left.length || j < right.length) {
    const y = Math.min(left[i] ?? Number.POSITIVE_INFINITY, right[j] ?? Number.POSITIVE_INFINITY);
    const inLeft = i % 2 === 1;
    const inRight = j % 2 === 1;
    if (inLeft !== inRight && y > from) {
      if (inLeft) edges.add(x, from, x, y);
      else edges.add(x, y, x, from);
    }
    if (left[i] === y) i++;
    if (right[j] === y) j++;
    from = y;
  }
}

/** Directed edges between corners of pixels; each corner has as many edges that leave as come. */
class Edges {
  count = 0;
  private readonly leaving = new Map<number, number[]>();

  add(x1: number, y1: number, x2: number, y2: number): void {
    const from = keyOf(x1, y1);
    const there = this.leaving.get(from);
    if (there === undefined) this.leaving.set(from, [keyOf(x2, y2)]);
    else there.push(keyOf(x2, y2));
    this.count++;
  }

  loops(): readonly Float32Array[] {
    const loops: Float32Array[] = [];
    for (const [start, ends] of this.leaving) {
      while (ends.length > 0) {
        const corners: number[] = [];
        let at = start;
        do {
          corners.push(at);
          at = this.leaving.get(at)?.pop() ?? start;
        } while (at !== start);
        loops.push(withoutStraights(corners));
      }
    }
    return loops;
  }
}

/** Sides are below this: a corner is one number. */
const base = 2 ** 26;
const keyOf = (x: number, y: number): number => x * base + y;

/** The corners at which the loop turns. */
function withoutStraights(corners: readonly number[]): Float32Array {
  const points: number[] = [];
  for (const [i, corner] of corners.entries()) {
    const [x, y] = [Math.floor(corner / base), corner % base];
    const before = corners[(i + corners.length - 1) % corners.length] ?? corner;
    const after = corners[(i + 1) % corners.length] ?? corner;
    const straightX = Math.floor(before / base) === x && Math.floor(after / base) === x;
    const straightY = before % base === y && after % base === y;
    if (!straightX && !straightY) points.push(x, y);
  }
  return Float32Array.from(points);
}
