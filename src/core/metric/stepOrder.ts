/** Rows of a trace, sorted by training step; rows of one step keep the order of the trace. */
export interface StepOrder {
  /** Distinct steps, ascending. */
  readonly steps: Float64Array;
  /** Rows of step `i` stand in `rows` at [starts[i], starts[i + 1]). */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  /** Wanted rows without a step: they are in no series. */
  readonly withoutStep: number;
  /** Wanted rows that a later attempt at their step replaced. */
  readonly replaced: number;
}

export interface StepOrderInput {
  /** Rows looked at. */
  readonly length: number;
  /** The step of a row; NaN for none. */
  readonly step: (row: number) => number;
  /** Rows that count, such as those of training; all when absent. */
  readonly wanted?: (row: number) => boolean;
  /** Which attempt at its step a row belongs to: of a step done again by a resumed run, only the highest counts. */
  readonly attempt?: (row: number) => number;
}

const none = 0xffffffff;

/** A counting sort over the steps: two passes over the rows and no object per row. */
export function orderBySteps({ length, step, wanted, attempt }: StepOrderInput): StepOrder {
  const placeOf = new Map<number, number>();
  const places = new Uint32Array(length).fill(none);
  const newest: number[] = [];
  let withoutStep = 0;
  let lastStep = Number.NaN;
  let lastPlace = 0;
  for (let row = 0; row < length; row++) {
    if (wanted !== undefined && !wanted(row)) continue;
    const at = step(row);
    if (Number.isNaN(at)) {
      withoutStep++;
      continue;
    }
    // Logs are written step by step: the map is asked only where a step begins.
    if (at !== lastStep) {
      lastStep = at;
      lastPlace = placeOf.get(at) ?? placeOf.size;
      placeOf.set(at, lastPlace);
    }
    places[row] = lastPlace;
    if (attempt !== undefined) newest[lastPlace] = Math.max(newest[lastPlace] ?? 0, attempt(row));
  }
  const steps = Float64Array.from(placeOf.keys()).sort();
  const ranks = new Uint32Array(steps.length);
  steps.forEach((value, rank) => {
    ranks[placeOf.get(value) ?? 0] = rank;
  });
  const kept = (row: number, place: number) => attempt === undefined || attempt(row) === newest[place];
  return { steps, ...sorted(places, ranks, kept), withoutStep };
}

function sorted(
  places: Uint32Array,
  ranks: Uint32Array,
  kept: (row: number, place: number) => boolean,
): Pick<StepOrder, 'starts' | 'rows' | 'replaced'> {
  const starts = new Uint32Array(ranks.length + 1);
  let replaced = 0;
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? none;
    if (place === none) continue;
    if (kept(row, place)) {
      const behind = (ranks[place] ?? 0) + 1;
      starts[behind] = (starts[behind] ?? 0) + 1;
    } else {
      replaced++;
      places[row] = none;
    }
  }
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const rows = new Uint32Array(starts[ranks.length] ?? 0);
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? none;
    if (place === none) continue;
    const rank = ranks[place] ?? 0;
    const at = next[rank] ?? 0;
    rows[at] = row;
    next[rank] = at + 1;
  }
  return { starts, rows, replaced };
}
