import type { JsonValue } from '../text/jsonValue';
import { frameMasks } from './frameMasks';
import type { Interval, LoggedMask, Rollout } from './rollout';

/** A picture of a video that came back to the policy, or that its log kept. */
export interface StripFrame {
  /** Index into the rollout's observations. */
  readonly observation: number;
  /** The number in its name; null where the name holds a time only. */
  readonly index: number | null;
  /** Seconds from the beginning of the video; null where nothing states it. */
  readonly time: number | null;
  /** The policy chose it: a moment or a list of keyframes names it, or the log keeps chosen frames alone. */
  readonly chosen: boolean;
  /** Indices into `FrameStrip.intervals` of the moments it lies in. */
  readonly intervals: readonly number[];
  /** Masks that the log states for it, in its own pixels. */
  readonly masks: readonly LoggedMask[];
  /** IoU of the frame's boxes with the true ones that its name states; null without one. */
  readonly iou: number | null;
}

/** What a rollout about a video saw of it, and the stretches that it named. */
export interface FrameStrip {
  /** In the order they came; empty where the log kept none. */
  readonly frames: readonly StripFrame[];
  /** What stretches and `end` count: frames where stretches are written in these and nothing states how many there are a second. */
  readonly unit: 'seconds' | 'frames';
  /** Stretches of all actions in order, in `unit`; left out are those that end before they begin and those that have no place. */
  readonly intervals: readonly Interval[];
  /** Up to the last stretch or frame, not the length of the video; null where nothing has a place. */
  readonly end: number | null;
  /** Some picture came back, named as a frame or not: in the log, or in a file beside it. */
  readonly pictures: boolean;
  /** The video's file, as the log names it last; null where it names none. */
  readonly video: string | null;
}

/** Hundredths are the finest that moments are written in. */
const tolerance = 0.005;
const frameName =
  /^(?:.{0,200}[/_ -])?frame[_ -]?(\d{1,7})(?:_iou_(\d(?:\.\d{1,6})?|nan)|[_ -](?:t|time)?[_ -]?(\d{1,6}(?:\.\d{1,6})?)s)?(?:\.[a-z]{3,4})?$/i;
const timeName =
  /^(?:(?:t|time)?[_ -]?(\d{1,6}(?:\.\d{1,6})?)s|(?:t|time)=(\d{1,6}(?:\.\d{1,6})?)s?)(?:\.[a-z]{3,4})?$/i;

interface NamedFrame {
  readonly index: number | null;
  readonly time: number | null;
  readonly iou: number | null;
  /** Omni-R1 saves the frames that its first system chose and no others, counted among themselves. */
  readonly kept: boolean;
}

/**
 * What a picture's name says of a frame: `frame_12`, `frame_0012.jpg`, `frame_12_6.5s.png`, `6.5s.jpg`, `t=6.5.jpg`, or Omni-R1's
 * `frame_<i>_iou_<v>.jpg` (`write_log`, 1de42f8). Null for any other picture.
 */
export function frameNamed(name: string): NamedFrame | null {
  if (name.length > 260) return null;
  const [, index, iou, time] = frameName.exec(name) ?? [];
  if (index !== undefined) {
    const value = iou === undefined || iou.toLowerCase() === 'nan' ? null : Number(iou);
    const kept = iou !== undefined;
    return { index: Number(index), time: time === undefined ? null : Number(time), iou: value, kept };
  }
  const [, seconds, given] = timeName.exec(name) ?? [];
  const alone = seconds ?? given;
  return alone === undefined ? null : { index: null, time: Number(alone), iou: null, kept: false };
}

/**
 * Frames and stretches of a rollout about a video; null for every other one. Times come from the frames' names, or from their
 * numbers where the log has a number `fps` and frame 0 shows that they count from 0.
 */
