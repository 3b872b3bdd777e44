import { Lru } from '../../../src/core/collections/lru';
import type { GroupDetail } from '../../../src/protocol/data';

export interface DetailsOptions {
  readonly fetch: (group: number, signal: AbortSignal) => Promise<GroupDetail>;
  readonly sizeOf: (group: number) => number;
}

interface Running {
  readonly controller: AbortController;
  readonly answer: Promise<GroupDetail>;
}

/**
 * Details of the groups visited last and of their neighbours. One request a group; a request nobody needs any more is
 * aborted by `keepOnly`.
 */
export class Details {
  private readonly known = new Lru<number, GroupDetail>(32);
  private readonly running = new Map<number, Running>();
  private stale = new Set<number>();

  constructor(private readonly options: DetailsOptions) {}

  /** What is known of the group, be it out of date. */
  get(group: number): GroupDetail | null {
    return this.known.get(group) ?? null;
  }

  /** Whether the group has to be asked for: unknown, grown since, or declared stale. */
  needs(group: number): boolean {
    const detail = this.known.peek(group);
    return detail === undefined || this.stale.has(group) || detail.summary.size < this.options.sizeOf(group);
  }

  load(group: number): Promise<GroupDetail> {
    const running = this.running.get(group);
    if (running !== undefined) return running.answer;
    const controller = new AbortController();
    const answer = this.request(group, controller);
    this.running.set(group, { controller, answer });
    return answer;
  }

  keepOnly(wanted: readonly number[]): void {
    for (const [group, { controller }] of this.running) {
      if (wanted.includes(group)) continue;
      controller.abort();
      this.running.delete(group);
    }
  }

  /** Image states or frames changed: what is known stays on show until it was asked for again. */
  invalidate(): void {
    this.keepOnly([]);
    this.stale = new Set(this.known.keys());
  }

  private async request(group: number, controller: AbortController): Promise<GroupDetail> {
    try {
      const detail = await this.options.fetch(group, controller.signal);
      this.known.set(group, detail);
      this.stale.delete(group);
      return detail;
    } finally {
      if (this.running.get(group)?.controller === controller) this.running.delete(group);
    }
  }
}
