import { UserError } from '../../../core/text/userError';
import {
  OCCURRENCES,
  type Occurrences,
  type ScatterPoints,
  type TraceOverview,
  type TrainerMetrics,
  type WhereLooked,
} from '../../../protocol/overview';
import type { Summaries } from '../trace/summaries';
import { discoverMetrics } from './metricDiscovery';
import { scatterOf } from './scatter';
import { isValidation, type OverviewAsked, overviewOf } from './stepOverview';
import { type LookedDeps, whereLooked } from './whereLooked';

export interface OverviewDeps extends LookedDeps {
  readonly summaries: Summaries;
  /** Absolute path the user opened. */
  readonly path: string;
  readonly root: string;
  readonly files: readonly string[];
}

/** What the overview of a run asks of a trace. Numbers are of what is scanned by now. */
export class TraceOverviews {
  constructor(
    private readonly deps: OverviewDeps,
    /** Whether the scan has ended. */
    private readonly complete: () => boolean,
  ) {}

  steps(asked: OverviewAsked, signal: AbortSignal): Promise<TraceOverview> {
    const { tables, root, files } = this.deps;
    const validation = isValidation(root, files);
    const { columns, attempts } = tables;
    const grouping = { ...tables.grouping };
    const attempt = (row: number) => attempts.numberOf(grouping.groupOf[row] ?? 0);
    return overviewOf({ columns, grouping, validation, complete: this.complete(), attempt }, asked, signal);
  }

  async metrics(): Promise<TrainerMetrics> {
    const { logs, problems } = await discoverMetrics(this.deps.path);
    return { logs: logs.map(({ file, writer, series }) => ({ file, writer, series })), problems };
  }

  looked(signal: AbortSignal): Promise<WhereLooked | null> {
    return whereLooked(this.deps, signal);
  }

  scatter(x: string, y: string): ScatterPoints {
    const { tables } = this.deps;
    return scatterOf(tables.columns, tables.grouping.rows, x, y);
  }

  /** The group's sample at every step; throws `UserError` for a group that is not there. */
  occurrences(group: number): Occurrences {
    const { tables, summaries } = this.deps;
    if (!Number.isInteger(group) || group < 0 || group >= tables.groups.length)
      throw new UserError(`The trace has no group ${group + 1}.`);
    const same = tables.sampleKeys.same(group).map((one) => {
      const { step, size, meanReward } = summaries.get(one);
      return { group: one, step, size, meanReward };
    });
    const byStep = same.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0) || a.group - b.group);
    const shown = byStep.filter((one, i) => one.group === group || isShown(i, byStep.length));
    return { groups: shown, total: byStep.length };
  }
}

/** Spread evenly, the first and the last among them. */
function isShown(at: number, total: number): boolean {
  if (total <= OCCURRENCES) return true;
  const share = (total - 1) / (OCCURRENCES - 1);
  return at === Math.round(Math.round(at / share) * share);
}
