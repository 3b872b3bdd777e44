import type { Interval } from '../../../src/core/trajectory/rollout';

/** Part of the axis that a stretch takes for its number, however short it is. */
const least = 0.03;
const mostLanes = 3;

/** A lane for each stretch, 0 the upper one, so that no number stands on another's; from the fourth on they share the first. */
export function axisLanes(intervals: readonly Interval[], end: number): readonly number[] {
  const lanes = new Array<number>(intervals.length).fill(0);
  const busy: number[] = [];
  const order = intervals.map((_, i) => i).sort((a, b) => (intervals[a]?.start ?? 0) - (intervals[b]?.start ?? 0));
  for (const i of order) {
    const { start, end: stop } = intervals[i] ?? { start: 0, end: 0 };
    const free = busy.findIndex((until) => until <= start);
    const lane = free >= 0 ? free : busy.length < mostLanes ? busy.length : 0;
    lanes[i] = lane;
    busy[lane] = Math.max(busy[lane] ?? 0, stop, start + least * end);
  }
  return lanes;
}
