import type { RolloutSummary } from '../../src/protocol/data';
import type { ReviewFound, ReviewPlace, ReviewProgress, ReviewStep } from '../../src/protocol/review';

/** What the list shows: groups in its order, with their listed members. */
export interface FakeListed {
  readonly groups: ArrayLike<number>;
  readonly size: (group: number) => number;
  readonly members: (group: number) => readonly RolloutSummary[];
  /** Rows that somebody reviewed. */
  readonly reviewed: ReadonlySet<number>;
  readonly groupOf: (row: number) => number;
}

/** Members of a million rollouts are not made up to be counted. */
export function fakeProgress({ groups, size, members, reviewed, groupOf }: FakeListed): ReviewProgress {
  const listed = Array.from(groups);
  const touched = new Set([...reviewed].map(groupOf));
  const marks = listed
    .filter((group) => touched.has(group))
    .map((group) => members(group).map(({ row }) => reviewed.has(row)));
  return {
    rollouts: listed.reduce((sum, group) => sum + size(group), 0),
    reviewed: marks.flat().filter(Boolean).length,
    groups: listed.length,
    reviewedGroups: marks.filter((all) => all.every(Boolean)).length,
  };
}

export function fakeNext(of: FakeListed, { from, direction }: ReviewStep): ReviewFound {
  let before: ReviewPlace | null = null;
  let passed = from === null;
  for (const place of placesOf(of, direction)) {
    if (place.row === from) passed = true;
    else if (!of.reviewed.has(place.row)) {
      if (passed) return { ...place, wrapped: false };
      before ??= place;
    }
  }
  return before === null ? null : { ...before, wrapped: true };
}

function* placesOf({ groups, members }: FakeListed, direction: 1 | -1): IterableIterator<ReviewPlace> {
  for (let i = 0; i < groups.length; i++) {
    const group = groups[direction > 0 ? i : groups.length - 1 - i] ?? 0;
    const all = [...members(group)];
    for (const { row, member } of direction > 0 ? all : all.reverse()) yield { group, member, row };
  }
}
