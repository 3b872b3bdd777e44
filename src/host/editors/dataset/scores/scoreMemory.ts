import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { type DifficultySource, keyRules, type ScoreSource } from '../../../../protocol/imageSetScores';

/** What stands beside an image set and is read with it. */
export interface RememberedScores {
  readonly sources: readonly ScoreSource[];
  /** Null while nobody chose one. */
  readonly difficulty: DifficultySource | null;
}

const text = z.string().check(z.maxLength(10_000));
const source = z.object({
  path: text,
  key: z.nullable(z.object({ column: text, rule: z.enum(keyRules) })),
  value: text,
  kind: z.enum(['number', 'vector']),
});

/** As pages and other versions may claim it. */
export const difficultySource = z.discriminatedUnion('by', [
  z.object({ by: z.literal('passRate') }),
  z.object({ by: z.literal('quartiles'), column: text, hardest: z.enum(['lowest', 'highest']) }),
]);

const stored = z.object({ sources: z.array(source), difficulty: z.nullable(difficultySource) });
const nothing: RememberedScores = { sources: [], difficulty: null };
const storageKey = 'saccade.imageScores';
/** Sets remembered in one workspace; the longest untouched is forgotten first. */
const capacity = 200;

/** Imported columns by absolute path of the set, in the workspace's own state. */
export class ScoreMemory {
  constructor(private readonly state: vscode.Memento) {}

  get(path: string): RememberedScores {
    const parsed = stored.safeParse(new Map(this.all()).get(path));
    return parsed.success ? parsed.data : nothing;
  }

  async set(path: string, scores: RememberedScores): Promise<void> {
    const others = this.all().filter(([key]) => key !== path);
    await this.state.update(storageKey, [...others, [path, scores] as const].slice(-capacity));
  }

  private all(): readonly (readonly [string, unknown])[] {
    const parsed = z.array(z.tuple([z.string(), z.unknown()])).safeParse(this.state.get<unknown>(storageKey));
    return parsed.success ? parsed.data : [];
  }
}
