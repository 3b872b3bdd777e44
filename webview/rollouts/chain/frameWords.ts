import type { FrameStrip, StripFrame } from '../../../src/core/trajectory/frameStrip';
import type { Interval } from '../../../src/core/trajectory/rollout';

/** Seconds as `m:ss.ff`. */
export function clock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const rest = (hundredths % 6000) / 100;
  return `${Math.floor(hundredths / 6000)}:${rest.toFixed(2).padStart(5, '0')}`;
}

/** A place on the axis of a strip: a time, or the number of a frame. */
export function placeWords(value: number, unit: FrameStrip['unit']): string {
  return unit === 'frames' ? String(Math.round(value)) : clock(value);
}

/** Below a frame: its time, or that it was chosen where nothing states a time. */
export function frameWords({ time, chosen }: StripFrame): string {
  if (time !== null) return clock(time);
  return chosen ? 'chosen' : '';
}

/** A moment for people, with the object it describes. */
export function momentWords(
  { start, end, description }: Interval,
  index: number,
  unit: FrameStrip['unit'] = 'seconds',
): string {
  const [from, to] = [placeWords(start, unit), placeWords(end, unit)];
  const when = `${unit === 'frames' ? (from === to ? 'frame ' : 'frames ') : ''}${from === to ? from : `${from} to ${to}`}`;
  return `Moment ${index + 1}: ${when}${description === null ? '' : ` · ${description}`}`;
}

/** Name, time and why it is marked. */
export function frameTitle(frame: StripFrame, name: string, { intervals, unit }: FrameStrip): string {
  const moments = frame.intervals.flatMap((i) =>
    intervals[i] === undefined ? [] : [momentWords(intervals[i], i, unit)],
  );
  const chosen = frame.chosen ? [`chosen by the policy${moments.length === 0 ? '' : ` (${moments.join('; ')})`}`] : [];
  const iou = frame.iou === null ? [] : [`IoU ${frame.iou}`];
  return [name, ...(frame.time === null ? [] : [clock(frame.time)]), ...iou, ...chosen].join(' · ');
}

/** Why a strip shows no pictures; null where it has one. Videos are not decoded. */
export function withoutPictures({ frames, pictures, unit, video }: FrameStrip): string | null {
  if (pictures) return null;
  const known = frames.length > 0 || unit === 'frames' ? 'Frame numbers only' : 'Times only';
  const of = video === null ? '' : ` of ${video.slice(Math.max(video.lastIndexOf('/'), video.lastIndexOf('\\')) + 1)}`;
  return `${known}: the log keeps no pictures${of}`;
}
