import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HitIndex } from '../../../webview/canvas/hitIndex';
import { boxOfRow, tabulate } from '../../../webview/canvas/regionTable';
import { region } from './regions';

describe('the table of regions', () => {
  it('paints dim regions first and the selected rollout last, each style in one batch', () => {
    const table = tabulate([
      region('chosen', [0, 0, 1, 1], { emphasis: 'strong' }),
      region('truth', [0, 0, 1, 1], { palette: 9, stroke: 'dashed' }),
      region('sibling', [0, 0, 1, 1], { palette: 3 }),
      region('faint', [0, 0, 1, 1], { palette: 3, emphasis: 'dim' }),
      region('another', [0, 0, 1, 1], { palette: 3 }),
    ]);
    const painted = table.batches.map((batch) => batch.rows.map((row) => table.regions[row]!.id));
    expect(painted).toEqual([['faint'], ['sibling', 'another'], ['truth'], ['chosen']]);
  });

  it('orders swapped corners and leaves out boxes that hold no numbers', () => {
    const table = tabulate([
      region('nan', [0, Number.NaN, 1, 1]),
      region('endless', [0, 0, Number.POSITIVE_INFINITY, 1]),
      region('swapped', [9, 8, 1, 2]),
    ]);
    expect(table.regions.map(({ id }) => id)).toEqual(['swapped']);
    expect(boxOfRow(table, 0)).toEqual({ x1: 1, y1: 2, x2: 9, y2: 8 });
    expect(table.bounds).toEqual({ x1: 1, y1: 2, x2: 9, y2: 8 });
    expect(tabulate([]).bounds).toBeNull();
  });

  it('gives a colour to any palette number', () => {
    const table = tabulate([
      region('odd', [0, 0, 1, 1], { palette: 99 }),
      region('half', [0, 0, 1, 1], { palette: 0.5 }),
    ]);
    expect(table.batches.map(({ palette }) => palette)).toEqual([10]);
  });
});

describe('what is under the pointer', () => {
  const at = (regions: Parameters<typeof tabulate>[0], x: number, y: number, tolerance = 0) => {
    const table = tabulate(regions);
    const row = new HitIndex(table).at({ x, y }, tolerance);
    return row === null ? null : table.regions[row]!.id;
  };

  it('is the smallest box that contains it, so nested boxes can all be reached', () => {
    const nested = [region('outer', [0, 0, 100, 100]), region('inner', [40, 40, 60, 60])];
    expect(at(nested, 50, 50)).toBe('inner');
    expect(at(nested, 10, 10)).toBe('outer');
    expect(at(nested, 200, 10)).toBeNull();
  });

  it('is found a little beside an edge, and on boxes without area', () => {
    expect(at([region('a', [10, 10, 20, 20])], 22, 15, 4)).toBe('a');
    expect(at([region('a', [10, 10, 20, 20])], 25, 15, 4)).toBeNull();
    expect(at([region('point', [30, 30, 30, 30]), region('around', [0, 0, 90, 90])], 31, 29, 4)).toBe('point');
  });

  it('is, of equal boxes, the one painted on top', () => {
    const box = [0, 0, 10, 10] as const;
    expect(at([region('strong', box, { emphasis: 'strong' }), region('normal', box)], 5, 5)).toBe('strong');
    expect(at([region('first', box), region('second', box)], 5, 5)).toBe('second');
  });

  it('agrees with looking at every box in turn', () => {
    const coordinate = fc.integer({ min: 0, max: 60 });
    const boxes = fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate), { maxLength: 40 });
    fc.assert(
      fc.property(boxes, coordinate, coordinate, (corners, x, y) => {
        const regions = corners.map((box, i) => region(String(i), box));
        const containing = regions.filter(({ box }) => {
          const inX = x >= Math.min(box.x1, box.x2) && x <= Math.max(box.x1, box.x2);
          return inX && y >= Math.min(box.y1, box.y2) && y <= Math.max(box.y1, box.y2);
        });
        const area = ({ box }: (typeof regions)[number]) => Math.abs((box.x2 - box.x1) * (box.y2 - box.y1));
        const found = regions.find(({ id }) => id === at(regions, x, y));
        expect(found === undefined ? null : area(found)).toBe(
          containing.length === 0 ? null : Math.min(...containing.map(area)),
        );
      }),
    );
  });
});
