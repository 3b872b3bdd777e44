import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GridLayout, headerHeight } from '../../../../webview/dataset/grid/gridLayout';

const three = [
  { title: 'train', images: 7 },
  { title: 'val', images: 0 },
  { title: 'test', images: 4 },
];
/** Five columns: (536 − 2 · 10 + 6) / (100 + 6). */
const layout = new GridLayout(three, { width: 536, side: 100, asList: false });

describe('a grid of sections', () => {
  it('has as many columns as fit, and cells that fill the width', () => {
    expect(layout.columns).toBe(4);
    expect(layout.at(3).left + layout.cellWidth).toBeLessThanOrEqual(536 - 10);
    expect(layout.at(3).left + layout.cellWidth).toBeGreaterThan(536 - 10 - layout.columns);
  });

  it('begins each section with a new row under its header', () => {
    const [last, first] = [layout.at(6), layout.at(7)];
    expect(first.left).toBe(layout.at(0).left);
    // The empty section has a header too.
    expect(first.top - last.top).toBe(layout.cellHeight + 6 + 2 * headerHeight);
  });

  it('moves down a column into the next section, and to the last cell where the column ends early', () => {
    expect(layout.vertical(0, 1)).toBe(4);
    expect(layout.vertical(3, 1)).toBe(6);
    expect(layout.vertical(5, 1)).toBe(8);
    expect(layout.vertical(8, -1)).toBe(5);
    expect(layout.vertical(1, -1)).toBe(1);
    expect(layout.vertical(9, 1)).toBe(10);
  });

  it('lists one image a row without room between them', () => {
    const list = new GridLayout(three, { width: 536, side: 100, asList: true });
    expect(list.at(1).top - list.at(0).top).toBe(list.cellHeight);
    expect(list.vertical(6, 1)).toBe(7);
  });
});

it('what lies between two heights is every place whose cell touches them, whatever the sections', () => {
  const sections = fc.array(fc.record({ title: fc.constantFrom('', 'a'), images: fc.nat(40) }), { maxLength: 8 });
  fc.assert(
    fc.property(
      sections,
      fc.integer({ min: 60, max: 1500 }),
      fc.nat(4000),
      fc.nat(900),
      (parts, width, top, height) => {
        const grid = new GridLayout(parts, { width, side: 120, asList: false });
        const { from, to } = grid.between(top, top + height);
        for (let place = 0; place < grid.places; place++) {
          const at = grid.at(place).top;
          const touches = at + grid.cellHeight > top && at < top + height;
          if (touches) expect(place >= from && place < to, `${place} of ${grid.places}`).toBe(true);
        }
        expect(to - from).toBeLessThanOrEqual(grid.columns * (Math.ceil(height / (grid.cellHeight + 6)) + 2));
      },
    ),
  );
});
