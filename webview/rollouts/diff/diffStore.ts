import type { Rollout } from '../../../src/core/trajectory/rollout';
import { type GroupRow, standing } from '../group/groupRows';
import type { GroupStore } from '../group/groupStore';
import { Signal } from '../store/signal';

/** What the selected rollout is compared with: a rule that holds from group to group, or a member of this one. */
export type DiffOther =
  | { readonly kind: 'best' }
  | { readonly kind: 'preferred' }
  | { readonly kind: 'member'; readonly group: number; readonly member: number };

/** The two rollouts of a comparison, from the other to the selected one. */
export interface DiffSides {
  readonly group: number;
  readonly other: GroupRow;
  readonly own: GroupRow;
  /** Why it is the other one. */
  readonly why: string;
}

/** Which rollout of the group the selected one is compared with. */
export class DiffStore {
  /** Null: the preferred one where somebody ranked, else the best. */
  readonly chosen = new Signal<DiffOther | null>(null);

  constructor(readonly groups: GroupStore) {}

  /** Null where there is nothing to compare. */
  get sides(): DiffSides | null {
    const shown = this.groups.shown;
    const { session } = this.groups.edits;
    const own = shown?.rows.find(({ member }) => member === session.place.value?.member);
    if (shown === null || own === undefined || session.rollout?.kind !== 'rollout') return null;
    const others = [...shown.rows].sort((a, b) => a.member - b.member).filter((row) => row !== own);
    const found = this.other(shown.group, own, others);
    return found === null ? null : { group: shown.group, own, ...found };
  }

  /** A rollout as it stands in the log, its text whole. */
  async load({ member, row }: GroupRow): Promise<Rollout> {
    const { session } = this.groups.edits;
    const here = session.members[member];
    const cut = session.group?.truncated.some((one) => one.row === row) ?? true;
    return here !== undefined && !cut ? here : session.host.call('trace/rollout', { row });
  }

  private other(group: number, own: GroupRow, others: readonly GroupRow[]): Pick<DiffSides, 'other' | 'why'> | null {
    const { value: chosen } = this.chosen;
    if (chosen?.kind === 'member' && chosen.group === group) {
      const other = others.find(({ member }) => member === chosen.member);
      if (other !== undefined) return { other, why: '' };
    }
    const preferred = chosen?.kind === 'best' ? null : best(others, ({ rank }) => (rank === null ? null : -rank.rank));
    if (preferred !== null) return { other: preferred, why: 'preferred' };
    const other = best(others, ({ total }) => standing(total)) ?? others[0] ?? null;
    if (other === null) return null;
    const [reward, mine] = [standing(other.total), standing(own.total)];
    return { other, why: reward !== null && mine !== null && mine > reward ? 'best of the others' : 'best reward' };
  }
}

/** The first with the highest number; null where none has one. */
function best(rows: readonly GroupRow[], of: (row: GroupRow) => number | null): GroupRow | null {
  let found: { readonly row: GroupRow; readonly value: number } | null = null;
  for (const row of rows) {
    const value = of(row);
    if (value !== null && Number.isFinite(value) && (found === null || value > found.value)) found = { row, value };
  }
  return found?.row ?? null;
}
