import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { SavedQuery } from '../../protocol/query';
import { traceQuery } from '../editors/querySchema';

const storageKey = 'saccade.filters';
const stored = z.object({ name: z.string().check(z.minLength(1), z.maxLength(200)), query: traceQuery });

/** Queries kept by name in the workspace's own state, in the order in which they were first saved. */
export class SavedFilters {
  constructor(private readonly state: vscode.Memento) {}

  /** What another version wrote otherwise is left out. */
  list(): readonly SavedQuery[] {
    const value = this.state.get<unknown>(storageKey);
    if (!Array.isArray(value)) return [];
    return value.flatMap((one) => {
      const parsed = stored.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Replaces the one of the same name. */
  async save(saved: SavedQuery): Promise<void> {
    const known = this.list();
    const at = known.findIndex(({ name }) => name === saved.name);
    await this.keep(at < 0 ? [...known, saved] : known.with(at, saved));
  }

  /** A filter that has the new name already is replaced. */
  async rename(from: string, to: string): Promise<void> {
    const others = this.list().filter(({ name }) => name === from || name !== to);
    await this.keep(others.map((one) => (one.name === from ? { ...one, name: to } : one)));
  }

  async remove(removed: string): Promise<void> {
    await this.keep(this.list().filter(({ name }) => name !== removed));
  }

  private async keep(saved: readonly SavedQuery[]): Promise<void> {
    await this.state.update(storageKey, saved);
  }
}
