import type { FlipCell, RunComparison, SampleOutcome } from '../core/metric/compareRuns';
import type { GroupDetail } from './data';
import type { OverviewKind } from './overview';

/** One side of a comparison: a trace, or some of its training steps. */
export interface CompareSide {
  readonly traceId: number;
  /** First and last step, both inclusive; null for all rows. */
  readonly steps: readonly [number, number] | null;
}

/** A sample that both sides answered. */
export interface ComparedSample {
  readonly title: string;
  readonly cell: FlipCell;
  readonly a: SampleOutcome & { readonly group: number };
  readonly b: SampleOutcome & { readonly group: number };
  /** Some image of it could not be looked at: it is joined for the image's name. */
  readonly byName: boolean;
}

export interface TraceComparison extends RunComparison {
  readonly column: string;
  /** From which value of the column on a rollout is right; null while nobody can tell: flips and pass@k are empty then. */
  readonly right: number | null;
  readonly rightFrom: 'values' | 'asked' | 'unknown';
  /** Samples in both, in A alone, in B alone, and groups that say nothing about their prompt. */
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly unkeyed: number;
  /** Of the samples in both, those joined for their image's name alone: the image is not here. */
  readonly byName: number;
  /** What was compared: training is never compared with validation. */
  readonly kind: OverviewKind;
  /** What both sides hold, training first; empty when one trained and the other validated. */
  readonly kinds: readonly OverviewKind[];
  /** The largest changes of the mean first, at most `COMPARED_SAMPLES`. */
  readonly samples: readonly ComparedSample[];
}
export const COMPARED_SAMPLES = 2000;

export interface CompareAsked {
  readonly column: string;
  /** From which value of the column on a rollout is right; null for what the values say. */
  readonly right: number | null;
  /** Null for the first that both sides hold. */
  readonly kind: OverviewKind | null;
}

/** Served by the data child. */
export type CompareMethods = {
  /**
   * Both traces scanned to their ends first. `patience`: milliseconds after which images are told apart by their names;
   * without it the answer waits. Throws `UserError` when a side has no such column.
   */
  'compare/traces': (p: { a: CompareSide; b: CompareSide; patience?: number } & CompareAsked) => TraceComparison;
};

/** What this run is compared with. */
export interface CompareOther {
  /** Shown: the trace's name, or *this run* for other steps of the same trace. */
  readonly name: string;
  /** The same trace: the two sides differ by their steps. */
  readonly same: boolean;
  /** Its training steps, ascending. */
  readonly steps: readonly number[];
}

/** Served by the host to a webview that shows one trace. */
export type CompareHostMethods = {
  /** Lets the user choose another trace, or this one again; null when the user thought better of it. */
  'compare/choose': (p: Record<never, never>) => CompareOther | null;
  /** Compares with what was chosen last. */
  'compare/run': (
    p: {
      readonly steps: readonly [number, number] | null;
      readonly otherSteps: readonly [number, number] | null;
    } & CompareAsked,
  ) => TraceComparison;
  /** A group of the other trace, to be drawn on this one's image. */
  'compare/group': (p: { readonly group: number }) => GroupDetail;
};
