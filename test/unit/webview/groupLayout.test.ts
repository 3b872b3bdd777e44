import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstOf, nextPlace, placeAway, previousPlace } from '../../../webview/rollouts/list/moves';
import { GroupLayout, headerHeight, rowHeight } from '../../../webview/rollouts/store/groupLayout';

const layoutOf = (...sizes: number[]): GroupLayout => {
  const layout = new GroupLayout();
  layout.update(0, Uint32Array.from(sizes));
  return layout;
};

describe('where groups stand in the list', () => {
  it('adds up headers and rows', () => {
    const layout = layoutOf(2, 8, 3);
    expect(layout.top(1)).toBe(headerHeight + 2 * rowHeight);
    expect(layout.total).toBe(3 * headerHeight + 13 * rowHeight);
    expect(layout.topOf({ slot: 1, index: 3 })).toBe(layout.top(1) + headerHeight + 3 * rowHeight);
  });

  it('gives a group of one a single row, which nothing closes', () => {
    const layout = layoutOf(1, 1, 2);
    expect(layout.total).toBe(3 * headerHeight + 2 * rowHeight);
    expect(layout.topOf({ slot: 1, index: 0 })).toBe(headerHeight);
    expect(nextPlace(layout, { slot: 0, index: 0 })).toEqual({ slot: 1, index: 0 });
    layout.setAllCollapsed(true);
    expect(nextPlace(layout, { slot: 1, index: 0 })).toEqual({ slot: 2, index: -1 });
  });

  it('gives every member of a very large group a row', () => {
    const layout = layoutOf(500_000, 2);
    expect(layout.topOf({ slot: 0, index: 499_999 })).toBe(headerHeight + 499_999 * rowHeight);
    expect(placeAway(layout, { slot: 0, index: 0 }, 220_000)).toEqual({ slot: 0, index: 10_000 });
  });

  it('keeps a group closed in every order, and a lone match of several under its header', () => {
    const closed = new Set<number>();
    const file = new GroupLayout({ closed, idAt: (slot) => slot, alone: () => true });
    file.update(0, Uint32Array.of(8, 8, 8));
    file.setCollapsed(2, true);
    const view = new GroupLayout({ closed, idAt: (slot) => [2, 0][slot] ?? 0, alone: () => false });
    view.update(0, Uint32Array.of(3, 1));
    expect(view.isCollapsed(0)).toBe(true);
    expect(view.total).toBe(headerHeight + headerHeight + rowHeight);
    view.setAllCollapsed(true);
    file.measure();
    expect(file.total).toBe(3 * headerHeight + 8 * rowHeight);
  });

  it('agrees with a plain sum after any growing, closing and opening', () => {
    const step = fc.oneof(
      fc.record({ from: fc.nat(40), sizes: fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 12 }) }),
      fc.record({ slot: fc.nat(50), closed: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(8000), (steps, y) => {
        const layout = new GroupLayout();
        for (const one of steps) {
          if ('sizes' in one) layout.update(Math.min(one.from, layout.count), Uint32Array.from(one.sizes));
          else layout.setCollapsed(one.slot, one.closed);
        }
        const heights = Array.from({ length: layout.count }, (_, group) => layout.heightOf(group));
        const tops = heights.map((_, group) => heights.slice(0, group).reduce((sum, height) => sum + height, 0));
        expect(heights.map((_, group) => layout.top(group))).toEqual(tops);
        expect(layout.total).toBe(heights.reduce((sum, height) => sum + height, 0));
        const expected = tops.findLastIndex((top) => top <= y);
        expect(layout.slotAt(y)).toBe(expected);
      }),
    );
  });

  it('holds a million rollouts in 125,000 groups', () => {
    const layout = new GroupLayout();
    layout.update(0, new Uint32Array(125_000).fill(8));
    expect(layout.total).toBe(125_000 * (headerHeight + 8 * rowHeight));
    expect(layout.slotAt(layout.top(77_777) + 10)).toBe(77_777);
    layout.setAllCollapsed(true);
    expect(layout.total).toBe(125_000 * headerHeight);
  });
});

describe('stepping through the list', () => {
  it('goes from the last rollout of a group to the first of the next, and back', () => {
    const layout = layoutOf(2, 3);
    expect(nextPlace(layout, { slot: 0, index: 1 })).toEqual({ slot: 1, index: 0 });
    expect(previousPlace(layout, { slot: 1, index: 0 })).toEqual({ slot: 0, index: 1 });
  });

  it('stops at a closed group once', () => {
    const layout = layoutOf(2, 3, 2);
    layout.setCollapsed(1, true);
    expect(nextPlace(layout, { slot: 0, index: 1 })).toEqual({ slot: 1, index: -1 });
    expect(nextPlace(layout, { slot: 1, index: -1 })).toEqual({ slot: 2, index: 0 });
    expect(previousPlace(layout, { slot: 2, index: 0 })).toEqual({ slot: 1, index: -1 });
  });

  it('ends at both ends', () => {
    const layout = layoutOf(2);
    expect(nextPlace(layout, { slot: 0, index: 1 })).toBeNull();
    expect(previousPlace(layout, { slot: 0, index: 0 })).toBeNull();
    expect(firstOf(new GroupLayout(), 0)).toBeNull();
  });

  it('goes down and up by pages, and never past an end', () => {
    const layout = layoutOf(8, 8, 8, 8);
    const down = placeAway(layout, { slot: 0, index: 0 }, 300);
    expect(down).toEqual({ slot: 1, index: 4 });
    expect(placeAway(layout, { slot: 3, index: 7 }, 5000)).toEqual({ slot: 3, index: 7 });
    expect(placeAway(layout, { slot: 0, index: 5 }, -5000)).toEqual({ slot: 0, index: 0 });
  });
});
