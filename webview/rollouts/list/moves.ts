import { type GroupLayout, headerHeight, type ListPlace, rowHeight } from '../store/groupLayout';

/**
 * Steps through the list. A collapsed group is one stop, its header; an expanded group's stops are its rollouts. All
 * return null when there is nowhere to go.
 */
export function nextPlace(layout: GroupLayout, from: ListPlace): ListPlace | null {
  if (!layout.isCollapsed(from.slot) && from.index + 1 < layout.size(from.slot))
    return { slot: from.slot, index: from.index + 1 };
  return firstOf(layout, from.slot + 1);
}

export function previousPlace(layout: GroupLayout, from: ListPlace): ListPlace | null {
  if (!layout.isCollapsed(from.slot) && from.index > 0) return { slot: from.slot, index: from.index - 1 };
  return lastOf(layout, from.slot - 1);
}

/** First stop of a group. */
export function firstOf(layout: GroupLayout, slot: number): ListPlace | null {
  if (slot < 0 || slot >= layout.count) return null;
  return { slot, index: layout.isCollapsed(slot) || layout.size(slot) === 0 ? -1 : 0 };
}

/** Last stop of a group. */
export function lastOf(layout: GroupLayout, slot: number): ListPlace | null {
  if (slot < 0 || slot >= layout.count) return null;
  return { slot, index: layout.isCollapsed(slot) ? -1 : layout.size(slot) - 1 };
}

/** The stop about `distance` CSS pixels further down, or up when negative: a page. */
export function placeAway(layout: GroupLayout, from: ListPlace, distance: number): ListPlace | null {
  const target = Math.min(Math.max(0, layout.topOf(from) + distance), Math.max(0, layout.total - 1));
  const slot = layout.slotAt(target);
  if (slot < 0) return null;
  if (layout.isSingle(slot) || layout.isCollapsed(slot)) return firstOf(layout, slot);
  const index = Math.ceil((target - layout.top(slot) - headerHeight) / rowHeight);
  return { slot, index: Math.max(0, Math.min(index, layout.size(slot) - 1)) };
}
