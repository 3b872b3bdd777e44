import type { WeightedColumn } from '../core/reward/scoring/mappingProfile';
import type { ProfileList, ScoringProfile } from '../core/reward/scoring/profile';

/** Rollouts scored so far, of all that the trace has. */
export interface ScoreProgress {
  readonly done: number;
  readonly total: number;
}

export interface TraceScoreProgress extends ScoreProgress {
  readonly traceId: number;
}

/** What scoring a whole trace came to, in rollouts. */
export interface ScoreResult {
  readonly scored: number;
  /** With a recomputed total. */
  readonly totals: number;
  /** Where a recomputed number differs from the logged one of its name. */
  readonly differing: number;
}

/** What scoring by a user's own function came to. */
export interface PythonResult extends ScoreResult {
  /** `reward.py:compute_score`. */
  readonly title: string;
  /** Rollouts that it gave no number, and why the first of them; null where there are none. */
  readonly missing: number;
  readonly reason: string | null;
}

/** Served by the data child. */
export type ScoreMethods = {
  /**
   * Keeps rewards that were computed elsewhere as columns, in the place of those of `score/all`. Lists run in step with
   * `rows`; NaN is no number.
   */
  'score/put': (p: {
    traceId: number;
    title: string;
    rows: readonly number[];
    totals: readonly number[];
    components: Readonly<Record<string, readonly number[]>>;
  }) => ScoreResult;
  /**
   * Recomputes the rewards of all rollouts scanned by now and keeps them as columns: `recomputed_total`,
   * `recomputed_<component>`, `reward_differs`. They replace those of an earlier call once all are there; a call that is
   * aborted leaves the earlier ones. `score/progress` tells how far it has come.
   */
  'score/all': (p: { traceId: number; profile: ScoringProfile }) => ScoreResult;
};

/** Served by the host to a webview. */
export type ScoreHostMethods = {
  /** Built-in profiles, then those of the files that the setting names, read anew. */
  'score/profiles': (p: Record<never, never>) => ProfileList;
  /**
   * Asks for a file, writes columns and weights into it as a profile, and names it in `saccade.rewards.profiles`. The id of the
   * profile; null when the user thought better of it.
   */
  'score/saveProfile': (p: { readonly components: readonly WeightedColumn[] }) => string | null;
  /** Asks for a Python function of the user's own and scores the trace by it; null when dismissed. */
  'score/python': (p: Record<never, never>) => PythonResult | null;
  /** `profile`: an id of `score/profiles`. */
  'score/all': (p: { readonly profile: string }) => ScoreResult;
};
