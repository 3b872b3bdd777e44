import type { ComputedColumn } from './columnStore';
import { type Grouping, type GroupStatistics, groupStatistics, spreadOverRows } from './groupStatistics';
import type { NumberColumn } from './numberColumn';

/** What a group's rewards come to, as columns over its rows: what rows can be filtered by. Kept until there are more rows. */
export function groupColumns(reward: () => NumberColumn, grouping: () => Grouping): readonly ComputedColumn[] {
  let known: { readonly rows: number; readonly statistics: GroupStatistics } | null = null;
  const statistics = (): GroupStatistics => {
    const now = grouping();
    if (known?.rows !== now.rows) known = { rows: now.rows, statistics: groupStatistics(reward(), now) };
    return known.statistics;
  };
  const column = (name: string, about: string, of: (of: GroupStatistics, group: number) => number): ComputedColumn => {
    let made: { readonly rows: number; readonly column: NumberColumn } | null = null;
    return {
      name,
      about,
      compute: () => {
        const now = grouping();
        if (made?.rows !== now.rows) {
          const all = statistics();
          made = { rows: now.rows, column: spreadOverRows(now, (group) => of(all, group)) };
        }
        return made.column;
      },
    };
  };
  return [
    column('group_mean', 'Mean reward of the row’s group.', ({ mean }, group) => mean[group] ?? Number.NaN),
    column('group_std', 'Sample standard deviation (N−1) of the rewards in the row’s group.', (all, group) =>
      all.deviation(group),
    ),
    column('zero_variance', '1 where all rewards of the row’s group are the same, else 0.', (all, group) =>
      (all.count[group] ?? 0) < 2 ? Number.NaN : all.isConstant(group) ? 1 : 0,
    ),
  ];
}
