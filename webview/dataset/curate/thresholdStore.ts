import { countBelow, type ValueAxis, valueAxis } from '../../../src/core/dataset/valueAxis';
import type { SortedValues } from '../../../src/protocol/imageSetScores';
import { isCancelled } from '../../rollouts/store/host';
import { Signal } from '../../rollouts/store/signal';
import type { DatasetSession } from '../store/session';

/** Images are kept whose value is at least, or at most, the threshold. */
export type Side = 'atLeast' | 'atMost';

/** Values of the listed images, and where the threshold stands. */
export interface Threshold {
  readonly column: string;
  readonly side: Side;
  readonly at: number;
  readonly values: SortedValues;
  readonly axis: ValueAxis;
}

/** A threshold through a column, tried out before anything becomes of it: values come once, then everything is counted here. */
export class ThresholdStore {
  /** Null while no threshold is laid. */
  readonly now = new Signal<Threshold | null>(null);
  private running: AbortController | null = null;
  private byImage: { readonly of: SortedValues; readonly values: ReadonlyMap<number, number> } | null = null;

  constructor(readonly session: DatasetSession) {
    session.listing.on(() => this.again());
    // A view of a set that was opened anew is gone; the filter brings another one.
    session.stale.on(() => {
      if (session.listing.value.found === null) this.again();
    });
    this.now.on((threshold) => session.dropped.set(threshold === null ? null : this.dropping(threshold)));
  }

  /** Lays a threshold through a column, in the middle of its values unless `at` says where. */
  async lay(column: string, side: Side, at: number | null = null): Promise<void> {
    const { host, listing } = this.session;
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    const view = listing.value.found?.view.view ?? null;
    const end = side === 'atLeast' ? 'highest' : 'lowest';
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      const values = await host.call('set/sortedValues', { view, column, end }, options);
      if (this.running !== controller) return;
      const axis = valueAxis(values.values);
      const middle = values.values[values.values.length >> 1] ?? 0;
      this.now.set({ column, side, values, axis, at: at ?? axis.value(axis.place(middle)) });
    } catch (error) {
      if (this.running !== controller || isCancelled(error)) return;
      this.session.report(error);
      this.close();
    }
  }

  move(at: number): void {
    const { value } = this.now;
    if (value !== null && !Number.isNaN(at)) this.now.set({ ...value, at });
  }

  turn(side: Side): void {
    const { value } = this.now;
    if (value !== null && side !== value.side) void this.lay(value.column, side, value.at);
  }

  close(): void {
    this.running?.abort();
    this.running = null;
    if (this.now.value !== null) this.now.set(null);
  }

  /** Whether an image would go; what has no value goes too. */
  private dropping({ values, side, at }: Threshold): (image: number) => boolean {
    if (this.byImage?.of !== values) this.byImage = { of: values, values: byImageOf(values) };
    const { values: of } = this.byImage;
    return (image) => {
      const value = of.get(image) ?? Number.NaN;
      return side === 'atLeast' ? !(value >= at) : !(value <= at);
    };
  }

  /** Other images are listed: those have other values. */
  private again(): void {
    const { value } = this.now;
    if (value !== null) void this.lay(value.column, value.side, value.at);
  }
}

/** Values that are kept are a stretch of the sorted ones. */
export function keptRange({ values: { values }, side, at }: Threshold): readonly [from: number, to: number] {
  return side === 'atLeast' ? [countBelow(values, at), values.length] : [0, countBelow(values, at, true)];
}

/** Images with a value, on either side. */
export function sidesOf(threshold: Threshold): {
  readonly kept: readonly number[];
  readonly others: readonly number[];
} {
  const { images } = threshold.values;
  const [from, to] = keptRange(threshold);
  return { kept: [...images.subarray(from, to)], others: [...images.subarray(0, from), ...images.subarray(to)] };
}

function byImageOf({ images, values }: SortedValues): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  images.forEach((image, place) => {
    found.set(image, values[place] ?? Number.NaN);
  });
  return found;
}
