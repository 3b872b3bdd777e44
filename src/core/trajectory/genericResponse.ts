import { readActionList } from './actionList';
import { boxedAnswer } from './boxedAnswer';
import { scanBoxTokens } from './boxTokens';
import { scanClicks, scanPointObjects } from './clicks';
import { literalBoxes } from './codeBoxes';
import { readIntervals } from './intervals';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, StatedTurn, TextSpan, Turn } from './rollout';
import { scanLiterals } from './scanObjects';
import { codeInThought, findSections, plainText, type TaggedSection } from './sections';
import { readSegAgent, type SegAgentAction } from './segAgentAction';
import { splitTurns } from './splitTurns';
import type { Mark } from './textMarks';
import { BOX_KEYS, readFencedCall, readGrounding, readToolCall } from './toolCalls';
import { readVideoAction } from './videoCalls';

/** Visual-RFT writes `{'Position': […], 'Confidence': …}`. */
const ANSWER_KEYS = [...BOX_KEYS, 'Position'];

/**
 * Reads a response of any policy of one or many turns: turns, thoughts, calls, code, points and answers in every notation
 * known. Boxes in a thought are talk, not actions. Where the log states the turns, they are not looked for.
 */
export function readGeneric(builder: ResponseBuilder, stated?: readonly StatedTurn[], infer = true): readonly Turn[] {
  const { text } = builder;
  const marks = builder.findMarks();
  const byTurn = new MarkCursor(marks);
  const turns = stated?.map((turn) => ({ ...turn, inferred: false })) ?? splitTurns(text, marks, infer);
  return turns.map(({ role, inferred, span }, index): Turn => {
    const inside = byTurn.within(span);
    if (role !== 'assistant') return { index, role, inferred, span, thought: null, actions: [] };
    const sections = findSections(span, inside);
    const thought = sections.find((s) => s.tag === 'think')?.span ?? null;
    const ran = thought === null ? [] : codeInThought(text, thought, inside);
    return { index, role, inferred, span, thought, actions: readActions(builder, index, span, sections, ran) };
  });
}

function readActions(
  builder: ResponseBuilder,
  turn: number,
  span: TextSpan,
  sections: readonly TaggedSection[],
  ran: readonly TaggedSection[],
): readonly Action[] {
  const acting = [...ran, ...sections.filter((s) => s.tag !== 'think' && s.tag !== 'sandbox_output')];
  if (acting.length > 0) return acting.flatMap((section) => readSection(builder, turn, section));
  const plain = plainText(builder.text, span, sections);
  return plain === null ? [] : readPlain(builder, turn, plain);
}

