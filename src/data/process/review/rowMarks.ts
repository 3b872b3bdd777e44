import { contradictsLog, type ReviewMark } from '../../../core/annotation/reviewMark';
import type { MarkedRecord } from '../../../protocol/review';
import type { ComputedColumn } from '../columns/columnStore';
import { type Grouping, groupStatistics } from '../columns/groupStatistics';
import { NumberColumn } from '../columns/numberColumn';

/** What the columns are computed from. */
export interface MarkSources {
  readonly grouping: () => Grouping;
  readonly reward: () => NumberColumn;
  /** Has a value for every row with a response. */
  readonly responses: () => NumberColumn;
}

/** What people said of the trace's rows, and the columns that follow from it. */
export class RowMarks {
  /** Rises with every change. */
  version = 0;
  private readonly byRow = new Map<number, ReviewMark>();

  constructor(private readonly of: MarkSources) {}

  get size(): number {
    return this.byRow.size;
  }

  put(row: number, mark: MarkedRecord['mark']): void {
    this.version++;
    if (mark === null) this.byRow.delete(row);
    else this.byRow.set(row, mark);
  }

  isReviewed(row: number): boolean {
    return this.byRow.get(row)?.reviewed ?? false;
  }

  /** As lists, filters and plots take them; made anew when rows or marks have come. */
  readonly columns: readonly ComputedColumn[] = [
    this.column('reviewed', '1 where somebody reviewed the rollout, else 0.', (into, { rows }) => {
      const { there } = this.of.responses();
      for (let row = 0; row < rows; row++) if (there.has(row)) into.set(row, this.isReviewed(row) ? 1 : 0);
    }),
    this.column('human_difference', 'How far the reward that somebody set is from the logged one.', (into) => {
      const reward = this.of.reward();
      for (const [row, { total }] of this.rows) {
        const logged = reward.at(row);
        if (total !== null && logged !== null) into.set(row, Math.abs(total - logged));
      }
    }),
    this.column(
      'human_flip',
      '1 where labels or a reward that somebody set are on the other side of the group’s mean than the logged reward, else 0.',
      (into, grouping) => {
        if (this.byRow.size === 0) return;
        const reward = this.of.reward();
        const { mean } = groupStatistics(reward, grouping);
        for (const [row, mark] of this.rows) {
          const flips = contradictsLog(mark, reward.at(row), mean[grouping.groupOf[row] ?? 0] ?? Number.NaN);
          if (flips !== null) into.set(row, flips ? 1 : 0);
        }
      },
    ),
  ];

  private get rows(): readonly (readonly [number, ReviewMark])[] {
    return [...this.byRow];
  }

  private column(name: string, about: string, fill: (into: NumberColumn, of: Grouping) => void): ComputedColumn {
    let made: { readonly version: number; readonly rows: number; readonly column: NumberColumn } | null = null;
    const compute = () => {
      const grouping = this.of.grouping();
      const { rows } = grouping;
      if (made === null || made.version !== this.version || made.rows !== rows) {
        const column = new NumberColumn();
        fill(column, grouping);
        made = { version: this.version, rows, column };
      }
      return made.column;
    };
    return { name, about, compute };
  }
}
