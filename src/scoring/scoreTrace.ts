import type { JsonValue } from '../core/text/jsonValue';
import type { PythonReward, RewardRow } from './pythonReward';

/** A rollout as a reward is told of it. */
export interface ScoredRollout {
  readonly row: number;
  readonly dataSource: string | null;
  readonly prompt: string;
  readonly response: string;
  readonly groundTruth: JsonValue;
  readonly fields: readonly { readonly name: string; readonly value: JsonValue }[];
}

/** What a Python reward made of rollouts: parallel to `rows`, NaN where it made nothing. */
export interface PythonScores {
  readonly rows: readonly number[];
  readonly totals: readonly number[];
  readonly components: Readonly<Record<string, readonly number[]>>;
  /** Rollouts without a total, and why the first of them has none; null where all have one. */
  readonly missing: number;
  readonly reason: string | null;
}

/** Scores group by group, as trainers call their rewards. Throws when aborted, and `UserError` for a file that does not load. */
export async function scoreGroups(
  groups: AsyncIterable<readonly ScoredRollout[]>,
  python: PythonReward,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<PythonScores> {
  const rows: number[] = [];
  const totals: number[] = [];
  const parts = new Map<string, number[]>();
  let missing = 0;
  let reason: string | null = null;
  for await (const group of groups) {
    // Who stopped it hears that, not that the process is gone.
    const scores = await python.score(group.map(asRow)).finally(() => signal.throwIfAborted());
    scores.forEach((score, i) => {
      const at = rows.length;
      rows.push(group[i]?.row ?? -1);
      totals.push(score.kind === 'value' ? score.total : Number.NaN);
      if (score.kind === 'missing') {
        missing++;
        reason ??= score.reason;
        return;
      }
      for (const [name, value] of Object.entries(score.components)) {
        if (name === 'score') continue;
        const column = parts.get(name) ?? [];
        parts.set(name, column);
        while (column.length < at) column.push(Number.NaN);
        column.push(value);
      }
    });
    progress(rows.length);
  }
  for (const column of parts.values()) while (column.length < rows.length) column.push(Number.NaN);
  return { rows, totals, components: Object.fromEntries(parts), missing, reason };
}

function asRow({ dataSource, prompt, response, groundTruth, fields }: ScoredRollout): RewardRow {
  const columns = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  return { dataSource, prompt, completion: response, groundTruth, columns };
}
