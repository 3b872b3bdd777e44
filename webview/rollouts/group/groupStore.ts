import type { NoteEdits } from '../notes/noteEdits';
import { memberRanks } from '../notes/rankEdits';
import type { ScoreStore } from '../score/scoreStore';
import { Signal } from '../store/signal';
import { FarRollouts } from './farRollouts';
import { type GroupRow, type GroupSort, groupRows, sortedRows } from './groupRows';

/** The selected group as table and pictures show it. */
export interface ShownGroup {
  readonly group: number;
  /** In the chosen order; at most those that can be annotated. */
  readonly rows: readonly GroupRow[];
  /** The group's true size. */
  readonly size: number;
  readonly components: readonly string[];
  readonly ranked: boolean;
  readonly recomputed: boolean;
}

const fileOrder: GroupSort = { by: 'member', descending: false };

/** Rows of the selected group beside each other, and their order, which stays from group to group. */
export class GroupStore {
  readonly sort = new Signal<GroupSort>(fileOrder);

  readonly far: FarRollouts;

  constructor(
    readonly edits: NoteEdits,
    private readonly scores: ScoreStore,
  ) {
    this.far = new FarRollouts(edits.session);
  }

  /** Null while nothing is selected, or nothing is known of the group. */
  get shown(): ShownGroup | null {
    const { session, store, outcome } = this.edits;
    const place = session.place.value;
    const { group: detail } = session;
    if (place === null || detail === null || detail.summary.group !== place.group) return null;
    const noted = store.group(place.group);
    const recomputed = this.scores.group;
    const profile = this.scores.profile?.components.map(({ name }) => name) ?? [];
    const components = this.componentNames(profile);
    const rows = groupRows({
      members: noted?.members ?? detail.summary.rollouts,
      ranks: noted === null ? new Map() : memberRanks(noted),
      rollouts: this.far.of(place.group),
      notes: noted?.rollouts ?? [],
      group: noted?.notes ?? {},
      effective: outcome?.kind === 'known' ? outcome.rollouts : [],
      recomputed,
      components,
    });
    return {
      group: place.group,
      rows: sortedRows(rows, this.sort.value),
      size: detail.summary.size,
      components,
      ranked: rows.some(({ rank }) => rank !== null),
      recomputed: recomputed !== null,
    };
  }

  /** Highest first, lowest first, then the order of the file again. */
  sortBy(by: GroupSort['by']): void {
    const now = this.sort.value;
    if (now.by !== by) this.sort.set({ by, descending: by !== 'member' && by !== 'rank' });
    else if (now.descending === (by !== 'member' && by !== 'rank')) this.sort.set({ by, descending: !now.descending });
    else this.sort.set(fileOrder);
  }

  /** The member `by` rows further in the order on show; null without one. */
  away(by: number): GroupRow | null {
    const rows = this.shown?.rows ?? [];
    const at = rows.findIndex(({ member }) => member === this.edits.session.place.value?.member);
    return rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))] ?? null;
  }

  select({ member, row }: GroupRow): void {
    const { session } = this.edits;
    const group = session.place.value?.group;
    if (group !== undefined) session.select({ group, member }, row);
  }

  /** Components of the reward, then those of the profile that no column of the log stands for. */
  private componentNames(profile: readonly string[]): readonly string[] {
    const named = this.edits.components.map(({ name }) => name);
    const covered = (name: string) => named.some((one) => one === name || one.startsWith(`${name}_`));
    return [...named, ...profile.filter((name) => !covered(name))];
  }
}
