import type { Interval } from '../core/metric/passAtK';
import type { TraceComparison } from '../protocol/compare';
import type { CompareCommand } from './arguments';
import { aligned, type Output, printableLine, toJson } from './output';
import type { Session } from './session';

/** Prints how two traces, or two ranges of one trace's steps, differ on the samples that both answered. */
export async function printComparison(session: Session, command: CompareCommand, out: Output): Promise<void> {
  const { data, opened } = session;
  const { path, other, overrides, column, right, kind } = command;
  const same = other === path;
  const second = same ? opened : await data.call('trace/open', { path: other, overrides });
  const compared = await data.call(
    'compare/traces',
    {
      a: { traceId: opened.traceId, steps: command.steps },
      b: { traceId: second.traceId, steps: command.otherSteps },
      column,
      right,
      kind,
    },
    { deadline: Number.POSITIVE_INFINITY },
  );
  if (command.json) await out.line(toJson(document(command, compared), 2));
  else for (const line of lines(command, compared)) await out.line(printableLine(line));
}

/** See docs/compare.md. */
function document({ path, other, steps, otherSteps }: CompareCommand, compared: TraceComparison): object {
  const { column, right, rightFrom, both, onlyA, onlyB, unkeyed, byName, kind, flips, passAt, mean, samples } =
    compared;
  return {
    a: { path, steps },
    b: { path: other, steps: otherSteps },
    column,
    right,
    rightFrom,
    split: kind,
    samples: { both, onlyA, onlyB, unkeyed, byName },
    flips,
    passAt,
    mean,
    changes: samples.map(({ title, cell, a, b, byName: named }) => ({
      title,
      cell,
      byName: named,
      a: { ...a, group: a.group + 1 },
      b: { ...b, group: b.group + 1 },
    })),
  };
}

function lines({ path, other }: CompareCommand, compared: TraceComparison): readonly string[] {
  const { column, right, both, onlyA, onlyB, unkeyed, byName, kind, kinds, flips, passAt, mean } = compared;
  const facts: (readonly [string, string])[] = [
    ['A', path],
    ['B', other],
    [
      'samples',
      `${both} in both, ${onlyA} in A alone, ${onlyB} in B alone${unkeyed > 0 ? `, ${unkeyed} without a prompt` : ''}`,
    ],
    ...(byName > 0
      ? [['by name', `${byName} of them by their image's name alone: the images are not here`] as const]
      : []),
    ...(kind === 'validation' || kinds.length > 1 ? [['split', kind] as const] : []),
    [`mean ${column}`, `A ${interval(mean.a)}, B ${interval(mean.b)}, B − A ${interval(mean.difference)}`],
  ];
  if (right === null)
    facts.push(['right', `unknown: ${column} has more than two values; say from which one on with --right`]);
  else {
    facts.push(['right', `${column} ≥ ${right} in at least half of a sample's rollouts`]);
    facts.push(['both right', String(flips.bothRight)], ['lost (A only)', String(flips.lost)]);
    facts.push(['won (B only)', String(flips.won)], ['both wrong', String(flips.bothWrong)]);
  }
  for (const { k, samples, a, b, difference } of passAt)
    facts.push([`pass@${k}`, `A ${interval(a)}, B ${interval(b)}, B − A ${interval(difference)}, ${samples} samples`]);
  return aligned(facts, '');
}

const rounded = (value: number) => (Number.isNaN(value) ? '–' : String(Math.round(value * 1e4) / 1e4));
const interval = ({ mean, low, high }: Interval) => `${rounded(mean)} [${rounded(low)}, ${rounded(high)}]`;
