import { Lru } from '../../../src/core/collections/lru';
import type { GroupSummary } from '../../../src/protocol/data';

/** Groups fetched together. */
export const pageGroups = 50;

interface Page {
  readonly groups: readonly GroupSummary[];
  /** Sum of the sizes the host knew when it answered; a growing group makes the page old. */
  readonly stamp: number;
  readonly epoch: number;
}

export interface GroupPagesOptions {
  readonly fetch: (start: number, count: number, signal: AbortSignal) => Promise<readonly GroupSummary[]>;
  readonly sizeOf: (slot: number) => number;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Group summaries by pages of slots, fetched as the list comes to need them. Requests for pages that have scrolled out
 * of sight are aborted. While the scan enlarges a group its old summary stays on show until the new one is there.
 */
export class GroupPages {
  private readonly pages = new Lru<number, Page>(80);
  private readonly running = new Map<number, AbortController>();
  private epoch = 0;

  constructor(private readonly options: GroupPagesOptions) {}

  get(slot: number): GroupSummary | null {
    return this.pages.peek(Math.floor(slot / pageGroups))?.groups[slot % pageGroups] ?? null;
  }

  /** The slots [from, to) are on screen: fetches what is missing or old, forgets what is no longer wanted. */
  want(from: number, to: number): void {
    const first = Math.floor(from / pageGroups);
    const last = Math.floor(Math.max(from, to - 1) / pageGroups);
    for (const [index, controller] of this.running) {
      if (index >= first - 1 && index <= last + 1) continue;
      controller.abort();
      this.running.delete(index);
    }
    for (let index = first; index <= last; index++) {
      const page = this.pages.get(index);
      if (page?.epoch !== this.epoch || page.stamp !== this.stamp(index)) void this.load(index);
    }
  }

  /** Everything is fetched anew when next wanted; old summaries stay on show until then. */
  invalidate(): void {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.epoch++;
  }

  private stamp(index: number): number {
    let sum = 0;
    for (let slot = index * pageGroups; slot < (index + 1) * pageGroups; slot++) sum += this.options.sizeOf(slot);
    return sum;
  }

  private async load(index: number): Promise<void> {
    if (this.running.has(index)) return;
    const controller = new AbortController();
    this.running.set(index, controller);
    const stamp = this.stamp(index);
    const epoch = this.epoch;
    try {
      const groups = await this.options.fetch(index * pageGroups, pageGroups, controller.signal);
      this.pages.set(index, { groups, stamp, epoch });
    } catch (error) {
      if (!controller.signal.aborted) this.options.onError(error);
      return;
    } finally {
      if (this.running.get(index) === controller) this.running.delete(index);
    }
    this.options.onChange();
  }
}