/** Text without tags: what is written as no prose is. */
function readPlain(builder: ResponseBuilder, turn: number, plain: TextSpan): readonly Action[] {
  const { text } = builder;
  const segAgent = readSegAgent(text, plain);
  if (segAgent !== null) return readMaskStep(builder, turn, plain, segAgent);
  if (!/[[{(]/.test(text.slice(plain.start, plain.end))) return [];
  const calls = readActionList(builder, turn, plain) ?? readFencedCall(builder, turn, plain);
  if (calls !== null) return calls;
  // Only what says `bbox_2d` is an answer; anything else may be prose.
  const { boxes, failures } = scanLiterals(text, plain, ['bbox_2d', 'Position'], false);
  if (boxes.length > 0) {
    const regions = builder.addRegions(builder.closeTruncated(boxes, plain), turn, 'text', 'prediction');
    const points = pointsBeside(builder, turn, plain, 'text');
    return [builder.action('answer', plain, { regions, ...points }), ...builder.failed(failures)];
  }
  if (failures.length > 0) return builder.failed(failures);
  return readNotations(builder, turn, plain, 'text') ?? readBoxed(builder, plain);
}

/** `point_2d` in objects that hold a box too (VisionReasoner). */
function pointsBeside(
  builder: ResponseBuilder,
  turn: number,
  span: TextSpan,
  section: 'answer' | 'text',
): Pick<Action, 'clicks'> {
  const points = scanPointObjects(builder.text, span);
  return points.length === 0 ? {} : { clicks: builder.addClicks(points, turn, section, 'prediction') };
}

function readBoxed(builder: ResponseBuilder, plain: TextSpan): readonly Action[] {
  const answer = boxedAnswer(builder.text, plain);
  return answer === null ? [] : [builder.action('answer', answer)];
}

/** Boxes as tokens, points and clicks; null where the text holds none. */
function readNotations(
  builder: ResponseBuilder,
  turn: number,
  span: TextSpan,
  section: 'answer' | 'text',
): readonly Action[] | null {
  const { text } = builder;
  const boxes = scanBoxTokens(text, span);
  if (boxes.length > 0) {
    const regions = builder.addRegions(boxes, turn, section, 'prediction');
    return [builder.action('answer', span, { regions })];
  }
  const points = scanPointObjects(text, span);
  const clicks = points.length > 0 ? points : scanClicks(text, span);
  if (clicks.length === 0) return null;
  const indices = builder.addClicks(clicks, turn, section, 'prediction');
  return [builder.action(points.length > 0 ? 'answer' : 'click', span, { clicks: indices })];
}

/** A step of SegAgent: the box that it may put first, and the click. */
function readMaskStep(
  builder: ResponseBuilder,
  turn: number,
  plain: TextSpan,
  { click, finished, statedIou }: SegAgentAction,
): readonly Action[] {
  const iou = statedIou === null ? {} : { statedIou };
  if (finished) return [builder.action('answer', plain, iou)];
  if (click === null) {
    const reason = 'No point (y, x) can be read behind “point: ”.';
    return [builder.action('malformed', plain, { reason, ...iou })];
  }
  const regions = builder.addRegions(scanBoxTokens(builder.text, plain), turn, 'text', 'prediction');
  const clicks = builder.addClicks([click], turn, 'text', 'prediction');
  return [builder.action('click', plain, { regions, clicks, ...iou })];
}

function readSection(builder: ResponseBuilder, turn: number, section: TaggedSection): readonly Action[] {
  if (section.tag === 'tool_call') return readToolCall(builder, turn, section);
  if (section.tag === 'grounding') return readGrounding(builder, turn, section);
  if (section.tag === 'code') return readCode(builder, turn, section);
  if (section.tag === 'action') return readVideoAction(builder, section);
  const [action, ...failed] = readBoxSection(builder, turn, section);
  if (action === undefined || section.tag !== 'answer') return action === undefined ? [] : [action, ...failed];
  return [{ ...action, section: 'answer' }, ...failed];
}

/** `<zoom>` and `<answer>` */
function readBoxSection(builder: ResponseBuilder, turn: number, section: TaggedSection): readonly Action[] {
  const { span } = section;
  const zoom = section.tag === 'zoom';
  const found = scanLiterals(builder.text, span, zoom ? BOX_KEYS : ANSWER_KEYS, true);
  const boxes = builder.closeTruncated(found.boxes, span);
  const regions = builder.addRegions(boxes, turn, zoom ? 'tool' : 'answer', zoom ? 'tool' : 'prediction');
  if (regions.length > 0) {
    const points = zoom ? {} : pointsBeside(builder, turn, span, 'answer');
    const action = builder.action(zoom ? 'zoom' : 'answer', span, { regions, tool: zoom ? 'zoom' : null, ...points });
    return [action, ...builder.failed(found.failures)];
  }
  const [failure] = found.failures;
  if (failure !== undefined) {
    return [builder.action('malformed', span, { reason: `No region can be read: ${failure.reason}.` })];
  }
  if (zoom) return [builder.action('malformed', span, { reason: 'No region [x1, y1, x2, y2] in the zoom.' })];
  return readNotations(builder, turn, span, 'answer') ?? [readWords(builder, span)];
}

function readWords(builder: ResponseBuilder, span: TextSpan): Action {
  const intervals = readIntervals(builder.text, span);
  if (intervals.length > 0) return builder.action('answer', span, { intervals });
  const promised = builder.text.slice(span.start, span.end).includes('bbox_2d');
  const reason = 'bbox_2d is announced, but no object that holds it can be read.';
  return promised ? builder.action('malformed', span, { reason }) : builder.action('answer', span);
}

function readCode(builder: ResponseBuilder, turn: number, { span, closed }: TaggedSection): readonly Action[] {
  // Without a fence it is a tag of HTML that the policy talks about.
  if (!builder.text.slice(span.start, span.end).includes('```')) return [];
  if (!closed) return [builder.action('malformed', span, { reason: 'The code is not closed by </code>.' })];
  const regions = literalBoxes(builder.text, span).flatMap(({ box, view }) =>
    builder.addRegions([box], turn, 'tool', 'tool', view),
  );
  return [builder.action('tool', span, { regions, tool: 'code' })];
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
