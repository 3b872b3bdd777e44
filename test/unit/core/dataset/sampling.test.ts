import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difficultyByPassRate, difficultyByQuartiles } from '../../../../src/core/dataset/difficulty';
import { extremeImages } from '../../../../src/core/dataset/extremeImages';
import { farthestPoints, type PointMetric } from '../../../../src/core/dataset/farthestPoints';
import { sampleStrata } from '../../../../src/core/dataset/sampleStrata';

describe('images with the most extreme values', () => {
  it('are taken in the order of the file where values are equal, and never without a value', () => {
    const images = [10, 11, 12, 13, 14, 15];
    const values = [0.5, Number.NaN, 0, 0.5, Number.NEGATIVE_INFINITY, 0];
    expect(extremeImages(images, values, 4, 'lowest')).toEqual([14, 12, 15, 10]);
    expect(extremeImages(images, values, 2, 'highest')).toEqual([10, 13]);
    expect(extremeImages(images, values, 99, 'highest')).toEqual([10, 13, 12, 15, 14]);
  });
});

describe('a sample over strata', () => {
  it('takes the same part of each, and of an image in two of them only one', () => {
    const [boats, cars] = [Array.from({ length: 60 }, (_, i) => i), Array.from({ length: 60 }, (_, i) => 40 + i)];
    const found = sampleStrata([boats, cars], 30, 3);
    expect(found).toHaveLength(30);
    expect(new Set(found).size).toBe(30);
    expect(sampleStrata([boats, cars], 30, 3)).toEqual(found);
    expect(sampleStrata([boats, cars], 1000, 3)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(sampleStrata([[1, 2, 3, 4], [5]], 5, 1)).toEqual([1, 2, 3, 4, 5]);
    expect(sampleStrata([], 5, 1)).toEqual([]);
  });
});

describe('farthest-point sampling', () => {
  const run = (points: readonly (readonly number[])[], count: number, seed: number, metric: PointMetric) => {
    const dimensions = points[0]?.length ?? 0;
    const data = Float32Array.from(points.flat());
    const steps = farthestPoints({ dimensions, data }, Uint32Array.from(points.keys()), count, seed, metric);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return [...step.value];
  };
  // On a line, so that after the first point every choice is known.
  const line = [[0], [1], [2], [10], [11], [5]] as const;

  it('goes to the point farthest from all chosen ones, the first of equally far ones', () => {
    const [first] = run(line, 1, 4, 'L2');
    const found = run(line, 6, 4, 'L2');
    expect(found[0]).toBe(first);
    // Whatever the first point, the greedy choice is checked step by step against its definition.
    for (let at = 1; at < found.length; at++) {
      const distances = line.map(([x]) =>
        Math.min(...found.slice(0, at).map((one) => Math.abs((line[one]?.[0] ?? 0) - x))),
      );
      expect(found[at]).toBe(distances.indexOf(Math.max(...distances)));
    }
    expect(new Set(found).size).toBe(6);
    expect(run(line, 6, 4, 'L2')).toEqual(found);
  });

  it('measures directions with cosine and places with L2', () => {
    const points = [
      [1, 0],
      [100, 1],
      [0, 2],
      [-3, 0],
    ] as const;
    const from = (metric: PointMetric) => {
      for (let seed = 0; ; seed++) if (run(points, 1, seed, metric)[0] === 0) return run(points, 2, seed, metric)[1];
    };
    expect(from('cosine')).toBe(3);
    expect(from('L2')).toBe(1);
  });

  it('stops where all that is left lies on chosen points', () => {
    expect(
      run(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        3,
        1,
        'L2',
      ),
    ).toHaveLength(1);
    expect(
      run(
        [
          [1, 2],
          [2, 4],
          [0.1, 0.2],
        ],
        3,
        1,
        'cosine',
      ),
    ).toHaveLength(1);
    expect(run([], 3, 1, 'L2')).toEqual([]);
  });

  it('covers the points within twice the best radius that any centres could have', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 3,
      maxLength: 7,
    });
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 50 }), (all, seed) => {
        const radius = (centres: readonly number[]) =>
          Math.max(
            ...all.map(([x, y]) =>
              Math.min(...centres.map((one) => Math.hypot(x - (all[one]?.[0] ?? 0), y - (all[one]?.[1] ?? 0)))),
            ),
          );
        const pairs = all.flatMap((_, a) => all.map((__, b) => [a, b]));
        expect(radius(run(all, 2, seed, 'L2'))).toBeLessThanOrEqual(2 * Math.min(...pairs.map(radius)) + 1e-6);
      }),
    );
  });
});

describe('difficulty', () => {
  it('puts every pass rate into the bucket that its definition names', () => {
    const named = (rate: number) => difficultyByPassRate.names[difficultyByPassRate.bucketOf(rate)];
    expect([0, 0.01, 0.25, 0.26, 0.74, 0.75, 0.99, 1].map(named)).toEqual([
      'unsolved',
      'hard',
      'hard',
      'medium',
      'medium',
      'easy',
      'easy',
      'solved',
    ]);
    expect([Number.NaN, -0.1, 1.5].map(named)).toEqual([undefined, undefined, undefined]);
  });

  it('cuts any other number at its quartiles, equal values together', () => {
    const values = [8, 1, 2, 3, 4, 5, 6, 7, Number.NaN];
    const low = difficultyByQuartiles('reward', values, 'lowest');
    expect(values.map((value) => low.names[low.bucketOf(value)])).toEqual([
      'easiest',
      'hardest',
      'hardest',
      'harder',
      'harder',
      'easier',
      'easier',
      'easiest',
      undefined,
    ]);
    expect(low.about).toContain('quartiles of reward (2, 4, 6)');
    const high = difficultyByQuartiles('loss', values, 'highest');
    expect(high.names[high.bucketOf(8)]).toBe('hardest');
    const equal = difficultyByQuartiles('reward', [1, 1, 1], 'lowest');
    expect([1, 1].map(equal.bucketOf)).toEqual([0, 0]);
    expect(difficultyByQuartiles('reward', [], 'lowest').bucketOf(1)).toBe(3);
  });
});
