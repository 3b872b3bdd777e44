import type { Attempts } from '../scan/attempts';
import type { ComputedColumn } from './columnStore';
import { type Grouping, spreadOverRows } from './groupStatistics';
import { NumberColumn } from './numberColumn';

/** Which attempt at its step a row belongs to, in a trace whose run was resumed from an earlier step; absent in others. */
export function attemptColumn(attempts: Attempts, grouping: () => Grouping): ComputedColumn {
  let made: { readonly rows: number; readonly changes: number; readonly column: NumberColumn } | null = null;
  return {
    name: 'attempt',
    about: 'Which attempt at its step the rollout belongs to: 1 until the run was resumed from an earlier step.',
    compute: () => {
      const { changes } = attempts;
      const now = grouping();
      if (made === null || made.rows !== now.rows || made.changes !== changes) {
        const column = changes === 0 ? new NumberColumn() : spreadOverRows(now, (group) => attempts.numberOf(group));
        made = { rows: now.rows, changes, column };
      }
      return made.column;
    },
  };
}
