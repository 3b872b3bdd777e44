import type { RolloutNotes } from '../annotation/annotation';
import type { LoggedStepLabel } from '../trajectory/rollout';
import { type Agreement, agreement } from './agreement';
import { type BestOfN, bestOfN } from './bestOfN';

/** A rollout as its judges and people left it. */
export interface JudgedRollout {
  /** Equal for rollouts of one group. */
  readonly group: number;
  readonly notes: Pick<RolloutNotes, 'labels' | 'judgements'>;
  /** Labels that the log itself holds. */
  readonly logged: readonly LoggedStepLabel[];
  /** Its reward, or 1 and 0 for right and wrong; null where there is none. */
  readonly worth: number | null;
}

export interface JudgeReport {
  /** Name of the judge; null for the labels that the log holds. */
  readonly judge: string | null;
  readonly rollouts: number;
  /** With people's labels of the same turns; theirs count as the truth. Null where there are none. */
  readonly people: Agreement | null;
  /** Null where the judge gave no scores, or no group has two rollouts of known worth with one. */
  readonly bestOfN: BestOfN | null;
}

const names: Readonly<Record<string, string>> = { '-1': 'wrong', '0': 'neutral', '1': 'right' };

/** Each judge beside people and, for its scores, beside what rollouts are worth. In the order of their names, the log's labels first. */
export function judgeReports(rollouts: readonly JudgedRollout[]): readonly JudgeReport[] {
  const judges = [...new Set(rollouts.flatMap(({ notes }) => Object.keys(notes.judgements ?? {})))].sort();
  const logged = rollouts.some((one) => one.logged.length > 0) ? [null] : [];
  return [...logged, ...judges].map((judge) => {
    const own = rollouts.filter((one) => labelsBy(one, judge) !== null);
    const pairs = own.flatMap((one) => pairsOf(one, labelsBy(one, judge) ?? new Map()));
    return {
      judge,
      rollouts: own.length,
      people: pairs.length === 0 ? null : agreement(pairs),
      bestOfN: judge === null ? null : selection(own, judge),
    };
  });
}

/** By turn; null where the judge said nothing of the rollout. */
function labelsBy({ notes, logged }: JudgedRollout, judge: string | null): ReadonlyMap<string, number> | null {
  if (judge === null) return logged.length === 0 ? null : new Map(logged.map((one) => [String(one.turn), one.label]));
  const all = notes.judgements ?? {};
  const judgement = Object.hasOwn(all, judge) ? all[judge]?.value : undefined;
  return judgement === undefined ? null : new Map(Object.entries(judgement.labels));
}

function pairsOf({ notes }: JudgedRollout, said: ReadonlyMap<string, number>): readonly (readonly [string, string])[] {
  return Object.entries(notes.labels ?? {}).flatMap(([turn, { value }]) => {
    const other = said.get(turn);
    return other === undefined ? [] : [[names[value] ?? '', names[other] ?? ''] as const];
  });
}

function selection(rollouts: readonly JudgedRollout[], judge: string): BestOfN | null {
  const groups = new Map<number, { readonly score: number; readonly worth: number }[]>();
  for (const { group, notes, worth } of rollouts) {
    const score = notes.judgements?.[judge]?.value.score ?? null;
    if (score === null || worth === null || !Number.isFinite(worth)) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [{ score, worth }]);
    else members.push({ score, worth });
  }
  return bestOfN([...groups.values()].filter(({ length }) => length > 1));
}
