import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../../../src/core/mask/outline';
import { areaOf, runsOf } from '../../../../src/core/mask/rle';

/** Runs as `rleToString` of cocoapi's `maskApi.c` writes them. */
function compressed(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, i) => {
    let x = i > 2 ? run - (runs[i - 2] ?? 0) : run;
    for (let more = true; more; ) {
      let char = x & 0x1f;
      x >>= 5;
      more = (char & 0x10) !== 0 ? x !== -1 : x !== 0;
      if (more) char |= 0x20;
      text += String.fromCharCode(char + 48);
    }
  });
  return text;
}

/** Rows of `.` and `#`, as runs down the columns. */
function drawn(rows: readonly string[]): { runs: number[]; size: readonly [number, number] } {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const runs = [0];
  let value = '.';
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (rows[y]?.[x] !== value) {
        value = value === '.' ? '#' : '.';
        runs.push(0);
      }
      runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    }
  }
  return { runs, size: [height, width] };
}

const bits = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([height, width]) =>
  fc.array(fc.string({ unit: fc.constantFrom('.', '#'), minLength: width, maxLength: width }), {
    minLength: height,
    maxLength: height,
  }),
);

/** Twice the area inside closed loops, holes taken off. */
const doubleArea = (loops: readonly Float32Array[]) =>
  loops.reduce((sum, loop) => {
    for (let i = 0; i < loop.length; i += 2) {
      const j = (i + 2) % loop.length;
      sum += (loop[i] ?? 0) * (loop[j + 1] ?? 0) - (loop[j] ?? 0) * (loop[i + 1] ?? 0);
    }
    return sum;
  }, 0);

describe("COCO's compressed runs", () => {
  it('are read down the columns, differences from the fourth number on', () => {
    const { runs, size } = drawn(['.##.', '.#..', '..#.']);
    expect(runs).toEqual([3, 2, 1, 1, 1, 1, 3]);
    expect([...runsOf(compressed(runs), size)]).toEqual(runs);
    expect(areaOf(runsOf(compressed(runs), size))).toBe(4);
  });

  it('come back as they were written, whatever their lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { minLength: 1, maxLength: 60 }), (runs) => {
        const total = runs.reduce((sum, run) => sum + run, 0);
        fc.pre(total > 0);
        expect([...runsOf(compressed(runs), [1, total])]).toEqual(runs);
      }),
    );
  });

  it.each([
    ['of another size', compressed([4, 2]), [2, 2]],
    ['that end too early', compressed([1, 2]), [2, 2]],
    ['that go on after the end of the text', 'P', [2, 2]],
    ['with a character that is none', '1 2', [2, 2]],
    ['below zero', compressed([1, 1, 1]).replace(/.$/, 'O'), [1, 3]],
    ['without end', 'o'.repeat(1000), [2, 2]],
    ['of a mask without pixels', compressed([0]), [0, 0]],
    ['of a mask beyond any image', compressed([0]), [1e6, 1e6]],
  ] as const)('%s are refused', (_, counts, size) => {
    expect(() => runsOf(counts, size)).toThrow();
  });

  it('of any text are refused or right, never a crash', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const runs = runsOf(text, [7, 5]);
          expect(runs.reduce((sum, run) => sum + run, 0)).toBe(35);
        } catch (error) {
          expect((error as Error).name).toBe('UserError');
        }
      }),
    );
  });
});

describe('the outline of a mask', () => {
  it('turns at the corners of pixels, clockwise, and the other way round a hole', () => {
    const { runs, size } = drawn(['####', '#..#', '####']);
    const loops = outlineOf(runsOf(compressed(runs), size), size[0]) ?? [];
    expect(loops.map((loop) => loop.length / 2)).toEqual([4, 4]);
    expect(loops.map((loop) => doubleArea([loop]) / 2)).toEqual([12, -2]);
  });

  it('encloses exactly the pixels of the mask', () => {
    fc.assert(
      fc.property(bits, (rows) => {
        const { runs, size } = drawn(rows);
        const read = runsOf(compressed(runs), size);
        expect(doubleArea(outlineOf(read, size[0]) ?? []) / 2).toBe(areaOf(read));
      }),
    );
  });

  it('is given up for noise', () => {
    const side = 1000;
    const runs = Uint32Array.from({ length: side * side }, () => 1);
    expect(outlineOf(runs, side)).toBeNull();
  });
});
