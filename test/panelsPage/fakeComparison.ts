import { compareRuns, flipOf, type SampleOutcome } from '../../src/core/metric/compareRuns';
import type { CompareOther, TraceComparison } from '../../src/protocol/compare';
import type { OverviewKind } from '../../src/protocol/overview';

export const fakeOther: CompareOther = { name: 'grpo_baseline/rollouts', same: false, steps: [1, 2, 3] };

const outcome = (group: number, right: number): SampleOutcome & { readonly group: number } => {
  return { group, rollouts: 8, right, mean: right / 8 };
};

/** Each group against itself, as another run might have answered it. */
export function fakeComparison(
  groups: number,
  column: string,
  right: number | null,
  kind: OverviewKind | null,
): TraceComparison {
  const samples = Array.from({ length: Math.min(groups, 40) }, (_, group) => {
    const [a, b] = [outcome(group, (group * 5) % 9), outcome(group, (group * 7 + 3) % 9)];
    return {
      title: `Where is the red kite number ${group + 1}?`,
      cell: flipOf({ a, b }),
      a,
      b,
      byName: group % 7 === 3,
    };
  });
  const pairs = samples.map(({ a, b }) => ({ sample: null, a, b }));
  return {
    ...compareRuns(pairs, [1, 4, 8]),
    column,
    right: right ?? 1,
    rightFrom: right === null ? 'values' : 'asked',
    both: samples.length,
    onlyA: 3,
    onlyB: 12,
    unkeyed: 0,
    byName: samples.filter(({ byName }) => byName).length,
    kind: kind ?? 'training',
    kinds: ['training', 'validation'],
    samples: samples.sort((x, y) => Math.abs(y.b.mean - y.a.mean) - Math.abs(x.b.mean - x.a.mean)),
  };
}
