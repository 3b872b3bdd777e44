import type { TextSpan } from './rollout';
import { isBlank, type Mark, nextFitting } from './textMarks';

/** A tagged part of a turn. */
export interface TaggedSection {
  readonly tag: 'think' | 'answer' | 'tool_call' | 'zoom' | 'grounding' | 'code' | 'sandbox_output' | 'action';
  /** Inside the tags. */
  readonly span: TextSpan;
  /** False when the closing tag is missing: the text was cut off, or the policy forgot it. */
  readonly closed: boolean;
}

const SECTION_TAGS: readonly string[] = [
  'think',
  'answer',
  'tool_call',
  'zoom',
  'grounding',
  'code',
  'sandbox_output',
  'action',
];

/**
 * The tagged sections of the turn at `span`, in order, never nested: what stands inside a closed section is its text.
 * An unclosed section ends where the next action opens, or with the turn. A `</think>` without its opening tag closes a
 * thought that began in the prompt.
 * @param marks the marks inside the span.
 */
export function findSections(span: TextSpan, marks: readonly Mark[]): readonly TaggedSection[] {
  const ahead = new MarksAhead(marks);
  const sections: TaggedSection[] = [];
  for (let i = 0; i < marks.length; i++) {
    const mark = marks[i];
    if (mark === undefined || !isSection(mark.name)) continue;
    if (mark.kind === 'close' && mark.name === 'think' && sections.length === 0) {
      sections.push({ tag: 'think', span: { start: span.start, end: mark.start }, closed: true });
    }
    if (mark.kind !== 'open') continue;
    const close = ahead.closing(mark.name, i);
    const closing = marks[close];
    const next = closing === undefined ? ahead.action(i + 1) : close;
    const end = marks[next]?.start ?? span.end;
    sections.push({ tag: mark.name, span: { start: mark.end, end }, closed: closing !== undefined });
    i = closing === undefined ? next - 1 : next;
  }
  return sections;
}

/** Marks up to which looking ahead for each costs less than an index of all. */
const fewMarks = 16;

/** Where a closing tag or the next action comes; the number of marks when there is none. Linear in all for any marks. */
class MarksAhead {
  private readonly closings = new Map<string, readonly number[]>();
  private actions: readonly number[] | null = null;

  constructor(private readonly marks: readonly Mark[]) {}

  closing(tag: string, from: number): number {
    const closes = (m: Mark) => m.kind === 'close' && m.name === tag;
    if (this.marks.length <= fewMarks) return this.search(from, closes);
    const index = this.closings.get(tag) ?? nextFitting(this.marks, closes);
    this.closings.set(tag, index);
    return index[from] ?? this.marks.length;
  }

  action(from: number): number {
    if (this.marks.length <= fewMarks) return this.search(from, opensAction);
    this.actions ??= nextFitting(this.marks, opensAction);
    return this.actions[from] ?? this.marks.length;
  }

  private search(from: number, fits: (mark: Mark) => boolean): number {
    for (let i = from; i < this.marks.length; i++) {
      const mark = this.marks[i];
      if (mark !== undefined && fits(mark)) return i;
    }
    return this.marks.length;
  }
}

function opensAction(mark: Mark): boolean {
  return mark.kind === 'open' && isSection(mark.name) && mark.name !== 'think';
}

/**
 * Code that ran inside a closed thought: Thyme thinks around `<code>…</code><sandbox_output>…</sandbox_output>`. Code
 * that no output follows is talk.
 * @param marks the marks inside the turn.
 */
export function codeInThought(text: string, thought: TextSpan, marks: readonly Mark[]): readonly TaggedSection[] {
  const found: TaggedSection[] = [];
  if (marks.length < 3) return found;
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
