import type { Box } from '../../geometry/box';
import type { Point, Shape } from '../shape';
import { verticesOf } from './shapeGeometry';

type TurnedBox = Extract<Shape, { kind: 'turnedBox' }>;

/** Sides of a turned box that are pulled, as those of the box before it was turned. */
export interface PulledSides {
  readonly left: boolean;
  readonly top: boolean;
  readonly right: boolean;
  readonly bottom: boolean;
}

/** Shorter sides are slips of the hand. */
const leastSide = 1;

/** What a shape turns about: the mean of its corners, which turning leaves where it is; null for what has none. */
export function pivotOf(shape: Shape): Point | null {
  const corners = verticesOf(shape).filter((corner) => !('visibility' in corner) || corner.visibility !== 0);
  if (corners.length === 0) return null;
  const sum = corners.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
  return { x: sum.x / corners.length, y: sum.y / corners.length };
}

/** A point turned by `angle` radians, clockwise on screen, about another. */
export function turnedPoint<T extends Point>(point: T, angle: number, { x, y }: Point): T {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [point.x - x, point.y - y];
  return { ...point, x: x + dx * cos - dy * sin, y: y + dx * sin + dy * cos };
}

/**
 * A shape turned by `angle` radians, clockwise on screen, about its pivot: a box becomes a turned box, which stays one whatever its
 * angle. Null for what cannot be turned: pixels, a circle, a tag.
 */
export function turnedShape(shape: Shape, angle: number): Shape | null {
  const pivot = pivotOf(shape);
  if (pivot === null) return null;
  const turn = <T extends Point>(point: T): T => turnedPoint(point, angle, pivot);
  switch (shape.kind) {
    case 'box':
      return { kind: 'turnedBox', box: shape.box, angle: plainAngle(angle) };
    case 'turnedBox':
      return { ...shape, angle: plainAngle(shape.angle + angle) };
    case 'quad':
    case 'points':
    case 'line':
      return { ...shape, points: shape.points.map(turn) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((point) => (point.visibility === 0 ? point : turn(point))) };
    case 'polygons':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(turn)) };
    default:
      return null;
  }
}

/** A turned box of which sides were pulled by (dx, dy) on screen; the sides across stay where they are. */
export function pulledBox({ box, angle }: TurnedBox, sides: PulledSides, dx: number, dy: number): TurnedBox {
  const along = turnedPoint({ x: dx, y: dy }, -angle, { x: 0, y: 0 });
  const across = pulled(box.x1, box.x2, along.x, sides.left, sides.right);
  const down = pulled(box.y1, box.y2, along.y, sides.top, sides.bottom);
  const before = middle(box);
  const after = middle({ x1: across.low, x2: across.high, y1: down.low, y2: down.high });
  const centre = turnedPoint(after, angle, before);
  const [w, h] = [(across.high - across.low) / 2, (down.high - down.low) / 2];
  return {
    kind: 'turnedBox',
    angle,
    box: { x1: centre.x - w, y1: centre.y - h, x2: centre.x + w, y2: centre.y + h },
  };
}

/**
 * The rectangle with one side from `a` to `b` whose other side goes through `c`. Null where it would have no area.
 */
export function boxOfThree(a: Point, b: Point, c: Point): TurnedBox | null {
  const width = Math.hypot(b.x - a.x, b.y - a.y);
  if (width < leastSide) return null;
  const [ux, uy] = [(b.x - a.x) / width, (b.y - a.y) / width];
  const depth = (c.x - a.x) * -uy + (c.y - a.y) * ux;
  if (Math.abs(depth) < leastSide) return null;
  const x = (a.x + b.x) / 2 + (-uy * depth) / 2;
  const y = (a.y + b.y) / 2 + (ux * depth) / 2;
  const [w, h] = [width / 2, Math.abs(depth) / 2];
  return {
    kind: 'turnedBox',
    box: { x1: x - w, y1: y - h, x2: x + w, y2: y + h },
    angle: halfTurn(Math.atan2(uy, ux)),
  };
}

/** Within a turn: more than −π, up to π. */
function plainAngle(angle: number): number {
  const turn = 2 * Math.PI;
  const within = angle - turn * Math.ceil((angle - Math.PI) / turn);
  return within === 0 ? 0 : within;
}

/** A rectangle turned by half a turn is the same one: more than −π/2, up to π/2. */
function halfTurn(angle: number): number {
  return angle > Math.PI / 2 ? angle - Math.PI : angle <= -Math.PI / 2 ? angle + Math.PI : angle;
}

function pulled(low: number, high: number, by: number, movesLow: boolean, movesHigh: boolean) {
  if (movesLow) return { low: Math.min(low + by, high - leastSide), high };
  return movesHigh ? { low, high: Math.max(high + by, low + leastSide) } : { low, high };
}

function middle({ x1, y1, x2, y2 }: Box): Point {
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
}
