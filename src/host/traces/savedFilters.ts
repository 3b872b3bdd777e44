import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { TraceQuery } from '../../protocol/query';
import { traceQuery } from '../editors/querySchema';

/** A query the user keeps by name. */
export interface Saved<Q> {
  readonly name: string;
  readonly query: Q;
}

const name = z.string().check(z.minLength(1), z.maxLength(200));

/** Queries kept by name in the workspace's own state, in the order in which they were first saved. */
export class SavedQueries<Q> {
  constructor(
    private readonly state: vscode.Memento,
    private readonly storageKey: string,
    private readonly query: z.ZodMiniType<Q>,
  ) {}

  /** What another version wrote otherwise is left out. */
  list(): readonly Saved<Q>[] {
    const value = this.state.get<unknown>(this.storageKey);
    if (!Array.isArray(value)) return [];
    return value.flatMap((one) => {
      const parsed = z.object({ name, query: this.query }).safeParse(one);
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Replaces the one of the same name. */
  async save(saved: Saved<Q>): Promise<void> {
    const known = this.list();
    const at = known.findIndex((one) => one.name === saved.name);
    await this.keep(at < 0 ? [...known, saved] : known.with(at, saved));
  }

  /** A filter that has the new name already is replaced. */
  async rename(from: string, to: string): Promise<void> {
    const others = this.list().filter((one) => one.name === from || one.name !== to);
    await this.keep(others.map((one) => (one.name === from ? { ...one, name: to } : one)));
  }

  async remove(removed: string): Promise<void> {
    await this.keep(this.list().filter((one) => one.name !== removed));
  }

  private async keep(saved: readonly Saved<Q>[]): Promise<void> {
    await this.state.update(this.storageKey, saved);
  }
}

/** Filters of rollouts. */
export class SavedFilters extends SavedQueries<TraceQuery> {
  constructor(state: vscode.Memento) {
    super(state, 'saccade.filters', traceQuery);
  }
}
