import {
  type Figure,
  fittedFigure,
  handlesOf,
  isPlaced,
  turnedFigure,
  withHandle,
} from '../../../src/core/dataset/edit/figure';
import { fitted } from '../../../src/core/dataset/edit/shapeGeometry';
import { pivotOf, pulledBox, turnedPoint } from '../../../src/core/dataset/edit/turning';
import type { Point } from '../../../src/core/dataset/shape';
import type { Box, Size } from '../../../src/core/geometry/box';
import { changeBox } from '../../canvas/tools/changeBox';
import { cursorOf, type Handle, handleAt, handleFrame, handlePlaces } from '../../canvas/tools/handles';
import { boxOnScreen, type Point as ScreenPoint, toImage, type View } from '../../canvas/view';
import { drawn } from './drawn';

/** What of an annotation is held. `at` counts as `handlesOf` does. */
export type Grip =
  | { readonly kind: 'box'; readonly handle: Handle }
  | { readonly kind: 'corner'; readonly at: number }
  | { readonly kind: 'turn' };

/** Where an annotation can be held: corners in pixels of the image, the others in CSS pixels on screen. */
export interface GripPlaces {
  readonly corners: readonly (Point & { readonly at: number })[];
  readonly frame: readonly ScreenPoint[];
  readonly knob: { readonly from: ScreenPoint; readonly at: ScreenPoint } | null;
}

/** CSS pixels around a corner that still count as on it, and from a shape to what turns it. */
const cornerReach = 7;
const knobReach = 8;
const knobAway = 24;
/** Corners up to which each has a handle on screen. */
const mostCorners = 400;
/** Angles that are turned by hand are whole tenths of a degree. */
const angleStep = Math.PI / 1800;

export function gripPlaces(view: View, figure: Figure): GripPlaces {
  const frame = framed(figure) ? framePlaces(view, figure) : [];
  return { corners: cornersOf(figure), frame, knob: knobOf(view, figure) };
}

/** What a press would hold; `inside` tells whether it is on the shape itself. */
export function gripOn(view: View, figure: Figure, at: ScreenPoint, inside: () => boolean): Grip | null {
  const corner = cornerAt(view, figure, at);
  if (corner !== null) return { kind: 'corner', at: corner };
  const knob = knobOf(view, figure);
  if (knob !== null && Math.hypot(knob.at.x - at.x, knob.at.y - at.y) <= knobReach) return { kind: 'turn' };
  const { shape } = figure;
  const box = shape.kind === 'turnedBox' ? shape.box : drawn(figure)?.bounds;
  if (box === undefined) return null;
  const handle = handleAt(boxOnScreen(view, box), shape.kind === 'turnedBox' ? upright(view, shape, at) : at);
  if (handle === null) return null;
  const pulls = handle !== 'move' && framed(figure);
  if (pulls) return { kind: 'box', handle };
  return inside() ? { kind: 'box', handle: 'move' } : null;
}

export function cornerAt(view: View, figure: Figure, at: ScreenPoint): number | null {
  const { x, y } = toImage(view, at);
  let nearest: number | null = null;
  let least = cornerReach / view.scale;
  for (const corner of cornersOf(figure)) {
    const distance = Math.hypot(corner.x - x, corner.y - y);
    if (distance <= least) [nearest, least] = [corner.at, distance];
  }
  return nearest;
}

/**
 * A figure after it was pulled from one point of the image to another. Edges come to lie on whole pixels, corners on tenths, both inside
 * the image; of a turned box only its middle is kept there.
 */
