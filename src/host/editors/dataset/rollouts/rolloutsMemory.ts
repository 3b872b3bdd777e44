import type * as vscode from 'vscode';
import * as z from 'zod/mini';

/** Which traces are shown on the images of a set. */
export interface RememberedRollouts {
  /** Absolute paths. */
  readonly traces: readonly string[];
  /** Total from which a rollout passes; null for what the traces say. */
  readonly passes: number | null;
}

const storageKey = 'saccade.rolloutsOnImages';
/** Sets remembered in one workspace; the longest untouched is forgotten first. */
const capacity = 200;
const nothing: RememberedRollouts = { traces: [], passes: null };
const stored = z.object({ traces: z.array(z.string()), passes: z.nullable(z.number()) });

/** Traces by absolute path of the set, in the workspace's own state. */
export class RolloutsMemory {
  constructor(private readonly state: vscode.Memento) {}

  get(set: string): RememberedRollouts {
    // Another version may have written something else; a set then starts anew.
    const parsed = stored.safeParse(this.all().get(set));
    return parsed.success ? parsed.data : nothing;
  }

  async set(set: string, remembered: RememberedRollouts): Promise<void> {
    const all = this.all();
    all.delete(set);
    if (remembered.traces.length > 0) all.set(set, remembered);
    await this.state.update(storageKey, Object.fromEntries([...all].slice(-capacity)));
  }

  /** Sets on whose images a trace is shown. */
  setsWith(trace: string): readonly string[] {
    return [...this.all().keys()].filter((set) => this.get(set).traces.includes(trace));
  }

  private all(): Map<string, unknown> {
    const value = this.state.get<unknown>(storageKey);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  }
}