export function frameStrip({
  turns,
  observations = [],
  fields,
}: Pick<Rollout, 'turns' | 'observations' | 'fields'>): FrameStrip | null {
  const stated = turns
    .flatMap(({ actions }) => actions.flatMap((action) => action.intervals ?? []))
    .filter(({ start, end }) => start <= end);
  const named = observations.map(({ name }) => frameNamed(name));
  const all = named.every((one) => one !== null) ? named : [];
  if (all.length === 0 && stated.length === 0) return null;
  const rate = framesASecond(fields);
  const unit = rate === null && stated.some((one) => one.unit === 'frames') ? 'frames' : 'seconds';
  const intervals = stated.flatMap((one) => inUnit(one, unit, rate));
  const fps = all.some(({ index, kept }) => index === 0 && !kept) ? rate : null;
  const keyframes = keyframeNumbers(fields);
  const masks = frameMasks(fields);
  const frames = all.map(({ index, time, iou, kept }, observation): StripFrame => {
    const own = observations[observation]?.time ?? time;
    const at = own ?? (index === null || fps === null || kept ? null : index / fps);
    const inside = unit === 'frames' ? momentsOf(intervals, kept ? null : index) : momentsAt(intervals, at, fps);
    const chosen = kept || inside.length > 0 || (index !== null && keyframes.has(index));
    const drawn = index === null || kept ? [] : (masks.get(index) ?? []);
    return { observation, index, time: at, chosen, intervals: inside, masks: drawn, iou };
  });
  const places = frames.flatMap((frame) => placeOf(frame, unit) ?? []);
  const ends = [...intervals.map(({ end }) => end), ...places];
  return {
    frames,
    unit,
    intervals,
    end: ends.length === 0 ? null : ends.reduce((a, b) => Math.max(a, b)),
    pictures: observations.some(({ view }) => view.kind !== 'blank'),
    video: stated.findLast(({ video }) => video !== undefined)?.video ?? videoIn(fields),
  };
}

/** Where a frame lies on an axis of that unit; null where nothing tells. */
export function placeOf({ index, time }: Pick<StripFrame, 'index' | 'time'>, unit: FrameStrip['unit']): number | null {
  return unit === 'frames' ? index : time;
}

/** A moment in seconds has no place among frames of which nobody knows how many there are a second. */
function inUnit(interval: Interval, unit: FrameStrip['unit'], rate: number | null): readonly Interval[] {
  if ((interval.unit ?? 'seconds') === unit) return [interval];
  if (interval.unit !== 'frames' || rate === null) return [];
  const { unit: _, ...rest } = interval;
  return [{ ...rest, start: interval.start / rate, end: interval.end / rate }];
}

/** Stretches of frames with that number. */
function momentsOf(intervals: readonly Interval[], index: number | null): readonly number[] {
  if (index === null) return [];
  return intervals.flatMap(({ start, end }, i) => (index >= start && index <= end ? [i] : []));
}

/** A frame lasts until the next one: with fps f a moment holds frames ⌊start · f⌋ to ⌊end · f⌋, as Omni-R1 counts them. */
function momentsAt(intervals: readonly Interval[], time: number | null, fps: number | null): readonly number[] {
  if (time === null) return [];
  const lasts = fps === null ? tolerance : 1 / fps - 1e-9;
  return intervals.flatMap(({ start, end }, i) =>
    time <= end + (fps === null ? tolerance : 1e-9) && time + lasts >= start ? [i] : [],
  );
}

function framesASecond(fields: Rollout['fields']): number | null {
  const value = fields.find(({ name }) => name === 'fps')?.value;
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : null;
}

/** Columns in which logs name the video. */
const videoColumns: readonly string[] = ['video_path', 'video'];

function videoIn(fields: Rollout['fields']): string | null {
  const value = fields.find(({ name }) => videoColumns.includes(name))?.value;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Numbers of a logged column `keyframes`; Omni-R1's moments of that name are no numbers. */
function keyframeNumbers(fields: Rollout['fields']): ReadonlySet<number> {
  const value: JsonValue | undefined = fields.find(({ name }) => name === 'keyframes')?.value;
  return new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []);
}
