import { describe, expect, it } from 'vitest';
import {
  fittedFigure,
  handlesOf,
  keypointAt,
  turnedFigure,
  withHandle,
} from '../../../../src/core/dataset/edit/figure';
import { boundsOf, verticesOf } from '../../../../src/core/dataset/edit/shapeGeometry';
import { boxOfThree, pulledBox, turnedShape } from '../../../../src/core/dataset/edit/turning';
import type { Keypoint, Point, Shape } from '../../../../src/core/dataset/shape';

const degrees = (angle: number) => (angle * Math.PI) / 180;
const short = (points: readonly Point[]) => points.map(({ x, y }) => [x, y].map((n) => Math.round(n * 1e6) / 1e6 + 0));
const box = { x1: 10, y1: 20, x2: 30, y2: 30 };

describe('turning', () => {
  it('makes a turned box of a box, adds angles up within a turn, and turns corners about their middle', () => {
    const once = turnedShape({ kind: 'box', box }, degrees(90));
    expect(short(verticesOf(once as Shape))).toEqual([
      [25, 15],
      [25, 35],
      [15, 35],
      [15, 15],
    ]);
    const [a, b] = [turnedShape(once as Shape, degrees(100)), turnedShape(once as Shape, degrees(-90))];
    expect(a).toMatchObject({ kind: 'turnedBox', box, angle: expect.closeTo(degrees(-170)) });
    expect(b).toEqual({ kind: 'turnedBox', box, angle: 0 });
    const quad: Shape = { kind: 'quad', points: verticesOf({ kind: 'box', box }) };
    expect(short(verticesOf(turnedShape(quad, degrees(90)) as Shape))).toEqual(short(verticesOf(once as Shape)));
    expect(turnedShape({ kind: 'circle', centre: { x: 1, y: 2 }, radius: 3 }, 1)).toBeNull();
  });

  it('pulls a side of a turned box and leaves the one across', () => {
    const turned = { kind: 'turnedBox', box, angle: degrees(90) } as const;
    const sides = { left: false, top: false, right: true, bottom: false };
    // Turned by a quarter, the right side lies at the bottom.
    const longer = pulledBox(turned, sides, 3, 10);
    expect(short(verticesOf(longer))).toEqual([
      [25, 15],
      [25, 45],
      [15, 45],
      [15, 15],
    ]);
    const flat = boundsOf(pulledBox(turned, sides, 0, -100));
    expect([flat?.y1, flat?.y2]).toEqual([expect.closeTo(15), expect.closeTo(16)]);
  });

  it('spans a turned box by a side and a point of the other, whichever way it is drawn', () => {
    const side: readonly [Point, Point] = [
      { x: 0, y: 0 },
      { x: 30, y: 40 },
    ];
    const there = boxOfThree(...side, { x: -8, y: 6 });
    const back = boxOfThree(side[1], side[0], { x: -8, y: 6 });
    expect(there?.angle).toBeCloseTo(Math.atan2(4, 3));
    expect(back?.angle).toBeCloseTo(Math.atan2(4, 3));
    expect(short(verticesOf(there as Shape))).toEqual([
      [0, 0],
      [30, 40],
      [22, 46],
      [-8, 6],
    ]);
    expect(boxOfThree(side[0], side[0], side[1])).toBeNull();
    expect(boxOfThree(...side, { x: 15, y: 20 })).toBeNull();
  });
});

describe('a person with a shape and keypoints', () => {
  const keypoints: readonly Keypoint[] = [
    { x: 12, y: 22, visibility: 2 },
    { x: 0, y: 0, visibility: 0 },
  ];
  const person = { shape: { kind: 'box', box } as const, keypoints };

  it('is moved, stretched and turned with both; what is not labelled stays', () => {
    const moved = fittedFigure(person, box, { x1: 110, y1: 120, x2: 150, y2: 140 });
    expect(moved.keypoints).toEqual([{ x: 114, y: 124, visibility: 2 }, keypoints[1]]);
    const turned = turnedFigure(person, degrees(180));
    expect(short(turned?.keypoints ?? [])).toEqual([
      [28, 28],
      [0, 0],
    ]);
  });

  it('has its keypoints pulled beside the corners of its shape', () => {
    expect(handlesOf(person)).toEqual(keypoints);
    expect(keypointAt(person, 1)).toBe(1);
    expect(withHandle(person, 0, { x: 5, y: 6 })).toEqual({
      ...person,
      keypoints: [{ x: 5, y: 6, visibility: 2 }, keypoints[1]],
    });
    const ring = verticesOf({ kind: 'box', box });
    const drawn = { shape: { kind: 'polygons', rings: [ring] } as const, keypoints };
    expect([keypointAt(drawn, 3), keypointAt(drawn, 4), keypointAt(drawn, 6)]).toEqual([null, 0, null]);
    expect(withHandle(drawn, 4, { x: 1, y: 1 }).shape).toBe(drawn.shape);
  });
});
