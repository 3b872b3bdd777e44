import type { JsonObject } from './readBoxes';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, StatedTurn, TextSpan, Turn } from './rollout';
import { isObject, type ObjectScan, readWhole, scanLiterals } from './scanObjects';
import { findSections, plainText, type TaggedSection } from './sections';
import { splitTurns } from './splitTurns';
import type { Mark } from './textMarks';
import { viewNamedIn, viewOfSource } from './viewNames';

/** Keys under which policies and tools write x1, y1, x2, y2. (`box_2d` is not one: there y comes first.) */
const BOX_KEYS = ['bbox_2d', 'bbox'];

/**
 * Reads a response of any multi-turn policy as verl dumps it: turns, thoughts, tool calls, `<zoom>` and `<answer>`.
 * Boxes in a thought are talk, not actions. Where the log states the turns, they are not looked for.
 */
export function readGeneric(builder: ResponseBuilder, stated?: readonly StatedTurn[]): readonly Turn[] {
  const { text } = builder;
  const marks = builder.findMarks();
  const byTurn = new MarkCursor(marks);
  const turns = stated?.map((turn) => ({ ...turn, inferred: false })) ?? splitTurns(text, marks);
  return turns.map((turn, index): Turn => {
    const inside = byTurn.within(turn.span);
    if (turn.role !== 'assistant') return { ...turn, index, thought: null, actions: [] };
    const sections = findSections(turn.span, inside);
    const thought = sections.find((s) => s.tag === 'think')?.span ?? null;
    return { ...turn, index, thought, actions: readActions(builder, index, turn.span, sections) };
  });
}

function readActions(
  builder: ResponseBuilder,
  turn: number,
  span: TextSpan,
  sections: readonly TaggedSection[],
): readonly Action[] {
  const acting = sections.filter((s) => s.tag !== 'think');
  if (acting.length > 0) return acting.flatMap((section) => readSection(builder, turn, section));
  const plain = plainText(builder.text, span, sections);
  if (plain === null) return [];
  // Without tags only what says `bbox_2d` is an answer; anything else may be prose.
  const { boxes, failures } = scanLiterals(builder.text, plain, ['bbox_2d'], false);
  if (boxes.length === 0) return builder.failed(failures);
  const regions = builder.addRegions(builder.closeTruncated(boxes, plain), turn, 'text', 'prediction');
  return [builder.action('answer', plain, { regions }), ...builder.failed(failures)];
}

function readSection(builder: ResponseBuilder, turn: number, section: TaggedSection): readonly Action[] {
  if (section.tag === 'tool_call') return readToolCall(builder, turn, section);
  if (section.tag === 'grounding') return readGrounding(builder, turn, section);
  const { span } = section;
  const zoom = section.tag === 'zoom';
  const found = scanLiterals(builder.text, span, BOX_KEYS, true);
  const boxes = builder.closeTruncated(found.boxes, span);
  const regions = builder.addRegions(boxes, turn, zoom ? 'tool' : 'answer', zoom ? 'tool' : 'prediction');
  if (regions.length > 0) {
    const action = builder.action(zoom ? 'zoom' : 'answer', span, { regions, tool: zoom ? 'zoom' : null });
    return [action, ...builder.failed(found.failures)];
  }
  const [failure] = found.failures;
  if (failure !== undefined) {
    return [builder.action('malformed', span, { reason: `No region can be read: ${failure.reason}.` })];
  }
  if (zoom) return [builder.action('malformed', span, { reason: 'No region [x1, y1, x2, y2] in the zoom.' })];
  const promised = builder.text.slice(span.start, span.end).includes('bbox_2d');
  const reason = 'bbox_2d is announced, but no object that holds it can be read.';
  return [promised ? builder.action('malformed', span, { reason }) : builder.action('answer', span)];
}

function readToolCall(builder: ResponseBuilder, turn: number, section: TaggedSection): readonly Action[] {
  const { span } = section;
  const malformed = (reason: string): readonly Action[] => [builder.action('malformed', span, { reason })];
  if (!section.closed) return malformed('The tool call is not closed by </tool_call>.');
  const whole = readWhole(builder.text, span, BOX_KEYS);
  if (typeof whole === 'string') return malformed(`The tool call cannot be read: ${whole}.`);
  if (!isObject(whole.value)) return malformed('The tool call is no JSON object.');
  const tool = nameOf(whole.value);
  if (tool === null) return malformed('The tool call names no tool.');
  const found = typeof whole.value.arguments === 'string' ? readQuoted(whole.value.arguments, span) : whole;
  const [failure] = found.failures;
  if (failure !== undefined) return malformed(`The region of ${tool} cannot be read: ${failure.reason}.`);
  const view = found.boxes.length > 0 ? viewNamedIn(whole.value) : 0;
  if (view === null) return malformed(`The call of ${tool} names no picture that can be told.`);
  const regions = builder.addRegions(found.boxes, turn, 'tool', 'tool', view);
  return [builder.action(regions.length > 0 ? 'zoom' : 'tool', span, { regions, tool })];
}

/** Mini-o3's `{"bbox_2d": […], "source": "original_image"}`, or `"observation_1"` for a box of the first crop. */
function readGrounding(builder: ResponseBuilder, turn: number, { span, closed }: TaggedSection): readonly Action[] {
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

/** Hands out the marks of one turn after another. */
class MarkCursor {
  private at = 0;

  constructor(private readonly marks: readonly Mark[]) {}

  within(span: TextSpan): readonly Mark[] {
    while ((this.marks[this.at]?.start ?? span.start) < span.start) this.at++;
    const from = this.at;
    while ((this.marks[this.at]?.start ?? span.end) < span.end) this.at++;
    return this.marks.slice(from, this.at);
  }
}
