import type { StripFrame } from '../../../src/core/trajectory/frameStrip';
import type { Interval } from '../../../src/core/trajectory/rollout';

/** Seconds as `m:ss.ff`. */
export function clock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const rest = (hundredths % 6000) / 100;
  return `${Math.floor(hundredths / 6000)}:${rest.toFixed(2).padStart(5, '0')}`;
}

/** Below a frame: its time, or that it was chosen where nothing states a time. */
export function frameWords({ time, chosen }: StripFrame): string {
  if (time !== null) return clock(time);
  return chosen ? 'chosen' : '';
}

/** A moment for people, with the object it describes. */
export function momentWords({ start, end, description }: Interval, index: number): string {
  const when = start === end ? clock(start) : `${clock(start)} to ${clock(end)}`;
  return `Moment ${index + 1}: ${when}${description === null ? '' : ` · ${description}`}`;
}

/** Name, time and why it is marked. */
export function frameTitle(frame: StripFrame, name: string, intervals: readonly Interval[]): string {
  const moments = frame.intervals.flatMap((i) => (intervals[i] === undefined ? [] : [momentWords(intervals[i], i)]));
  const chosen = frame.chosen ? [`chosen by the policy${moments.length === 0 ? '' : ` (${moments.join('; ')})`}`] : [];
  const iou = frame.iou === null ? [] : [`IoU ${frame.iou}`];
  return [name, ...(frame.time === null ? [] : [clock(frame.time)]), ...iou, ...chosen].join(' · ');
}
