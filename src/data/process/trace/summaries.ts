import { GROUP_PAGE, type GroupSummary, type RolloutSummary } from '../../../protocol/data';
import type { View } from '../columns/view';
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

  /** With a view, its rows only and in its order; size, mean and deviation are the whole group's. */
  get(group: number, view: View | null = null): GroupSummary {
    const { groups, rows } = this.tables;
    const { key, title, size, first, file } = groups.get(group);
    const { step } = rows.get(first);
    const attempt = this.tables.attempts.ofGroup(group, file, step);
    const rewards = new Spread();
    const shown: number[] = [];
    for (const row of this.tables.rowsOf(group)) {
      const { reward } = rows.get(row);
      if (reward !== null) rewards.add(reward);
      if (shown.length < GROUP_PAGE) shown.push(row);
    }
    const sorted = view?.aggregate(group) ?? null;
    const members = view === null ? shown : this.tables.membersFrom(group, 0, GROUP_PAGE, view);
    return {
      group,
      key,
      title,
      size,
      step,
      uncertain: this.isUncertain(group),
      meanReward: rewards.mean,
      stdReward: rewards.deviation,
      ...(attempt === null ? {} : { attempt }),
      ...(sorted === null ? {} : { sorted }),
      rollouts: members.map((row) => this.rollout(row, view)),
    };
  }

  /** Members [start, start + count), of a view in its order; at most 1,000. */
  members(group: number, start: number, count: number, view: View | null): readonly RolloutSummary[] {
    this.tables.checkedGroup(group);
    const from = Math.max(0, Math.floor(start));
    const rows = this.tables.membersFrom(group, from, Math.min(Math.max(0, Math.floor(count)), membersPerCall), view);
    return rows.map((row) => this.rollout(row, view));
  }

  private rollout(row: number, view: View | null): RolloutSummary {
    const { member, reward, step, badge, regions, preference } = this.tables.rows.get(row);
    const side = preference === undefined ? {} : { preference };
    const known = { badge, regions: badge === null ? null : regions };
    const summary = { row, member, reward, step, ...known, ...side };
    return view === null || view.sort === null ? summary : { ...summary, sorted: view.value(row) };
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