export function pulledFigure(grip: Grip, figure: Figure, from: Point, to: Point, image: Size): Figure {
  const { shape } = figure;
  if (grip.kind === 'corner')
    return withHandle(figure, grip.at, { x: tenth(to.x, image.width), y: tenth(to.y, image.height) });
  if (grip.kind === 'turn') {
    const pivot = pivotOf(shape);
    if (pivot === null) return figure;
    const angle = Math.atan2(to.y - pivot.y, to.x - pivot.x) - Math.atan2(from.y - pivot.y, from.x - pivot.x);
    const before = shape.kind === 'turnedBox' ? shape.angle : 0;
    return turnedFigure(figure, Math.round((before + angle) / angleStep) * angleStep - before) ?? figure;
  }
  const bounds = drawn(figure)?.bounds;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (bounds === undefined) return figure;
  if (grip.handle === 'move') return fittedFigure(figure, bounds, changeBox(bounds, 'move', dx, dy, image));
  if (shape.kind === 'mask') return figure;
  if (shape.kind === 'turnedBox') return { ...figure, shape: pulledBox(shape, sidesOf(grip.handle), dx, dy) };
  const next = changeBox(bounds, grip.handle, dx, dy, image);
  // A person's box is drawn anew without a word about the keypoints in it.
  return shape.kind === 'keypoints'
    ? fittedFigure(figure, bounds, next)
    : { ...figure, shape: fitted(shape, bounds, next) };
}

export function gripCursor(grip: Grip, figure: Figure): string {
  if (grip.kind === 'turn') return 'grab';
  if (grip.kind === 'corner') return 'crosshair';
  if (figure.shape.kind !== 'turnedBox' || grip.handle === 'move') return cursorOf(grip.handle);
  const compass = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
  const turns = Math.round(figure.shape.angle / (Math.PI / 4));
  return cursorOf(compass[(compass.indexOf(grip.handle) + turns + 16) % 8] ?? grip.handle);
}

export function gripDeed(grip: Grip): 'Move' | 'Resize' | 'Reshape' | 'Turn' {
  if (grip.kind === 'turn') return 'Turn';
  if (grip.kind === 'corner') return 'Reshape';
  return grip.handle === 'move' ? 'Move' : 'Resize';
}

function cornersOf(figure: Figure): GripPlaces['corners'] {
  if (cornersHidden(figure)) return [];
  return handlesOf(figure).flatMap((point, at) => (isPlaced(point) ? [{ x: point.x, y: point.y, at }] : []));
}

function cornersHidden(figure: Figure): boolean {
  return handlesOf(figure).length > mostCorners;
}

/** Whether what encloses the shape is pulled by its edges: where corners can be pulled, they are. */
function framed(figure: Figure): boolean {
  const { kind } = figure.shape;
  return kind === 'box' || kind === 'turnedBox' || kind === 'circle' || (kind !== 'mask' && cornersHidden(figure));
}

function framePlaces(view: View, figure: Figure): readonly ScreenPoint[] {
  const { shape } = figure;
  const box = shape.kind === 'turnedBox' ? shape.box : drawn(figure)?.bounds;
  if (box === undefined) return [];
  const on = boxOnScreen(view, box);
  const places = handlePlaces(handleFrame(on));
  return shape.kind === 'turnedBox' ? places.map((place) => turnedPoint(place, shape.angle, middle(on))) : places;
}

/** Above a turned box as it is turned, above other shapes that have corners. */
function knobOf(view: View, figure: Figure): GripPlaces['knob'] {
  const { shape } = figure;
  if (shape.kind !== 'turnedBox' && shape.kind !== 'quad' && shape.kind !== 'polygons') return null;
  const box = shape.kind === 'turnedBox' ? shape.box : drawn(figure)?.bounds;
  if (box === undefined) return null;
  const on = boxOnScreen(view, box);
  const centre = middle(on);
  const angle = shape.kind === 'turnedBox' ? shape.angle : 0;
  return {
    from: turnedPoint({ x: centre.x, y: on.y1 }, angle, centre),
    at: turnedPoint({ x: centre.x, y: on.y1 - knobAway }, angle, centre),
  };
}

/** A place on screen in the frame in which a turned box is not turned. */
function upright(view: View, { box, angle }: { readonly box: Box; readonly angle: number }, at: ScreenPoint) {
  return turnedPoint(at, -angle, middle(boxOnScreen(view, box)));
}

function sidesOf(handle: Handle) {
  return {
    left: handle.includes('w'),
    top: handle.startsWith('n'),
    right: handle.endsWith('e'),
    bottom: handle.startsWith('s'),
  };
}

function middle({ x1, y1, x2, y2 }: Box): ScreenPoint {
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
}

function tenth(value: number, end: number): number {
  return Math.min(end, Math.max(0, Math.round(value * 10) / 10));
}
