import type { TextSpan } from './rollout';
import { isBlank, type Mark, nextFitting } from './textMarks';

/** A tagged part of a turn. */
export interface TaggedSection {
  readonly tag: 'think' | 'answer' | 'tool_call' | 'zoom' | 'grounding' | 'code' | 'sandbox_output';
  /** Inside the tags. */
  readonly span: TextSpan;
  /** False when the closing tag is missing: the text was cut off, or the policy forgot it. */
  readonly closed: boolean;
}

const SECTION_TAGS: readonly string[] = ['think', 'answer', 'tool_call', 'zoom', 'grounding', 'code', 'sandbox_output'];

/**
 * The tagged sections of the turn at `span`, in order, never nested: what stands inside a closed section is its text.
 * An unclosed section ends where the next action opens, or with the turn. A `</think>` without its opening tag closes a
 * thought that began in the prompt.
 * @param marks the marks inside the span.
 */
export function findSections(span: TextSpan, marks: readonly Mark[]): readonly TaggedSection[] {
  const closings = new Map(
    SECTION_TAGS.map((tag) => [tag, nextFitting(marks, (m) => m.kind === 'close' && m.name === tag)]),
  );
  const nextAction = nextFitting(marks, (m) => m.kind === 'open' && isSection(m.name) && m.name !== 'think');
  const sections: TaggedSection[] = [];
  for (let i = 0; i < marks.length; i++) {
    const mark = marks[i];
    if (mark === undefined || !isSection(mark.name)) continue;
    if (mark.kind === 'close' && mark.name === 'think' && sections.length === 0) {
      sections.push({ tag: 'think', span: { start: span.start, end: mark.start }, closed: true });
    }
    if (mark.kind !== 'open') continue;
    const close = closings.get(mark.name)?.[i] ?? marks.length;
    const closing = marks[close];
    const next = closing === undefined ? (nextAction[i + 1] ?? marks.length) : close;
    const end = marks[next]?.start ?? span.end;
    sections.push({ tag: mark.name, span: { start: mark.end, end }, closed: closing !== undefined });
    i = closing === undefined ? next - 1 : next;
  }
  return sections;
}

/**
 * Code that ran inside a closed thought: Thyme thinks around `<code>…</code><sandbox_output>…</sandbox_output>`. Code
 * that no output follows is talk.
 * @param marks the marks inside the turn.
 */
export function codeInThought(text: string, thought: TextSpan, marks: readonly Mark[]): readonly TaggedSection[] {
  const found: TaggedSection[] = [];
  marks.forEach((close, i) => {
    const open = marks[i - 1];
    const output = marks[i + 1];
    if (close.name !== 'code' || close.kind !== 'close' || open?.name !== 'code' || open.kind !== 'open') return;
    if (output?.name !== 'sandbox_output' || output.kind !== 'open' || !isBlank(text, close.end, output.start)) return;
    if (open.start < thought.start || close.end > thought.end) return;
    found.push({ tag: 'code', span: { start: open.end, end: close.start }, closed: true });
  });
  return found;
}

/** The text of a turn outside its sections, from behind the last thought on; null when it is blank. */
export function plainText(text: string, span: TextSpan, sections: readonly TaggedSection[]): TextSpan | null {
  const last = sections.findLast((s) => s.tag === 'think');
  const start = last === undefined ? span.start : last.span.end + (last.closed ? '</think>'.length : 0);
  return isBlank(text, start, span.end) ? null : { start, end: span.end };
}

function isSection(name: string): name is TaggedSection['tag'] {
  return SECTION_TAGS.includes(name);
}
