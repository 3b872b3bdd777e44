/** A tag, a chat token or a bare role line in a response; everything the turn and section grammars look at. */
export interface Mark {
  readonly kind: 'open' | 'close' | 'role' | 'chatStart' | 'chatEnd';
  /** Tag name, or role; '' for `<|im_end|>`. */
  readonly name: string;
  readonly start: number;
  /** Exclusive; behind the line break of a role line and of `<|im_start|>role`. */
  readonly end: number;
}

/** More marks than this are not a rollout but noise or an attack; the rest of the text stays plain. */
export const MAX_MARKS = 20_000;

/** Tags with which a policy acts. */
const ACTION_TAGS: ReadonlySet<string> = new Set(['answer', 'tool_call', 'zoom', 'code', 'grounding', 'action']);

/** Both are tried at one place only and repeat within bounds, so that matching is linear. */
const ROLE_LINE = /(user|assistant|tool|system)[ \t]{0,20}$/my;
const TAG =
  /<(?:(\/?)(think|answer|tool_call|tool_response|zoom|code|sandbox_output|grounding|action)>|\|im_start\|>[ \t]{0,20}([\w-]{0,40})[ \t]{0,20}|\|im_end\|>)/y;

/** Agents of all kinds write `<action>`: it is a tag where FrameThinker's verbs stand in it. */
const ACTION_VERB = /\s{0,40}(?:choose frames between|get frame number at time|zoom in frame|output answer:)/y;

/** All marks of a text in order, at most `MAX_MARKS`, and whether that was all. */
export function findMarks(text: string): { readonly marks: readonly Mark[]; readonly complete: boolean } {
  const marks: Mark[] = [];
  // Two searches for one character are many times faster than one search for a pattern.
  let angle = text.indexOf('<');
  for (let line = 0; line !== -1 || angle !== -1; ) {
    const atLine = line !== -1 && (angle === -1 || line <= angle);
    const mark = atLine ? roleLineAt(text, line) : tagAt(text, angle, marks.at(-1));
    if (mark !== null && marks.length === MAX_MARKS) return { marks, complete: false };
    if (mark !== null) marks.push(mark);
    if (atLine) line = nextLine(text, line, mark);
    else angle = text.indexOf('<', angle + 1);
  }
  return { marks, complete: true };
}

function roleLineAt(text: string, start: number): Mark | null {
  const first = text[start];
  if (first !== 'u' && first !== 'a' && first !== 't' && first !== 's') return null;
  ROLE_LINE.lastIndex = start;
  const match = ROLE_LINE.exec(text);
  if (match === null) return null;
  return { kind: 'role', name: match[1] ?? '', start, end: behindLineBreak(text, start + match[0].length) };
}

/** `before`: the mark before this place. */
function tagAt(text: string, start: number, before: Mark | undefined): Mark | null {
  TAG.lastIndex = start;
  const match = TAG.exec(text);
  if (match === null) return null;
  const [whole, slash, tag, role] = match;
  const end = start + whole.length;
  if (tag === 'action' && !isAction(text, end, slash === '/' ? before : null)) return null;
  if (tag !== undefined) return { kind: slash === '/' ? 'close' : 'open', name: tag, start, end };
  if (role !== undefined) return { kind: 'chatStart', name: role, start, end: behindLineBreak(text, end) };
  return { kind: 'chatEnd', name: '', start, end };
}

/** Whether `<action>` that ends at `end` is FrameThinker's, or `</action>` closes one (`before` is not null). */
function isAction(text: string, end: number, before: Mark | null | undefined): boolean {
  if (before !== null) return before?.name === 'action' && before.kind === 'open';
  ACTION_VERB.lastIndex = end;
  return ACTION_VERB.test(text);
}

/** Where the next line begins; -1 when there is none. A mark ends behind its line break. */
function nextLine(text: string, from: number, mark: Mark | null): number {
  if (mark !== null && text[mark.end - 1] === '\n') return mark.end;
  const newline = text.indexOf('\n', mark?.end ?? from);
  return newline === -1 ? -1 : newline + 1;
}

/** Whether a mark opens one of the tags with which a policy thinks or acts. */
export function opensPolicyText(mark: Mark): boolean {
  return mark.kind === 'open' && (mark.name === 'think' || ACTION_TAGS.has(mark.name));
}

/** Whether a mark closes an action, after which a turn may end. */
export function closesAction(mark: Mark | undefined): mark is Mark {
  return mark?.kind === 'close' && ACTION_TAGS.has(mark.name);
}

/** For each mark the index of the next one at or after it that fits; `marks.length` when there is none. */
export function nextFitting(marks: readonly Mark[], fits: (mark: Mark) => boolean): readonly number[] {
  const next = new Array<number>(marks.length + 1).fill(marks.length);
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i];
    next[i] = mark !== undefined && fits(mark) ? i : (next[i + 1] ?? marks.length);
  }
  return next;
}

/** Whether only white space stands in [start, end). */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false;
  }
  return true;
}

function behindLineBreak(text: string, at: number): number {
  if (text[at] === '\r' && text[at + 1] === '\n') return at + 2;
  return text[at] === '\n' ? at + 1 : at;
}
