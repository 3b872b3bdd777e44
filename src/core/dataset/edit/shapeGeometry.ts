import type { Box } from '../../geometry/box';
import type { Point, Shape } from '../shape';
import { maskArea, maskBox, movedMask } from './maskEdits';

/** What encloses a shape, corners ordered; null for a tag and for a shape without a point. */
export function boundsOf(shape: Shape): Box | null {
  switch (shape.kind) {
    case 'box':
      return around(cornersOf(shape.box));
    case 'circle': {
      const { centre, radius } = shape;
      return {
        x1: centre.x - radius,
        y1: centre.y - radius,
        x2: centre.x + radius,
        y2: centre.y + radius,
      };
    }
    case 'mask':
      return maskBox(shape.mask);
    case 'keypoints':
      return around(shape.points.filter(({ visibility }) => visibility > 0));
    default:
      return around(verticesOf(shape));
  }
}

/**
 * Pixels squared that a shape covers: of a mask its pixels, of rings the areas they enclose, added up as COCO's tools do for
 * rings apart from each other; null for what has no area.
 */
export function areaOfShape(shape: Shape): number | null {
  switch (shape.kind) {
    case 'box':
    case 'turnedBox':
      return Math.abs((shape.box.x2 - shape.box.x1) * (shape.box.y2 - shape.box.y1));
    case 'quad':
      return ringArea(shape.points);
    case 'polygons':
      return shape.rings.reduce((sum, ring) => sum + ringArea(ring), 0);
    case 'mask':
      return maskArea(shape.mask);
    case 'circle':
      return Math.PI * shape.radius ** 2;
    default:
      return null;
  }
}

/** The corners that a shape is drawn through, in the order in which `withVertex` counts them. */
export function verticesOf(shape: Shape): readonly Point[] {
  switch (shape.kind) {
    case 'box':
      return cornersOf(shape.box);
    case 'turnedBox':
      return turnedCorners(shape.box, shape.angle);
    case 'quad':
    case 'points':
    case 'line':
    case 'keypoints':
      return shape.points;
    case 'polygons':
      return shape.rings.flat();
    case 'circle':
      return [shape.centre];
    default:
      return [];
  }
}

/** Whether the corners of a shape can be moved one by one. */
export function hasVertices({ kind }: Shape): boolean {
  return kind === 'quad' || kind === 'polygons' || kind === 'points' || kind === 'line' || kind === 'keypoints';
}

/** The shape with one corner elsewhere; `at` counts as `verticesOf` does. */
export function withVertex(shape: Shape, at: number, to: Point): Shape {
  const moved = <T extends Point>(points: readonly T[], from = 0): readonly T[] =>
    points.map((point, i) => (i + from === at ? { ...point, ...to } : point));
  switch (shape.kind) {
    case 'quad':
    case 'points':
    case 'line':
      return { ...shape, points: moved(shape.points) };
    case 'keypoints':
      return { ...shape, points: moved(shape.points) };
    case 'polygons': {
      let from = 0;
      const rings = shape.rings.map((ring) => {
        const start = from;
        from += ring.length;
        return moved(ring, start);
      });
      return { ...shape, rings };
    }
    default:
      return shape;
  }
}

/** Polygons with a corner more, behind corner `after` of all of them. */
export function withCornerAfter(shape: Shape, after: number, corner: Point): Shape {
  return eachRing(shape, (ring, from) =>
    after >= from && after < from + ring.length ? ring.toSpliced(after - from + 1, 0, corner) : ring,
  );
}

/** Polygons with a corner less; a ring that had three goes. Null when nothing is left. */
export function withoutCorner(shape: Shape, at: number): Shape | null {
  const left = eachRing(shape, (ring, from) =>
    at >= from && at < from + ring.length ? (ring.length > 3 ? ring.toSpliced(at - from, 1) : []) : ring,
  );
  return left.kind === 'polygons' && left.rings.length === 0 ? null : left;
}

