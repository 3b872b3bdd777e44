import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { FrameChoice } from '../../core/geometry/frame';
import type { RewardComponent } from '../../core/reward/component';
import type { ToolRulesId } from '../../core/trajectory/tools/toolRules';
import type { ImageRef } from '../../protocol/data';
import { imageRef, rewardComponent, toolRules, userFrame } from '../editors/schemas';

/** What the user decided about one trace; it outlives the editor and the window. */
export interface Remembered {
  readonly frames: readonly FrameChoice[];
  /** Group key → image. */
  readonly images: Readonly<Record<string, ImageRef>>;
  readonly datasetFiles: readonly string[];
  readonly imageRoots: readonly string[];
  /** Null while it is left to the run's config. */
  readonly components: readonly RewardComponent[] | null;
  /** Files whose turns are not inferred. */
  readonly unsplit: readonly string[];
  /** Id of the reward profile; null while none was chosen. */
  readonly profile: string | null;
  /** Images of a set that were compared to find near-duplicates; 0 while nobody looked. */
  readonly compared: number;
  /** Whose rules calls are replayed by; null while that is left to the trace. */
  readonly tool: ToolRulesId | null;
}

const nothing: Remembered = {
  frames: [],
  images: {},
  datasetFiles: [],
  imageRoots: [],
  components: null,
  unsplit: [],
  profile: null,
  tool: null,
  compared: 0,
};
const storageKey = 'saccade.traces';
/** Traces remembered in one workspace; the longest untouched is forgotten first. */
const capacity = 500;

const stored = z.object({
  frames: z.array(userFrame),
  images: z.record(z.string(), imageRef),
  datasetFiles: z.array(z.string()),
  imageRoots: z.array(z.string()),
  // Older versions knew none of these.
  components: z._default(z.nullable(z.array(rewardComponent)), null),
  unsplit: z._default(z.array(z.string()), []),
  profile: z._default(z.nullable(z.string()), null),
  tool: z._default(z.nullable(toolRules), null),
  compared: z._default(z.number(), 0),
});

/** Remembered decisions by absolute path of the trace, in the workspace's own state. */
export class TraceMemory {
  constructor(private readonly state: vscode.Memento) {}

  /** Traces and sets that something is remembered of, the latest first. */
  paths(): readonly string[] {
    return Object.keys(this.all()).reverse();
  }

  get(path: string): Remembered {
    // Another version may have written something else; a trace then starts anew.
    const parsed = stored.safeParse(this.all()[path]);
    return parsed.success ? parsed.data : nothing;
  }

  async set(path: string, remembered: Remembered): Promise<void> {
    const others = Object.entries(this.all()).filter(([key]) => key !== path);
    const kept = [...others, [path, remembered] as const].slice(-capacity);
    await this.state.update(storageKey, Object.fromEntries(kept));
  }

  private all(): Readonly<Record<string, unknown>> {
    const value = this.state.get<unknown>(storageKey);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }
}
