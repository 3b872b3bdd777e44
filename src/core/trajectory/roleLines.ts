import type { Turn } from './rollout';
import type { TurnSpan } from './splitTurns';
import { closesAction, isBlank, type Mark, nextFitting, opensPolicyText } from './textMarks';

/** How an observation ends: before a role line `assistant`, where policy text begins, before another one, or with the text. */
interface Leave {
  readonly how: 'assistantLine' | 'policyText' | 'observation' | 'end';
  /** Mark to go on with. */
  readonly next: number;
  /** Where the observation's span ends. */
  readonly at: number;
}

/**
 * Finds turns in text whose chat tokens were stripped. The policy's turn ends before
 * - `user` or `tool` on a line of its own right after a closed action, when an `assistant` line follows later or no
 *   policy text follows at all (the log was cut off);
 * - such a line right before `<tool_response>`; `<tool_response>` itself right after a closed action.
 * An observation in `<tool_response>` ends behind the closing tag. A bare one ends before the last `assistant` line
 * ahead of the next policy tag, since text that a tool read may hold that word too. Linear in the number of marks.
 */
export class RoleLineSplitter {
  private readonly turns: TurnSpan[] = [];
  private open: Omit<TurnSpan, 'span'> & { readonly start: number } = { role: 'assistant', inferred: false, start: 0 };
  /** Closed tool calls of the turn before that no `tool` line has answered yet. */
  private unanswered = 0;
  private readonly assistantLine: readonly number[];
  private readonly policyTag: readonly number[];
  private readonly responseOpen: readonly number[];
  private readonly responseClose: readonly number[];

  constructor(
    private readonly text: string,
    private readonly marks: readonly Mark[],
  ) {
    this.assistantLine = nextFitting(marks, (m) => m.kind === 'role' && m.name === 'assistant');
    this.policyTag = nextFitting(marks, opensPolicyText);
    this.responseOpen = nextFitting(marks, (m) => m.kind === 'open' && m.name === 'tool_response');
    this.responseClose = nextFitting(marks, (m) => m.kind === 'close' && m.name === 'tool_response');
  }

  split(): readonly TurnSpan[] {
    const [first] = this.marks;
    let i = 0;
    if (first?.kind === 'role' && first.name === 'assistant' && isBlank(this.text, 0, first.start)) {
      this.open = { role: 'assistant', inferred: true, start: first.end };
      i = 1;
    }
    for (i = this.endOfAssistant(i); i < this.marks.length; i = this.endOfAssistant(i)) {
      let leave = this.observe(i);
      while (leave.how === 'observation') leave = this.observe(leave.next);
      if (leave.how === 'end') break;
      this.close(leave.at);
      const line = leave.how === 'assistantLine' ? this.marks[leave.next] : undefined;
      this.open = { role: 'assistant', inferred: line !== undefined, start: line?.end ?? leave.at };
      i = line === undefined ? leave.next : leave.next + 1;
    }
    this.close(this.text.length);
    return this.turns;
  }

  /** Mark before which the policy's turn ends; the number of marks when it is the last turn. */
  private endOfAssistant(from: number): number {
    let calls = 0;
    for (let i = from; i < this.marks.length; i++) {
      const mark = this.marks[i];
      if (mark?.kind === 'close' && mark.name === 'tool_call') calls++;
      if (mark !== undefined && this.leavesAssistant(mark, i)) {
        this.unanswered = calls;
        return i;
      }
    }
    return this.marks.length;
  }

  private leavesAssistant(mark: Mark, i: number): boolean {
    const before = this.marks[i - 1];
    const afterAction = closesAction(before) && isBlank(this.text, before.end, mark.start);
    if (mark.kind === 'open') return mark.name === 'tool_response' && afterAction;
    if (mark.kind !== 'role' || mark.name === 'assistant' || mark.name === 'system') return false;
    if (this.wrapsResponse(i)) return true;
    const none = this.marks.length;
    return afterAction && (at(this.assistantLine, i) < none || at(this.policyTag, i) === none);
  }

  /** Whether mark `i` is a role line with `<tool_response>` right below. */
  private wrapsResponse(i: number): boolean {
    const line = this.marks[i];
    const below = this.marks[i + 1];
    if (line?.kind !== 'role' || below?.kind !== 'open' || below.name !== 'tool_response') return false;
    return isBlank(this.text, line.end, below.start);
  }

  /** Opens the turn that came back at mark `i` and finds its end. */
  private observe(i: number): Leave {
    const mark = this.marks[i];
    if (mark === undefined) return this.end();
    this.close(mark.start);
    const wrapped = mark.kind === 'open' ? i : this.wrapsResponse(i) ? i + 1 : null;
    const role: Turn['role'] = wrapped !== null || mark.name === 'tool' ? 'tool' : 'user';
    this.open = { role, inferred: mark.kind === 'role', start: mark.kind === 'role' ? mark.end : mark.start };
    return wrapped === null ? this.leaveBare(i + 1) : this.leaveWrapped(wrapped);
  }

  /** `open` is the mark of `<tool_response>`. */
  private leaveWrapped(open: number): Leave {
    let close = at(this.responseClose, open);
    while (at(this.responseOpen, close) === close + 1 && this.isBlankBetween(close, close + 1)) {
      close = at(this.responseClose, close + 1);
    }
    const closing = this.marks[close];
    if (closing === undefined) return this.end();
    const line = at(this.assistantLine, close + 1);
    const reopened = at(this.responseOpen, close + 1);
    const policy = at(this.policyTag, close + 1);
    const policyText: Leave = { how: 'policyText', next: policy, at: closing.end };
    if (policy === close + 1 && this.isBlankBetween(close, policy)) return policyText;
    if (line < reopened) return { how: 'assistantLine', next: line, at: this.marks[line]?.start ?? closing.end };
    if (reopened < policy) {
      const next = reopened - 1 > close && this.wrapsResponse(reopened - 1) ? reopened - 1 : reopened;
      return { how: 'observation', next, at: closing.end };
    }
    return policy < this.marks.length ? policyText : this.end();
  }

  private leaveBare(from: number): Leave {
    const policy = at(this.policyTag, at(this.assistantLine, from));
    let line = this.marks.length;
    this.unanswered--;
    for (let i = from; i < policy; i++) {
      const mark = this.marks[i];
      if (mark?.kind !== 'role') continue;
      const answersAnother = mark.name === 'tool' && this.unanswered > 0 && line === this.marks.length;
      if (answersAnother || this.wrapsResponse(i)) return { how: 'observation', next: i, at: mark.start };
      if (mark.name === 'assistant') line = i;
    }
    const mark = this.marks[line];
    return mark === undefined ? this.end() : { how: 'assistantLine', next: line, at: mark.start };
  }

  private end(): Leave {
    return { how: 'end', next: this.marks.length, at: this.text.length };
  }

  private isBlankBetween(a: number, b: number): boolean {
    return isBlank(this.text, this.marks[a]?.end ?? 0, this.marks[b]?.start ?? 0);
  }

  private close(end: number): void {
    const { role, inferred, start } = this.open;
    if (start < end || (role !== 'assistant' && start === end))
      this.turns.push({ role, inferred, span: { start, end } });
  }
}

function at(indices: readonly number[], i: number): number {
  return indices[Math.min(i, indices.length - 1)] ?? 0;
}
