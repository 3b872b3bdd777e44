import type { ScoringProfile } from '../../../core/reward/scoring/profile';
import { UserError } from '../../../core/text/userError';
import type { TraceOverrides } from '../../../protocol/data';
import type { ScoreProgress, ScoreResult } from '../../../protocol/score';
import { type GivenScores, givenColumns } from './givenScores';
import { type ScoreSources, scoreTrace } from './scoreTrace';

/** A trace's recomputed rewards, kept as columns while the frames and images they were computed from hold. */
export class TraceScores {
  /** What the user said about frames and images. */
  private placing: string;

  constructor(
    private readonly sources: ScoreSources,
    overrides: TraceOverrides,
    private readonly closing: AbortSignal,
    private readonly progress: (progress: ScoreProgress) => void,
  ) {
    this.placing = placingOf(overrides);
  }

  /** @throws UserError when frames or images were changed meanwhile. */
  async score(profile: ScoringProfile, asked: AbortSignal): Promise<ScoreResult> {
    const { placing } = this;
    const signal = AbortSignal.any([asked, this.closing]);
    const scores = await scoreTrace(this.sources, profile, this.progress, signal);
    if (placing !== this.placing)
      throw new UserError('Frames or images were changed while rewards were recomputed. Score again.');
    this.sources.tables.columns.setScores(scores.columns());
    return scores.result;
  }

  /** Rewards that a user's own function computed, as columns. */
  put(given: GivenScores): ScoreResult {
    const { tables } = this.sources;
    const { columns, result } = givenColumns(given, (row) => tables.rows.get(row).reward, tables.rows.length);
    tables.columns.setScores(columns);
    return result;
  }

  /** Drops scores of other frames or images: they would be wrong without a word. */
  override(overrides: TraceOverrides): void {
    const placing = placingOf(overrides);
    if (placing !== this.placing) this.sources.tables.columns.setScores([]);
    this.placing = placing;
  }
}

function placingOf({ components: _, ...placing }: TraceOverrides): string {
  return JSON.stringify(placing);
}
