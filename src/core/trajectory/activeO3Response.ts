import { LiteralSyntaxError } from '../text/literalReader';
import { parseTolerantJson } from '../text/tolerantJson';
import type { FoundBox } from './readBoxes';
import type { ResponseBuilder } from './responseBuilder';
import type { Action, Section, TextSpan, Turn } from './rollout';
import { type BoxFailure, insideFence, scanLikeDemo } from './scanObjects';
import { findSections, plainText, type TaggedSection } from './sections';
import { isBlank } from './textMarks';

/**
 * Reads a response as ACTIVE-O3's demo does: one turn, boxes from the whole text, also from the thought. The regions of
 * the answer (of the text behind the thought where the tag is missing) make a `zoom`.
 */
export function readActiveO3(builder: ResponseBuilder): readonly Turn[] {
  const { text } = builder;
  if (text === '') return [];
  const whole = { start: 0, end: text.length };
  const sections = findSections(whole, builder.findMarks());
  const answers = answerSpans(builder.text, whole, sections);
  const tagged = sections.some(({ tag }) => tag === 'answer');
  const scan = scanLikeDemo(text);
  const places = answers.map((span) => ({ span, boxes: [] as FoundBox[], failures: [] as BoxFailure[] }));
  const elsewhere: FoundBox[] = [];
  for (const box of scan.boxes) (places.find((p) => contains(p.span, box.span.start))?.boxes ?? elsewhere).push(box);
  // An unclosed brace in the thought swallows the answer's first object: the answer is what lost it.
  for (const failure of scan.failures)
    places.find((p) => contains(p.span, failure.span.end - 1))?.failures.push(failure);
  const mended = places.map((p) => ({ ...p, boxes: builder.closeTruncated(p.boxes, p.span) }));
  const numbers = numberRegions(builder, [...elsewhere, ...mended.flatMap((p) => p.boxes)], sections);
  const actions = mended.flatMap(({ span, boxes, failures }) => {
    const regions = boxes.flatMap((b) => numbers.get(b) ?? []);
    const actions = readAnswer(builder, span, regions, failures, sections.length > 0);
    return actions.map((action, i) => (tagged && i === 0 ? { ...action, section: 'answer' as const } : action));
  });
  const thought = sections.find((s) => s.tag === 'think')?.span ?? null;
  return [{ index: 0, role: 'assistant', inferred: false, span: whole, thought, actions }];
}

function answerSpans(text: string, whole: TextSpan, sections: readonly TaggedSection[]): readonly TextSpan[] {
  const tagged = sections.filter((s) => s.tag === 'answer').map((s) => s.span);
  if (tagged.length > 0) return tagged;
  const plain = plainText(text, whole, sections);
  return plain === null ? [] : [plain];
}

/** Regions count in the order of the text, as the demo numbers its crops. */
function numberRegions(
  builder: ResponseBuilder,
  found: readonly FoundBox[],
  sections: readonly TaggedSection[],
): ReadonlyMap<FoundBox, readonly number[]> {
  const numbers = new Map<FoundBox, readonly number[]>();
  for (const box of [...found].sort((a, b) => a.span.start - b.span.start)) {
    numbers.set(box, builder.addRegions([box], 0, sectionAt(sections, box.span.start), 'prediction'));
  }
  return numbers;
}

function readAnswer(
  builder: ResponseBuilder,
  span: TextSpan,
  regions: readonly number[],
  failures: readonly BoxFailure[],
  tagged: boolean,
): readonly Action[] {
  if (regions.length > 0) return [builder.action('zoom', span, { regions }), ...builder.failed(failures)];
  const [failure] = failures;
  if (failure !== undefined) {
    return [builder.action('malformed', span, { reason: `No region can be read: ${failure.reason}.` })];
  }
  const inside = insideFence(builder.text, span);
  const source = builder.text.slice(inside.start, inside.end);
  const fenced = builder.text.slice(span.start, span.end).includes('```json');
  const promise = fenced || source.startsWith('[') || source.startsWith('{') || source.includes('bbox');
  if (!promise) return tagged && !isBlank(builder.text, span.start, span.end) ? [builder.action('answer', span)] : [];
  const reason = whyEmpty(source);
  return [reason === null ? builder.action('zoom', span) : builder.action('malformed', span, { reason })];
}

/** Why text that promises regions has none; null when it is an empty list. */
function whyEmpty(source: string): string | null {
  try {
    const value = parseTolerantJson(source);
    if (Array.isArray(value) && value.length === 0) return null;
    return 'The JSON holds no object with four numbers in bbox_2d.';
  } catch (error) {
    if (!(error instanceof LiteralSyntaxError)) throw error;
    return `The JSON cannot be read: ${error.message}.`;
  }
}

function sectionAt(sections: readonly TaggedSection[], position: number): Section {
  const tag = sections.find((s) => contains(s.span, position))?.tag;
  return tag === undefined || tag === 'think' || tag === 'answer' ? (tag ?? 'text') : 'tool';
}

function contains(span: TextSpan, position: number): boolean {
  return position >= span.start && position < span.end;
}
