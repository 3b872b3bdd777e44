import { RoleLineSplitter } from './roleLines';
import type { Turn } from './rollout';
import { isBlank, type Mark } from './textMarks';

/** A turn before its text is read. The span leaves out the role line or the chat tokens around it. */
export type TurnSpan = Pick<Turn, 'role' | 'inferred' | 'span'>;

/**
 * Splits a multi-turn response into turns. Where chat tokens were kept (`<|im_start|>role … <|im_end|>`) they decide.
 * verl strips them; then bare lines `tool`, `user`, `assistant` decide where the grammar of `RoleLineSplitter` allows,
 * unless `infer` is false: the whole text is one turn then.
 */
export function splitTurns(text: string, marks: readonly Mark[], infer = true): readonly TurnSpan[] {
  if (text === '') return [];
  if (marks.some((m) => m.kind === 'chatStart')) return splitByTokens(text, marks);
  const telling = infer && marks.some((m) => m.kind === 'role' || m.name === 'tool_response');
  if (!telling) return [{ role: 'assistant', inferred: false, span: { start: 0, end: text.length } }];
  return new RoleLineSplitter(text, marks).split();
}

function splitByTokens(text: string, marks: readonly Mark[]): readonly TurnSpan[] {
  const starts = marks.filter((m) => m.kind === 'chatStart');
  const ends = marks.filter((m) => m.kind === 'chatEnd');
  const turns: TurnSpan[] = [];
  let seen = 0;
  const push = (role: string, start: number, next: number): void => {
    let end = next;
    for (let token = ends[seen]; token !== undefined && token.start < next; token = ends[++seen]) {
      if (token.start >= start && isBlank(text, token.end, next)) end = token.start;
    }
    turns.push({ role: roleOf(role, text, start), inferred: false, span: { start, end } });
  };
  const first = starts[0]?.start ?? text.length;
  // A response continues the assistant's turn that the prompt opened.
  if (!isBlank(text, 0, first)) push('assistant', 0, first);
  starts.forEach((mark, i) => {
    push(mark.name, mark.end, starts[i + 1]?.start ?? text.length);
  });
  return turns;
}

/** Qwen's template wraps what a tool returned in a user turn; such a turn is the tool's. */
function roleOf(role: string, text: string, start: number): Turn['role'] {
  if (role === 'assistant') return 'assistant';
  if (role !== 'user' && role !== 'system') return 'tool';
  return text
    .slice(start, start + 64)
    .trimStart()
    .startsWith('<tool_response>')
    ? 'tool'
    : 'user';
}
