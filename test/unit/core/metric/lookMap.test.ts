import { describe, expect, test } from 'vitest';
import { binCentres, lookBins } from '../../../../src/core/metric/lookMap';
import { sampleRows } from '../../../../src/core/metric/sampling';

describe('where the policy looked', () => {
  test('the borders of the image belong to its outermost bins, what lies beyond is counted apart', () => {
    const { counts, centres, outside } = binCentres([
      [0, 0],
      [1, 1],
      [0.5, 0],
      [1.01, 0.5],
      [Number.NaN, 0.5],
    ]);
    expect([centres, outside]).toEqual([3, 2]);
    expect([counts[0], counts[lookBins / 2], counts.at(-1)]).toEqual([1, 1, 1]);
  });
});

describe('a sample of rows', () => {
  test('is everything while that is little enough', () => {
    expect([...sampleRows(3, 10)]).toEqual([0, 1, 2]);
  });

  test('has exactly as many rows as allowed, ascending, the same every time', () => {
    const rows = sampleRows(100_000, 2000);
    expect(rows.length).toBe(2000);
    expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
    expect(sampleRows(100_000, 2000)).toEqual(rows);
  });

  test('does not follow a rhythm of the log', () => {
    const eighths = new Map<number, number>();
    for (const row of sampleRows(80_000, 8000)) eighths.set(row % 8, (eighths.get(row % 8) ?? 0) + 1);
    for (const count of eighths.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
