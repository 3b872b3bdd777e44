import type { StepLabel } from '../annotation/annotation';
import { type Agreement, agreement } from './agreement';
import { type BestOfN, bestOfN } from './bestOfN';

/** Labels by 0-based turn. */
export type TurnLabels = ReadonlyMap<number, StepLabel>;

/** A rollout as its judges and people left it. */
export interface JudgedRollout {
  /** Equal for rollouts of one group. */
  readonly group: number;
  readonly people: TurnLabels;
  /** By name, those that said something of it; `labels of the log` for what its trace holds. */
  readonly judges: ReadonlyMap<string, TurnLabels>;
  /** Its reward, or 1 and 0 for right and wrong; null where there is none. */
  readonly worth: number | null;
}

export interface JudgeReport {
  readonly judge: string;
  readonly rollouts: number;
  /** With people's labels of the same turns; theirs count as the truth. Null where there are none. */
  readonly people: Agreement | null;
  /** By the mean of its labels; null where no group has two rollouts of known worth that it judged. */
  readonly bestOfN: BestOfN | null;
}

const words: Readonly<Record<StepLabel, string>> = { [-1]: 'wrong', 0: 'neutral', 1: 'right' };

/** Each judge beside people, and its choices beside what rollouts are worth. In the order of their names. */
export function judgeReports(rollouts: readonly JudgedRollout[]): readonly JudgeReport[] {
  const names = [...new Set(rollouts.flatMap(({ judges }) => [...judges.keys()]))].sort();
  return names.map((judge) => {
    const own = rollouts.flatMap(({ judges, ...rollout }) => {
      const labels = judges.get(judge);
      return labels === undefined ? [] : [{ ...rollout, labels }];
    });
    const pairs = own.flatMap(({ people, labels }) =>
      [...people].flatMap(([turn, label]) => {
        const other = labels.get(turn);
        return other === undefined ? [] : [[words[label], words[other]] as const];
      }),
    );
    return {
      judge,
      rollouts: own.length,
      people: pairs.length === 0 ? null : agreement(pairs),
      bestOfN: selection(own),
    };
  });
}

type Labelled = Pick<JudgedRollout, 'group' | 'worth'> & { readonly labels: TurnLabels };

function selection(rollouts: readonly Labelled[]): BestOfN | null {
  const groups = new Map<number, { readonly score: number; readonly worth: number }[]>();
  for (const { group, worth, labels } of rollouts) {
    if (labels.size === 0 || worth === null || !Number.isFinite(worth)) continue;
    const score = [...labels.values()].reduce<number>((sum, label) => sum + label, 0) / labels.size;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [{ score, worth }]);
    else members.push({ score, worth });
  }
  return bestOfN([...groups.values()].filter(({ length }) => length > 1));
}
