import { clickOfCall } from './clicks';
import type { JsonObject } from './readBoxes';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, TextSpan } from './rollout';
import { isObject, type ObjectScan, readWhole } from './scanObjects';
import type { TaggedSection } from './sections';
import { stretchOfCall } from './videoCalls';
import { viewNamedIn, viewOfSource } from './viewNames';

/** Keys under which policies and tools write x1, y1, x2, y2. (`box_2d` is not one: there y comes first.) */
export const BOX_KEYS = ['bbox_2d', 'bbox'];

/** Reads `<tool_call>` with a JSON object that names its tool; a box makes it a zoom, a coordinate a click. */
export function readToolCall(builder: ResponseBuilder, turn: number, section: TaggedSection): readonly Action[] {
  if (!section.closed)
    return [builder.action('malformed', section.span, { reason: 'The tool call is not closed by </tool_call>.' })];
  return readCall(builder, turn, section.span);
}

/** DeepEyes v3's call in a ```json fence, which names its `function`; null where the fence holds none. */
export function readFencedCall(builder: ResponseBuilder, turn: number, plain: TextSpan): readonly Action[] | null {
  const source = builder.text.slice(plain.start, plain.end);
  const open = source.lastIndexOf('```json');
  if (open === -1 || !source.includes('"function"', open)) return null;
  const from = open + '```json'.length;
  const close = source.indexOf('```', from);
  if (close === -1) return null;
  return readCall(builder, turn, { start: plain.start + from, end: plain.start + close });
}

function readCall(builder: ResponseBuilder, turn: number, span: TextSpan): readonly Action[] {
  const malformed = (reason: string): readonly Action[] => [builder.action('malformed', span, { reason })];
  const whole = readWhole(builder.text, span, BOX_KEYS);
  if (typeof whole === 'string') return malformed(`The tool call cannot be read: ${whole}.`);
  if (!isObject(whole.value)) return malformed('The tool call is no JSON object.');
  const tool = nameOf(whole.value);
  if (tool === null) return malformed('The tool call names no tool.');
  const found = typeof whole.value.arguments === 'string' ? readQuoted(whole.value.arguments, span) : whole;
  const [failure] = found.failures;
  if (failure !== undefined) return malformed(`The region of ${tool} cannot be read: ${failure.reason}.`);
  if (found.boxes.length === 0) return [pointing(builder, turn, span, whole.value, tool)];
  const view = viewNamedIn(whole.value);
  if (view === null) return malformed(`The call of ${tool} names no picture that can be told.`);
  const regions = builder.addRegions(found.boxes, turn, 'tool', 'tool', view);
  return [builder.action('zoom', span, { regions, tool })];
}

/** A call without a box: a click where it names a coordinate, a stretch where it names times. */
function pointing(builder: ResponseBuilder, turn: number, span: TextSpan, call: JsonObject, tool: string): Action {
  const click = clickOfCall(call, span);
  const stretch = click === null ? stretchOfCall(call) : null;
  if (stretch !== null) return builder.action('tool', span, { tool, intervals: [stretch] });
  if (click === null) return builder.action('tool', span, { tool });
  return builder.action('click', span, { clicks: builder.addClicks([click], turn, 'tool', 'tool'), tool });
}

/** Mini-o3's `{"bbox_2d": […], "source": "original_image"}`, or `"observation_1"` for a box of the first crop. */
export function readGrounding(
  builder: ResponseBuilder,
  turn: number,
  { span, closed }: TaggedSection,
): readonly Action[] {
  const malformed = (reason: string): readonly Action[] => [builder.action('malformed', span, { reason })];
  if (!closed) return malformed('The grounding is not closed by </grounding>.');
  const whole = readWhole(builder.text, span, ['bbox_2d']);
  if (typeof whole === 'string') return malformed(`The grounding cannot be read: ${whole}.`);
  if (!isObject(whole.value) || typeof whole.value.source !== 'string')
    return malformed('The grounding names no source image.');
  const [failure] = whole.failures;
  if (failure !== undefined) return malformed(`The region of the grounding cannot be read: ${failure.reason}.`);
  if (whole.boxes.length === 0) return malformed('The grounding holds no "bbox_2d".');
  const view = viewOfSource(whole.value.source);
  if (view === null) return malformed('The grounding names neither "original_image" nor an "observation_…".');
  const regions = builder.addRegions(whole.boxes, turn, 'tool', 'tool', view);
  return [builder.action('zoom', span, { regions, tool: 'grounding' })];
}

/** Arguments that were written as a string of JSON; offsets inside it mean nothing, so the boxes span the whole call. */
function readQuoted(source: string, span: TextSpan): ObjectScan {
  const read = readWhole(source, { start: 0, end: source.length }, BOX_KEYS);
  if (typeof read === 'string') {
    const reason = `its arguments are no JSON: ${read}`;
    return { boxes: [], failures: source.includes('bbox') ? [{ span, reason }] : [] };
  }
  const moved = read.boxes.map((b) => ({ ...b, span, repairs: b.repairs.map((r) => ({ ...r, span })) }));
  return { boxes: moved, failures: read.failures };
}

/** Hermes and Qwen say `name`, DeepEyes v3 and v4 `function`. */
function nameOf(call: JsonObject): string | null {
  if (typeof call.name === 'string') return call.name;
  return typeof call.function === 'string' ? call.function : null;
}
