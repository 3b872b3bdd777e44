import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countsOf, pixelsOfRuns, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { cocoPolygonRuns, unionRuns } from '../../../../src/core/mask/cocoPolygon';
import { areaOf, runsOf } from '../../../../src/core/mask/rle';
import { boxOfRuns } from '../../../../src/core/mask/runsBox';

/** A line of what `test/bench/maskVectors.py` printed. */
interface Vector {
  readonly rows?: readonly string[];
  readonly rings?: readonly (readonly number[])[];
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
  readonly area: number;
  /** x, y, width, height; all 0 for a mask of nothing. */
  readonly bbox: readonly [number, number, number, number];
}

const file = new URL('../../../fixtures/coco/pycocotools.jsonl', import.meta.url);
const vectors = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

function runsOfVector({ rows, rings = [], size: [height, width] }: Vector): Uint32Array {
  if (rows === undefined) return unionRuns(rings.map((ring) => cocoPolygonRuns(ring, { width, height })));
  return runsOfPixels(Uint8Array.from(rows.join(''), Number), width, height);
}

function madeOf(vector: Vector) {
  const runs = runsOfVector(vector);
  const box = boxOfRuns(runs, vector.size[0]);
  const bbox = box === null ? [0, 0, 0, 0] : [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1];
  return { ...vector, counts: countsOf(runs), area: areaOf(runs), bbox };
}

describe('a thousand random masks and polygons, and edge cases', () => {
  it('have the runs, areas and boxes that pycocotools 2.0.11 gives them', () => {
    expect(vectors.length).toBeGreaterThan(1000);
    expect(vectors.map(madeOf)).toEqual(vectors);
  });

  it('are read from the runs of pycocotools pixel by pixel', () => {
    for (const { rows, counts, size } of vectors) {
      if (rows === undefined) continue;
      const [height, width] = size;
      const pixels = pixelsOfRuns(runsOf(counts, size), width, height);
      expect(Array.from({ length: height }, (_, y) => pixels.slice(y * width, (y + 1) * width).join(''))).toEqual(rows);
    }
  });
});
