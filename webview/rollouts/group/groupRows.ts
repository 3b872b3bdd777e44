import type { GroupNotes, RolloutNotes } from '../../../src/core/annotation/annotation';
import type { EffectiveRollout } from '../../../src/core/annotation/effective';
import type { Rank } from '../../../src/core/annotation/ranking';
import type { ComparedComponent } from '../../../src/core/reward/scoring/compareLogged';
import type { Verdict } from '../../../src/core/reward/scoring/loggedAgainst';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { NotedMember } from '../../../src/protocol/notes';
import type { RecomputedGroup } from '../score/recompute';

/** A reward, or a component of one, in every version there is of it. */
export interface RewardCell {
  /** Null when the log has none, or the rollout's fields are not at hand. */
  readonly logged: number | null;
  /** What somebody set instead. */
  readonly own: number | null;
  /** Null where no profile is chosen, or the rollout is not recomputed. */
  readonly recomputed: { readonly value: number | null; readonly verdict: Verdict } | null;
}

/** One rollout of a group beside its siblings. */
export interface GroupRow {
  readonly member: number;
  readonly row: number;
  readonly total: RewardCell;
  /** In step with the names that were asked for. */
  readonly components: readonly RewardCell[];
  /** Of the totals as they stand; null where there is none. */
  readonly advantage: number | null;
  /** Null for one that is not ranked. */
  readonly rank: Rank | null;
  readonly tags: readonly string[];
  /** Turns labelled right, neutral and wrong. */
  readonly labels: { readonly right: number; readonly neutral: number; readonly wrong: number };
  readonly reviewed: boolean;
  readonly excluded: boolean;
}

export interface GroupRowsInput {
  /** Logged rewards and rows, by member. */
  readonly members: readonly Pick<NotedMember, 'row' | 'reward'>[];
  /** By member. */
  readonly ranks: ReadonlyMap<number, Rank>;
  /** By member; those that are not there are missing. */
  readonly rollouts: readonly (Rollout | undefined)[];
  readonly notes: readonly RolloutNotes[];
  readonly group: GroupNotes;
  /** By member, as they stand; empty while they cannot be told. */
  readonly effective: readonly EffectiveRollout[];
  /** By the chosen profile; null without one. */
  readonly recomputed: RecomputedGroup | null;
  /** Names of the components to show. */
  readonly components: readonly string[];
}

export function groupRows(input: GroupRowsInput): readonly GroupRow[] {
  const { members, ranks, rollouts, effective, recomputed, components, group } = input;
  const compared = new Map(recomputed?.members.map((one) => [one.member, one.compared]));
  return members.map(({ row, reward }, member): GroupRow => {
    const notes = input.notes[member] ?? {};
    const here = compared.get(member);
    const said = Object.values(notes.labels ?? {}).map(({ value }) => value);
    return {
      member,
      row,
      total: { logged: reward, own: notes.total?.value ?? null, recomputed: versionOf(here?.total) },
      components: components.map((name) => ({
        logged: numberIn(rollouts[member], name),
        own: ownOf(notes, name),
        recomputed: versionOf(here?.components.find((one) => one.name === name || one.column === name)),
      })),
      advantage: effective[member]?.advantage ?? null,
      rank: ranks.get(member) ?? null,
      tags: notes.tags?.value ?? [],
      labels: {
        right: said.filter((label) => label === 1).length,
        neutral: said.filter((label) => label === 0).length,
        wrong: said.filter((label) => label === -1).length,
      },
      reviewed: notes.reviewed !== undefined,
      excluded: notes.excluded !== undefined || group.excluded !== undefined,
    };
  });
}

/** The number that stands: a person's before the log's. */
export const standing = ({ own, logged }: RewardCell): number | null => own ?? logged;

export type GroupSortKey = 'member' | 'total' | 'recomputed' | 'advantage' | 'rank' | 'labels' | 'reviewed' | number;

export interface GroupSort {
  /** A number names a component by its place. */
  readonly by: GroupSortKey;
  readonly descending: boolean;
}

/** A copy in order. What has no number comes last whatever the direction; equal ones stay in the order of the file. */
export function sortedRows(rows: readonly GroupRow[], { by, descending }: GroupSort): readonly GroupRow[] {
  const side = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: keyOf(row, by) }))
    .sort((a, b) => {
      if (Number.isNaN(a.key) || Number.isNaN(b.key)) return Number(Number.isNaN(a.key)) - Number(Number.isNaN(b.key));
      return (a.key - b.key) * side;
    })
    .map(({ row }) => row);
}

function keyOf(row: GroupRow, by: GroupSortKey): number {
  if (typeof by === 'number') {
    const cell = row.components[by];
    return (cell === undefined ? null : standing(cell)) ?? Number.NaN;
  }
  switch (by) {
    case 'member':
      return row.member;
    case 'total':
      return standing(row.total) ?? Number.NaN;
    case 'recomputed':
      return row.total.recomputed?.value ?? Number.NaN;
    case 'advantage':
      return row.advantage ?? Number.NaN;
    case 'rank':
      return row.rank?.rank ?? Number.NaN;
    case 'labels':
      return row.labels.right - row.labels.wrong;
    case 'reviewed':
      return Number(row.reviewed);
  }
}

function versionOf(one: ComparedComponent | undefined): RewardCell['recomputed'] {
  if (one === undefined) return null;
  return { value: one.scored.kind === 'value' ? one.scored.value : null, verdict: one.verdict };
}

function numberIn(rollout: Rollout | undefined, name: string): number | null {
  const value = rollout?.fields.find((field) => field.name === name)?.value;
  return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;
}

function ownOf({ components }: RolloutNotes, name: string): number | null {
  return components !== undefined && Object.hasOwn(components, name) ? (components[name]?.value ?? null) : null;
}
