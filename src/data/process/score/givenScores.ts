import type { ParamsOf } from '../../../protocol/channel';
import type { ScoreMethods, ScoreResult } from '../../../protocol/score';
import type { ComputedColumn } from '../columns/columnStore';
import { NumberColumn } from '../columns/numberColumn';

export type GivenScores = Omit<ParamsOf<ScoreMethods, 'score/put'>, 'traceId'>;

/** As logs print single precision. */
const tolerance = 1e-5;
/** A function that names a component after each rollout is a mistake. */
const mostComponents = 64;

/** Rewards that were computed elsewhere as columns, like those of a profile. `logged`: a row's total, null without one. */
export function givenColumns(
  { title, rows, totals, components }: GivenScores,
  logged: (row: number) => number | null,
  length: number,
): { readonly columns: readonly ComputedColumn[]; readonly result: ScoreResult } {
  const total = new NumberColumn();
  const differs = new NumberColumn();
  let differing = 0;
  rows.forEach((row, i) => {
    const value = totals[i] ?? Number.NaN;
    if (!(row >= 0 && row < length) || Number.isNaN(value)) return;
    total.set(row, value);
    const own = logged(row);
    if (own === null || Number.isNaN(own)) return;
    const other = Math.abs(value - own) > tolerance * Math.max(1, Math.abs(own));
    if (other) differing++;
    differs.set(row, other ? 1 : 0);
  });
  const parts = Object.entries(components)
    .slice(0, mostComponents)
    .map(([name, values]) => {
      const column = new NumberColumn();
      rows.forEach((row, i) => {
        const value = values[i] ?? Number.NaN;
        if (row >= 0 && row < length && !Number.isNaN(value)) column.set(row, value);
      });
      return { name: `recomputed_${name}`, about: `${name}, by ${title}.`, compute: () => column };
    });
  return {
    columns: [
      { name: 'recomputed_total', about: `The total, by ${title}.`, compute: () => total },
      {
        name: 'reward_differs',
        about: `1 where the logged total differs from that of ${title}, else 0.`,
        compute: () => differs,
      },
      ...parts,
    ],
    result: { scored: rows.length, totals: total.present, differing },
  };
}
