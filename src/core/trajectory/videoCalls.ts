import type { JsonValue } from '../text/jsonValue';
import type { JsonObject } from './readBoxes';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, Interval } from './rollout';
import { isObject } from './scanObjects';
import type { TaggedSection } from './sections';

/** A path that a call names and nobody can have meant. */
const longestPath = 1000;

/**
 * The stretch that LongVT's `crop_video` asks for: `start_time`, `end_time` in seconds, `video_path`. Null for other calls.
 * Arguments may be a string of JSON. One that LongVT's server refuses (it ends before it begins) is a stretch all the same.
 */
export function stretchOfCall({ arguments: args }: JsonObject): Interval | null {
  const given = typeof args === 'string' ? objectIn(args) : (args ?? null);
  if (!isObject(given)) return null;
  const { start_time: start, end_time: end, video_path: video } = given;
  if (typeof start !== 'number' || typeof end !== 'number' || !Number.isFinite(start + end)) return null;
  const named = typeof video === 'string' && video !== '' && video.length <= longestPath;
  return { start, end, description: null, ...(named ? { video } : {}) };
}

function objectIn(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const choose = /^choose frames between\s{1,20}(\d{1,9})\s{1,20}and\s{1,20}(\d{1,9})/;
const zoomIn = /^zoom in frame\s{1,20}<?(\d{1,9})/;
const numberAt = /^get frame number at time\s{1,20}(\d{1,6}):(\d{1,6})/;
const answered = /Frame number at time \d{1,6}:\d{1,6} is: (\d{1,9})\./y;
/** Characters behind an action within which its answer begins: chat tokens and white space stand between. */
const answerWithin = 200;

/**
 * FrameThinker's `<action>` (`think_with_video.py`): `choose frames between A and B`, numbers of frames; `get frame number
 * at time MM:SS`, which the tool answers with a number; `output answer: X`; a fork's `zoom in frame N`.
 */
export function readVideoAction(builder: ResponseBuilder, { span, closed }: TaggedSection): readonly Action[] {
  const text = builder.text.slice(span.start, span.end).trim();
  if (!closed) return [builder.action('malformed', span, { reason: 'The action is not closed by </action>.' })];
  if (text.startsWith('output answer:')) return [builder.action('answer', span)];
  const tool = /^[a-z]+ [a-z]+/.exec(text)?.[0] ?? 'action';
  const interval = frames(text) ?? moment(text, builder.text, span.end);
  if (interval !== null) return [builder.action('tool', span, { tool, intervals: [interval] })];
  return [builder.action('malformed', span, { reason: 'The action names no frames and no time that can be read.' })];
}

function frames(text: string): Interval | null {
  const [, from, to] = choose.exec(text) ?? [];
  const start = from ?? zoomIn.exec(text)?.[1];
  if (start === undefined) return null;
  return { start: Number(start), end: Number(to ?? start), description: null, unit: 'frames' };
}

/** A moment in seconds; once the tool has answered, the frame that it answered with. */
function moment(text: string, response: string, from: number): Interval | null {
  const [, minutes, seconds] = numberAt.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return null;
  const answer = answerBehind(response, from);
  const start = Number(minutes) * 60 + Number(seconds);
  const description = `${minutes}:${seconds}`;
  return answer === null
    ? { start, end: start, description: null }
    : { start: answer, end: answer, description, unit: 'frames' };
}

function answerBehind(response: string, from: number): number | null {
  const at = response.slice(from, from + answerWithin).indexOf('Frame number at time ');
  answered.lastIndex = from + at;
  const frame = at < 0 ? undefined : answered.exec(response)?.[1];
  return frame === undefined ? null : Number(frame);
}
