import {
  OCCURRENCES,
  type Occurrences,
  type ScatterPoints,
  type TraceOverview,
  type TrainerMetrics,
  type WhereLooked,
} from '../../../protocol/overview';
import { isOfResponses } from '../columns/columnStore';
import { joinSamples, type SampleSource } from '../samples/joinSamples';
import type { Summaries } from '../trace/summaries';
import { unlessAborted } from '../trace/unlessAborted';
import { discoverMetrics } from './metricDiscovery';
import { scatterOf } from './scatter';
import { type OverviewAsked, overviewOf } from './stepOverview';
import { type LookedDeps, whereLooked } from './whereLooked';

export interface OverviewDeps extends LookedDeps {
  readonly summaries: Summaries;
  /** Absolute path the user opened. */
  readonly path: string;
  /** Tells rows of validation from those of training; see `validationRows`. */
  readonly validation: () => (row: number) => boolean;
  readonly samples: SampleSource;
}

/** Milliseconds after which pictures of one prompt are told apart by their names. */
const patience = 3000;

/** What the overview of a run asks of a trace. Numbers are of what is scanned by now. */
export class TraceOverviews {
  constructor(
    private readonly deps: OverviewDeps,
    private readonly scan: { readonly whole: boolean; measured(): Promise<void> },
  ) {}

  steps(asked: OverviewAsked, signal: AbortSignal): Promise<TraceOverview> {
    const { tables, validation } = this.deps;
    const { columns, attempts } = tables;
    const validates = validation();
    const grouping = { ...tables.grouping };
    const attempt = (row: number) => attempts.numberOf(grouping.groupOf[row] ?? 0);
    return overviewOf({ columns, grouping, validates, complete: this.scan.whole, attempt }, asked, signal);
  }

  async metrics(): Promise<TrainerMetrics> {
    const { logs, problems } = await discoverMetrics(this.deps.path);
    return { logs: logs.map(({ file, writer, series }) => ({ file, writer, series })), problems };
  }

  async looked(signal: AbortSignal): Promise<WhereLooked | null> {
    await unlessAborted(this.scan.measured(), signal);
    return whereLooked(this.deps, signal);
  }

  /** Waits for columns that are still being read. */
  async scatter(x: string, y: string, signal: AbortSignal): Promise<ScatterPoints> {
    const { tables } = this.deps;
    if (isOfResponses(x) || isOfResponses(y)) await unlessAborted(this.scan.measured(), signal);
    return scatterOf(tables.columns, tables.grouping.rows, x, y);
  }

  /**
   * The group's sample at every step, of training or of validation as the group itself is; throws `UserError` for a group
   * that is not there.
   */
  async occurrences(group: number, signal: AbortSignal): Promise<Occurrences> {
    const { tables, summaries, samples, validation } = this.deps;
    const first = tables.groups.get(tables.checkedGroup(group)).first;
    const validates = validation();
    const alike = tables.sampleKeys
      .asking(group)
      .filter((one) => validates(tables.groups.get(one).first) === validates(first));
    // Those of the same name are looked at before time is up.
    const name = tables.sampleKeys.name(group);
    const isNamed = (one: number) => Number(one === group || (name !== null && tables.sampleKeys.name(one) === name));
    const ordered = alike.toSorted((a, b) => isNamed(b) - isNamed(a));
    const joined = await joinSamples([{ source: samples, groups: ordered }], performance.now() + patience, signal);
    const [sampleOf] = joined.sampleOf;
    const sample = sampleOf?.get(group);
    const same = alike
      .filter((one) => one === group || (sample !== undefined && sampleOf?.get(one) === sample))
      .map((one) => {
        const { step, size, meanReward } = summaries.get(one);
        return { group: one, step, size, meanReward };
      });
    const byStep = same.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0) || a.group - b.group);
    const shown = byStep.filter((one, i) => one.group === group || isShown(i, byStep.length));
    return { groups: shown, total: byStep.length, byName: sample !== undefined && joined.byName.has(sample) };
  }
}

/** Spread evenly, the first and the last among them. */
function isShown(at: number, total: number): boolean {
  if (total <= OCCURRENCES) return true;
  const share = (total - 1) / (OCCURRENCES - 1);
  return at === Math.round(Math.round(at / share) * share);
}
