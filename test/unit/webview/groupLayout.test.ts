import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_PAGE } from '../../../src/protocol/data';
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
    expect(layout.topOf({ group: 1, member: 3 })).toBe(layout.top(1) + headerHeight + 3 * rowHeight);
  });

  it('gives a group of one a single row, which nothing closes', () => {
    const layout = layoutOf(1, 1, 2);
    expect(layout.total).toBe(3 * headerHeight + 2 * rowHeight);
    expect(layout.topOf({ group: 1, member: 0 })).toBe(headerHeight);
    expect(nextPlace(layout, { group: 0, member: 0 })).toEqual({ group: 1, member: 0 });
    layout.setAllCollapsed(true);
    expect(nextPlace(layout, { group: 1, member: 0 })).toEqual({ group: 2, member: -1 });
  });

  it('lists a page of a very large group and one line that says there are more', () => {
    expect(layoutOf(500).total).toBe(headerHeight + (GROUP_PAGE + 1) * rowHeight);
  });

  it('agrees with a plain sum after any growing, closing and opening', () => {
    const step = fc.oneof(
      fc.record({ from: fc.nat(40), sizes: fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 12 }) }),
      fc.record({ group: fc.nat(50), closed: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(8000), (steps, y) => {
        const layout = new GroupLayout();
        for (const one of steps) {
          if ('sizes' in one) layout.update(Math.min(one.from, layout.count), Uint32Array.from(one.sizes));
          else layout.setCollapsed(one.group, one.closed);
        }
        const heights = Array.from({ length: layout.count }, (_, group) => layout.heightOf(group));
        const tops = heights.map((_, group) => heights.slice(0, group).reduce((sum, height) => sum + height, 0));
        expect(heights.map((_, group) => layout.top(group))).toEqual(tops);
        expect(layout.total).toBe(heights.reduce((sum, height) => sum + height, 0));
        const expected = tops.findLastIndex((top) => top <= y);
        expect(layout.groupAt(y)).toBe(expected);
      }),
    );
  });

  it('holds a million rollouts in 125,000 groups', () => {
    const layout = new GroupLayout();
    layout.update(0, new Uint32Array(125_000).fill(8));
    expect(layout.total).toBe(125_000 * (headerHeight + 8 * rowHeight));
    expect(layout.groupAt(layout.top(77_777) + 10)).toBe(77_777);
    layout.setAllCollapsed(true);
    expect(layout.total).toBe(125_000 * headerHeight);
  });
});

describe('stepping through the list', () => {
  it('goes from the last rollout of a group to the first of the next, and back', () => {
    const layout = layoutOf(2, 3);
    expect(nextPlace(layout, { group: 0, member: 1 })).toEqual({ group: 1, member: 0 });
    expect(previousPlace(layout, { group: 1, member: 0 })).toEqual({ group: 0, member: 1 });
  });

  it('stops at a closed group once', () => {
    const layout = layoutOf(2, 3, 2);
    layout.setCollapsed(1, true);
    expect(nextPlace(layout, { group: 0, member: 1 })).toEqual({ group: 1, member: -1 });
    expect(nextPlace(layout, { group: 1, member: -1 })).toEqual({ group: 2, member: 0 });
    expect(previousPlace(layout, { group: 2, member: 0 })).toEqual({ group: 1, member: -1 });
  });

  it('ends at both ends', () => {
    const layout = layoutOf(2);
    expect(nextPlace(layout, { group: 0, member: 1 })).toBeNull();
    expect(previousPlace(layout, { group: 0, member: 0 })).toBeNull();
    expect(firstOf(new GroupLayout(), 0)).toBeNull();
  });

  it('goes down and up by pages, and never past an end', () => {
    const layout = layoutOf(8, 8, 8, 8);
    const down = placeAway(layout, { group: 0, member: 0 }, 300);
    expect(down).toEqual({ group: 1, member: 4 });
    expect(placeAway(layout, { group: 3, member: 7 }, 5000)).toEqual({ group: 3, member: 7 });
    expect(placeAway(layout, { group: 0, member: 5 }, -5000)).toEqual({ group: 0, member: 0 });
  });
});
