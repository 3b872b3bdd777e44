import type { Rollout, TextSpan } from '../../../src/core/trajectory/rollout';
import { clicksOf } from '../chain/clicks';
import { clickId, regionId } from '../picture/marks';

/** Something to show about a stretch of a response. */
export interface TextMark {
  readonly kind: 'region' | 'click' | 'repair' | 'malformed' | 'token';
  readonly span: TextSpan;
  /** Id of the `Mark` that lights up together with it. */
  readonly id: string | null;
  readonly title: string;
  /** Of a token: its step on the scale of colours. */
  readonly step?: number;
}

/** A stretch of text under the same marks. */
export interface Segment {
  readonly text: string;
  readonly marks: readonly TextMark[];
}

/** Cuts [from, to) of `text` wherever a mark begins or ends. Marks may overlap and reach beyond the stretch. */
export function segments(text: string, from: number, to: number, marks: readonly TextMark[]): Segment[] {
  const end = Math.min(to, text.length);
  const near = marks.filter(({ span }) => span.start < end && span.end > from && span.end > span.start);
  const cuts = new Set([from, end]);
  for (const { span } of near) {
    cuts.add(Math.max(from, span.start));
    cuts.add(Math.min(end, span.end));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const open: TextMark[] = [];
  const starts = [...near].sort((a, b) => a.span.start - b.span.start);
  let next = 0;
  return places.slice(0, -1).flatMap((start, at) => {
    const stop = places[at + 1] ?? end;
    for (let mark = starts[next]; mark !== undefined && mark.span.start <= start; mark = starts[++next])
      open.push(mark);
    for (let i = open.length - 1; i >= 0; i--) if ((open[i]?.span.end ?? 0) <= start) open.splice(i, 1);
    return stop > start ? [{ text: text.slice(start, stop), marks: [...open] }] : [];
  });
}

/** Everything marked in a rollout's response: regions, mends, and actions that cannot be read. */
export function textMarks(rollout: Rollout, member: number): TextMark[] {
  const marks: TextMark[] = [];
  for (const region of rollout.regions) {
    const id = regionId(member, region.index);
    marks.push({ kind: 'region', span: region.span, id, title: `Region ${region.index + 1}` });
    for (const repair of region.repairs)
      marks.push({ kind: 'repair', span: repair.span, id, title: `${repair.before} → ${repair.after}` });
  }
  for (const { index, text, ...click } of clicksOf(rollout)) {
    if (text === null) continue;
    const title = `Click ${index + 1}${click.positive === null ? '' : click.positive ? ', positive' : ', negative'}`;
    marks.push({ kind: 'click', span: text.span, id: clickId(member, index), title });
  }
  for (const turn of rollout.turns) {
    for (const action of turn.actions) {
      if (action.kind === 'malformed')
        marks.push({ kind: 'malformed', span: action.span, id: null, title: action.reason ?? 'Cannot be read' });
    }
  }
  return marks;
}

const tags = /<\/?(?:think|answer|tool_call|tool_response|code|sandbox_output|zoom|grounding)>/g;

/** Stretches of a turn that are neither its thought nor an action, without the tags around those and without blanks. */
export function leftovers(text: string, turn: Rollout['turns'][number]): string[] {
  const taken = [turn.thought, ...turn.actions.map((action) => action.span)]
    .filter((span) => span !== null)
    .sort((a, b) => a.start - b.start);
  const rest: string[] = [];
  let at = turn.span.start;
  for (const span of [...taken, { start: turn.span.end, end: turn.span.end }]) {
    const between = text.slice(at, Math.max(at, span.start)).replaceAll(tags, '').trim();
    if (between !== '') rest.push(between);
    at = Math.max(at, span.end);
  }
  return rest;
}
