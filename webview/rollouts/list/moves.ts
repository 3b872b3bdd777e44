import type { GroupLayout, ListPlace } from '../store/groupLayout';

/**
 * Steps through the list. A collapsed group is one stop, its header; an expanded group's stops are its rollouts. All
 * return null when there is nowhere to go.
 */
export function nextPlace(layout: GroupLayout, from: ListPlace): ListPlace | null {
  if (!layout.isCollapsed(from.group) && from.member + 1 < layout.listed(from.group))
    return { group: from.group, member: from.member + 1 };
  return firstOf(layout, from.group + 1);
}

export function previousPlace(layout: GroupLayout, from: ListPlace): ListPlace | null {
  if (!layout.isCollapsed(from.group) && from.member > 0) return { group: from.group, member: from.member - 1 };
  return lastOf(layout, from.group - 1);
}

/** First stop of a group. */
export function firstOf(layout: GroupLayout, group: number): ListPlace | null {
  if (group < 0 || group >= layout.count) return null;
  return { group, member: layout.isCollapsed(group) || layout.listed(group) === 0 ? -1 : 0 };
}

/** Last stop of a group. */
export function lastOf(layout: GroupLayout, group: number): ListPlace | null {
  if (group < 0 || group >= layout.count) return null;
  return { group, member: layout.isCollapsed(group) ? -1 : layout.listed(group) - 1 };
}

/** The stop about `distance` CSS pixels further down, or up when negative: a page. */
export function placeAway(layout: GroupLayout, from: ListPlace, distance: number): ListPlace | null {
  const target = Math.min(Math.max(0, layout.topOf(from) + distance), Math.max(0, layout.total - 1));
  const group = layout.groupAt(target);
  if (group < 0) return null;
  let at = firstOf(layout, group);
  while (at !== null && at.group === group && layout.topOf(at) < target) {
    const next = nextPlace(layout, at);
    if (next === null || next.group !== group) break;
    at = next;
  }
  return at;
}