function eachRing(shape: Shape, change: (ring: readonly Point[], from: number) => readonly Point[]): Shape {
  if (shape.kind !== 'polygons') return shape;
  let from = 0;
  const rings = shape.rings.map((ring) => {
    const start = from;
    from += ring.length;
    return change(ring, start);
  });
  return { ...shape, rings: rings.filter((ring) => ring.length > 0) };
}

/** The shape as it lies after what encloses it went from one box to another: moved, and stretched where it can be. */
export function fitted(shape: Shape, from: Box, to: Box): Shape {
  const [sx, sy] = [scaleOf(from.x1, from.x2, to.x1, to.x2), scaleOf(from.y1, from.y2, to.y1, to.y2)];
  const map = <T extends Point>(point: T): T => ({
    ...point,
    x: to.x1 + (point.x - from.x1) * sx,
    y: to.y1 + (point.y - from.y1) * sy,
  });
  switch (shape.kind) {
    case 'box':
      return { kind: 'box', box: to };
    case 'turnedBox':
      return fittedTurned(shape, map, sx, sy);
    case 'quad':
    case 'points':
    case 'line':
      return { ...shape, points: shape.points.map(map) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((point) => (point.visibility === 0 ? point : map(point))) };
    case 'polygons':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(map)) };
    case 'circle':
      return { ...shape, centre: map(shape.centre), radius: shape.radius * Math.min(sx, sy) };
    case 'mask':
      return { ...shape, mask: movedMask(shape.mask, Math.round(to.x1 - from.x1), Math.round(to.y1 - from.y1)) };
    default:
      return shape;
  }
}

/** A turned box keeps its angle: its sides grow with the mean of both directions. */
function fittedTurned(
  { box, angle }: Extract<Shape, { kind: 'turnedBox' }>,
  map: (point: Point) => Point,
  sx: number,
  sy: number,
): Shape {
  const middle = map({ x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 });
  const scale = Math.sqrt(sx * sy);
  const [w, h] = [((box.x2 - box.x1) / 2) * scale, ((box.y2 - box.y1) / 2) * scale];
  return {
    kind: 'turnedBox',
    angle,
    box: { x1: middle.x - w, y1: middle.y - h, x2: middle.x + w, y2: middle.y + h },
  };
}

function scaleOf(from: number, to: number, newFrom: number, newTo: number): number {
  // What was only moved keeps its sides to the last digit.
  const isMoved = Math.abs(newTo - newFrom - (to - from)) < 1e-6;
  return to === from || isMoved ? 1 : (newTo - newFrom) / (to - from);
}

function cornersOf({ x1, y1, x2, y2 }: Box): readonly Point[] {
  return [
    { x: x1, y: y1 },
    { x: x2, y: y1 },
    { x: x2, y: y2 },
    { x: x1, y: y2 },
  ];
}

/** Corners of a box turned by `angle` radians, clockwise on screen, about its centre. */
export function turnedCorners(box: Box, angle: number): readonly Point[] {
  const [cx, cy] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return cornersOf(box).map(({ x, y }) => ({
    x: cx + (x - cx) * cos - (y - cy) * sin,
    y: cy + (x - cx) * sin + (y - cy) * cos,
  }));
}

function around(points: readonly Point[]): Box | null {
  const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  for (const { x, y } of points) {
    box.x1 = Math.min(box.x1, x);
    box.y1 = Math.min(box.y1, y);
    box.x2 = Math.max(box.x2, x);
    box.y2 = Math.max(box.y2, y);
  }
  return box.x1 <= box.x2 && box.y1 <= box.y2 ? box : null;
}

/** Gauss's shoelace formula; a ring that crosses itself counts what its windings leave. */
function ringArea(ring: readonly Point[]): number {
  let twice = 0;
  let before = ring.at(-1);
  for (const point of ring) {
    if (before !== undefined) twice += before.x * point.y - point.x * before.y;
    before = point;
  }
  return Math.abs(twice) / 2;
}
