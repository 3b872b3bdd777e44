import { GROUP_PAGE, type GroupSummary, type RolloutSummary } from '../../../protocol/data';
import type { TraceTables } from './tables';

const membersPerCall = 1000;

/** Group lists of a trace: numbers only, nothing is read from disk. */
export class Summaries {
  private common: ReadonlyMap<number, number> | null = null;
  private commonOf = -1;

  constructor(
    private readonly tables: TraceTables,
    /** The run's rollouts per prompt; null when no config states it. */
    private readonly expected: () => number | null,
    /** Whether every row has been seen: before that, any group may still grow. */
    private readonly complete: () => boolean,
    /** A format with one file per rollout, or without steps, has groups of any size. */
    private readonly comparable: boolean,
  ) {}

  get(group: number): GroupSummary {
    const { groups, rows } = this.tables;
    const { key, title, size, first } = groups.get(group);
    const shown: RolloutSummary[] = [];
    const rewards = new Spread();
    let member = 0;
    for (let row: number | null = first; row !== null; row = rows.following(row), member++) {
      const { reward, step, badge, regions } = rows.get(row);
      if (reward !== null) rewards.add(reward);
      if (member < GROUP_PAGE) shown.push({ row, member, reward, step, badge, regions });
    }
    return {
      group,
      key,
      title,
      size,
      step: rows.get(first).step,
      uncertain: this.isUncertain(group),
      meanReward: rewards.mean,
      stdReward: rewards.deviation,
      rollouts: shown,
    };
  }

  members(group: number, start: number, count: number): readonly RolloutSummary[] {
    const end = start + Math.min(count, membersPerCall);
    const { groups, rows } = this.tables;
    const { first } = groups.get(this.tables.checkedGroup(group));
    const found: RolloutSummary[] = [];
    let member = 0;
    for (let row: number | null = first; row !== null && member < end; row = rows.following(row)) {
      if (member >= start) {
        const { reward, step, badge, regions } = rows.get(row);
        found.push({ row, member, reward, step, badge, regions });
      }
      member++;
    }
    return found;
  }

  /** The size is not what the run's config, or most groups of the same file, say. */
  isUncertain(group: number): boolean {
    if (!this.complete()) return false;
    const { size, file } = this.tables.groups.get(group);
    const expected = this.expected() ?? (this.comparable ? this.commonSizes().get(file) : undefined);
    return expected !== undefined && size !== expected;
  }

  uncertainCount(): number {
    let count = 0;
    for (let group = 0; group < this.tables.groups.length; group++) if (this.isUncertain(group)) count++;
    return count;
  }

  private commonSizes(): ReadonlyMap<number, number> {
    const { rows, groups } = this.tables;
    if (this.common === null || this.commonOf !== rows.length) this.common = groups.commonSizes();
    this.commonOf = rows.length;
    return this.common;
  }
}

/** Mean and sample standard deviation in one pass (Welford); a NaN makes both NaN, as the trainer would see it. */
class Spread {
  mean = Number.NaN;
  private count = 0;
  private squares = 0;

  add(value: number): void {
    this.count++;
    if (this.count === 1) {
      this.mean = value;
      return;
    }
    const from = value - this.mean;
    this.mean += from / this.count;
    this.squares += from * (value - this.mean);
  }

  get deviation(): number {
    return this.count < 2 ? Number.NaN : Math.sqrt(this.squares / (this.count - 1));
  }
}
