import type { GroupOutcomes } from '../core/metric/groupOutcomes';
import type { LookMap } from '../core/metric/lookMap';
import type { StepSeries } from '../core/metric/stepStatistics';
import type { Problem } from '../core/text/problem';
import type { ColumnInfo } from './query';

/** Training and validation are never one series. */
export type OverviewKind = 'training' | 'validation';

/** One numeric column over the steps. */
export interface ColumnBySteps {
  readonly name: string;
  readonly role: ColumnInfo['role'];
  /** As in `ColumnInfo`. */
  readonly about: string;
  readonly series: StepSeries;
}

/** Everything by step; arrays run in step with `steps`. */
export interface StepOverview {
  readonly kind: OverviewKind;
  /** Ascending, distinct. */
  readonly steps: Float64Array;
  /** Rows of each step, those without a reward among them. */
  readonly rollouts: Uint32Array;
  /** Rows that log no step: in no series. */
  readonly withoutStep: number;
  /** Rows that a later attempt at their step replaced: in no series. */
  readonly replaced: number;
  /** Of the rollouts that promised an action, how many could not be read, or only after a mend; 0–1, NaN without any. */
  readonly malformed: Float64Array;
  readonly repaired: Float64Array;
  /** Share of all rollouts whose response was cut off, 0–1. */
  readonly truncated: Float64Array;
  readonly outcomes: GroupOutcomes;
  readonly columns: readonly ColumnBySteps[];
}

export interface TraceOverview {
  /** The whole trace is scanned: the numbers are final. */
  readonly complete: boolean;
  /** From which reward on a rollout is right; null while nobody can tell. */
  readonly right: number | null;
  /** `values`: the rewards have exactly two values, and this is the greater. `asked`: the caller said so. */
  readonly rightFrom: 'values' | 'asked' | 'unknown';
  /** Training first; only kinds with a step. */
  readonly parts: readonly StepOverview[];
  /** Numeric columns there are, in order: those that were not asked for have no series yet. */
  readonly columns: readonly Pick<ColumnInfo, 'name' | 'role' | 'about'>[];
}

/** Metrics that the trainer logged near the trace. */
export interface TrainerMetrics {
  readonly logs: readonly {
    /** Relative to the trace's folder. */
    readonly file: string;
    readonly writer: string;
    readonly series: readonly {
      readonly name: string;
      readonly steps: Float64Array;
      readonly values: Float64Array;
    }[];
  }[];
  readonly problems: readonly Problem[];
}

/** Where the policy looked within a range of steps. */
export interface LookedSteps extends LookMap {
  readonly fromStep: number;
  readonly toStep: number;
  /** Rollouts with a region in this range, and how many of them were read. */
  readonly rollouts: number;
  readonly read: number;
  /** Regions of those whose frame or image size nobody knows: in no bin. */
  readonly unknown: number;
}

/** The first third of the steps against the last. Null when no rollout with a region logs a step. */
export interface WhereLooked {
  readonly early: LookedSteps;
  readonly late: LookedSteps;
}

/** Rows with a finite value in both columns. */
export interface ScatterPoints {
  /** Ascending; in step with `x` and `y`. */
  readonly rows: Uint32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** How many such rows there are: more than `rows` where they were sampled. */
  readonly total: number;
}
/** Points sent at most; beyond them a fixed sample. */
export const SCATTER_POINTS = 50_000;

/** A group that asks the same sample: equal normalised prompt, ground truth and image, by its bytes. */
export interface Occurrence {
  readonly group: number;
  readonly step: number | null;
  readonly size: number;
  /** NaN without a finite reward. */
  readonly meanReward: number;
}
/** Occurrences told at most, spread evenly over all. */
export const OCCURRENCES = 64;

export interface Occurrences {
  /** By step; the group asked for is among them. */
  readonly groups: readonly Occurrence[];
  readonly total: number;
  /** Some image could not be looked at: groups of its name count as of the same sample. */
  readonly byName: boolean;
}

/** Served by the data child, about one open trace. */
export type OverviewMethods = {
  /** `columns`: names to compute, null for all. `right`: from which reward on a rollout is right, null for what the values say. */
  'overview/steps': (p: { traceId: number; columns: readonly string[] | null; right: number | null }) => TraceOverview;
  'overview/metrics': (p: { traceId: number }) => TrainerMetrics;
  'overview/looked': (p: { traceId: number }) => WhereLooked | null;
  'overview/scatter': (p: { traceId: number; x: string; y: string }) => ScatterPoints;
  'trace/occurrences': (p: { traceId: number; group: number }) => Occurrences;
};

/** The same, served by the host to a webview that shows one trace. */
export type OverviewHostMethods = {
  [K in keyof OverviewMethods]: (
    p: Omit<Parameters<OverviewMethods[K]>[0], 'traceId'>,
  ) => ReturnType<OverviewMethods[K]>;
};
