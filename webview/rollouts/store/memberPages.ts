import { Lru } from '../../../src/core/collections/lru';
import type { RolloutSummary } from '../../../src/protocol/data';

/** Members fetched together. */
export const pageMembers = 256;

export interface MemberPagesOptions {
  readonly fetch: (
    slot: number,
    start: number,
    count: number,
    signal: AbortSignal,
  ) => Promise<readonly RolloutSummary[]>;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** Members of large groups beyond those a group's summary holds, by pages, as the list comes to need them. */
export class MemberPages {
  private readonly pages = new Lru<string, readonly RolloutSummary[]>(64);
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly options: MemberPagesOptions) {}

  /** The `index`-th listed rollout of the group in a slot; null while it is not there. */
  get(slot: number, index: number): RolloutSummary | null {
    return this.pages.peek(keyOf(slot, index))?.[index % pageMembers] ?? null;
  }

  /** Rollouts [from, to) of the slot are on screen: fetches what is missing, forgets requests for other places. */
  want(slot: number, from: number, to: number): void {
    const wanted = new Set<string>();
    for (let start = from - (from % pageMembers); start < to; start += pageMembers) {
      const key = keyOf(slot, start);
      wanted.add(key);
      const page = this.pages.get(key);
      const needed = Math.min(to - start, pageMembers);
      if (page === undefined || page.length < needed) void this.load(key, slot, start);
    }
    for (const [key, controller] of this.running)
      if (key.startsWith(`${slot}:`) && !wanted.has(key)) {
        controller.abort();
        this.running.delete(key);
      }
  }

  invalidate(): void {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.pages.clear();
  }

  private async load(key: string, slot: number, start: number): Promise<void> {
    if (this.running.has(key)) return;
    const controller = new AbortController();
    this.running.set(key, controller);
    try {
      this.pages.set(key, await this.options.fetch(slot, start, pageMembers, controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) this.options.onError(error);
      return;
    } finally {
      if (this.running.get(key) === controller) this.running.delete(key);
    }
    this.options.onChange();
  }
}

const keyOf = (slot: number, index: number): string => `${slot}:${Math.floor(index / pageMembers)}`;
