import { contradictsLog, type ReviewMark, rankFlips } from '../../../core/annotation/reviewMark';
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
  /** Ranked rows by group, best level first. */
  private readonly rankings = new Map<number, readonly (readonly number[])[]>();

  constructor(private readonly of: MarkSources) {}

  get size(): number {
    return this.byRow.size;
  }

  put(row: number, mark: MarkedRecord['mark']): void {
    this.version++;
    if (mark === null) this.byRow.delete(row);
    else this.byRow.set(row, mark);
  }

  rank(group: number, levels: readonly (readonly number[])[]): void {
    this.version++;
    if (levels.length === 0) this.rankings.delete(group);
    else this.rankings.set(group, levels);
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
      '1 where labels, a reward or a rank that somebody gave contradict the logged reward within the group, else 0.',
      (into, grouping) => {
        for (const [row, flips] of this.flips(grouping)) into.set(row, flips ? 1 : 0);
      },
    ),
  ];

  /** Rows whose logged reward what people said can be held against. */
  private flips(grouping: Grouping): ReadonlyMap<number, boolean> {
    const found = new Map<number, boolean>();
    if (this.byRow.size + this.rankings.size === 0) return found;
    const reward = this.of.reward();
    const note = (row: number, flips: boolean | null | undefined) => {
      if (flips !== null && flips !== undefined) found.set(row, flips || found.get(row) === true);
    };
    const { mean } = groupStatistics(reward, grouping);
    for (const [row, mark] of this.byRow)
      note(row, contradictsLog(mark, reward.at(row), mean[grouping.groupOf[row] ?? 0] ?? Number.NaN));
    for (const levels of this.rankings.values()) {
      const flips = rankFlips(levels.map((level) => level.map((row) => reward.at(row))));
      for (const [i, level] of levels.entries()) for (const [j, row] of level.entries()) note(row, flips[i]?.[j]);
    }
    return found;
  }

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
