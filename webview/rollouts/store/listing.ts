import { GROUP_PAGE, type GroupSummary, type RolloutSummary } from '../../../src/protocol/data';
import type { TraceQuery, TraceView } from '../../../src/protocol/query';
import { GroupLayout, type ListPlace } from './groupLayout';
import { GroupPages } from './groupPages';
import type { Host } from './host';
import { MemberPages } from './memberPages';

/** A rollout of the trace: its group, and its 0-based place in it in the order of the file. The same in every listing. */
export interface Selection {
  readonly group: number;
  readonly member: number;
}

/** What a query found, with the query. */
export interface FoundView {
  readonly query: TraceQuery;
  readonly view: TraceView;
  /** Rows the trace had when it was asked, as far as the list knew. */
  readonly of: number;
}

export interface ListingOptions {
  readonly host: Host;
  /** Ids of closed groups, shared by all listings of the trace. */
  readonly closed: Set<number>;
  /** The whole group's size, by id. */
  readonly sizeOf: (group: number) => number;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * What the list shows and in which order: the trace as the file has it, growing with the scan, or what a query found,
 * which stays as it was found. Slots are places in that order.
 */
export class Listing {
  readonly layout: GroupLayout;
  private readonly pages: GroupPages;
  private readonly members: MemberPages;
  private readonly ids: Uint32Array | null;
  private slots: Map<number, number> | null = null;

  constructor(
    options: ListingOptions,
    /** Null for the order of the file. */
    readonly found: FoundView | null,
  ) {
    const { host, closed, sizeOf, onChange, onError } = options;
    this.ids = found?.view.groups ?? null;
    this.layout = new GroupLayout({
      closed,
      idAt: (slot) => this.idAt(slot),
      alone: (slot) => found === null || sizeOf(this.idAt(slot)) === 1,
    });
    const view = found?.view.view ?? null;
    this.pages = new GroupPages({
      fetch: (start, count, signal) => host.call('trace/groups', { start, count, view }, { signal }),
      sizeOf: (slot) => this.layout.size(slot),
      onChange,
      onError,
    });
    this.members = new MemberPages({
      fetch: (slot, start, count, signal) =>
        host.call('trace/members', { group: this.idAt(slot), start, count, view }, { signal }),
      onChange,
      onError,
    });
    if (found !== null) this.layout.update(0, found.view.sizes);
  }

  /** Rollouts listed. */
  get rows(): number | null {
    return this.found?.view.rows ?? null;
  }

  idAt(slot: number): number {
    return this.ids === null ? slot : (this.ids[slot] ?? -1);
  }

  /** −1 for a group that is not listed. */
  slotOf(group: number): number {
    if (this.ids === null) return group < this.layout.count ? group : -1;
    this.slots ??= new Map(Array.from(this.ids, (id, slot) => [id, slot]));
    return this.slots.get(group) ?? -1;
  }

  summary(slot: number): GroupSummary | null {
    return this.pages.get(slot);
  }

  /** The rollout in a row of the list; null while it is not known. */
  rollout({ slot, index }: ListPlace): RolloutSummary | null {
    if (index < 0) return null;
    if (index < GROUP_PAGE) return this.pages.get(slot)?.rollouts[index] ?? null;
    return this.members.get(slot, index);
  }

  /** The slots [from, to) are on screen. */
  want(from: number, to: number): void {
    this.pages.want(from, to);
  }

  /** Rollouts [from, to) of a slot are on screen. */
  wantMembers(slot: number, from: number, to: number): void {
    if (to > GROUP_PAGE) this.members.want(slot, Math.max(from, GROUP_PAGE), to);
  }

  /**
   * The row of a rollout. `unknown`: it comes with a summary that is still on its way. A large group tells only of its
   * first members where they are, and of others the header is named.
   */
  placeOf({ group, member }: Selection): ListPlace | 'unknown' | null {
    const slot = this.slotOf(group);
    if (slot < 0) return null;
    if (this.ids === null) return { slot, index: member };
    const summary = this.pages.get(slot);
    if (summary === null) return 'unknown';
    const index = summary.rollouts.findIndex((rollout) => rollout.member === member);
    if (index >= 0) return { slot, index };
    return this.layout.size(slot) > GROUP_PAGE ? { slot, index: -1 } : null;
  }

  /** Summaries are fetched anew when next wanted. */
  invalidate(): void {
    this.pages.invalidate();
    this.members.invalidate();
  }

  /** Groups may have been opened and closed while another listing was on show. */
  enter(): void {
    this.layout.measure();
  }
}
