import type { Size } from '../../geometry/box';
import { type CocoMask, countsOf } from '../../mask/cocoMask';
import { cocoPolygonRuns, unionRuns } from '../../mask/cocoPolygon';
import { outlineOf } from '../../mask/outline';
import { runsOf } from '../../mask/rle';
import { simplifiedLoop } from '../../mask/simplify';
import type { Point, Shape } from '../shape';
import { subtractedMask } from './maskEdits';
import { verticesOf } from './shapeGeometry';

type Ring = readonly Point[];

/** Corners of a circle that becomes a polygon. */
const circleCorners = 64;
/** Of an image's longer side: what a polygon may miss of its mask, at least a pixel. */
const tolerance = 1 / 800;

/** Closed rings that a shape fills; null for what fills none. */
export function ringsOf(shape: Shape): readonly Ring[] | null {
  switch (shape.kind) {
    case 'polygons':
      return shape.rings;
    case 'box':
    case 'turnedBox':
    case 'quad':
      return [verticesOf(shape)];
    case 'circle': {
      const { centre, radius } = shape;
      const corner = (_: unknown, i: number) => {
        const angle = (i / circleCorners) * 2 * Math.PI;
        return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
      };
      return [Array.from({ length: circleCorners }, corner)];
    }
    default:
      return null;
  }
}

/** The pixels a shape fills, drawn as pycocotools draws polygons; null for what fills none. */
export function maskOfShape(shape: Shape, size: Size): CocoMask | null {
  if (shape.kind === 'mask') return shape.mask;
  const rings = ringsOf(shape);
  return rings === null ? null : maskOfRings(rings, size);
}

/** A mask's border as polygons of few corners. They have no holes: `holes` were filled. Null for a mask of nothing, or too ragged. */
export function polygonsOfMask({ counts, size }: CocoMask): { readonly shape: Shape; readonly holes: number } | null {
  const loops = outlineOf(runsOf(counts, size), size[0]);
  const allowed = Math.max(1, Math.max(...size) * tolerance);
  const simple = (loops ?? []).map((loop) => simplifiedLoop(loop, allowed)).filter((loop) => loop !== null);
  // Loops run clockwise on screen around what is in the mask, the other way round holes.
  const rings = simple.map(pointsOf).filter((ring) => twiceArea(ring) > 0);
  return rings.length === 0 ? null : { shape: { kind: 'polygons', rings }, holes: simple.length - rings.length };
}

/** The shape with another closed ring that belongs to it; null for what cannot have one. */
export function withRing(shape: Shape, ring: Ring): Shape | null {
  if (shape.kind === 'mask') return { kind: 'mask', mask: united(shape.mask, maskOfRings([ring], sizeOf(shape.mask))) };
  const rings = ringsOf(shape);
  return rings === null ? null : { kind: 'polygons', rings: [...rings, ring] };
}

/**
 * The shape without what a ring encloses, always as a mask: no format here has polygons with holes. Null for what fills nothing, and
 * where nothing would be left.
 */
export function withHole(shape: Shape, ring: Ring, size: Size): Shape | null {
  const mask = maskOfShape(shape, size);
  const left = mask === null ? null : subtractedMask(mask, maskOfRings([ring], sizeOf(mask)));
  return left === null ? null : { kind: 'mask', mask: left };
}

function maskOfRings(rings: readonly Ring[], size: Size): CocoMask {
  const runs = unionRuns(
    rings.map((ring) =>
      cocoPolygonRuns(
        ring.flatMap(({ x, y }) => [x, y]),
        size,
      ),
    ),
  );
  return { size: [size.height, size.width], counts: countsOf(runs) };
}

function united(a: CocoMask, b: CocoMask): CocoMask {
  return { size: a.size, counts: countsOf(unionRuns([runsOf(a.counts, a.size), runsOf(b.counts, b.size)])) };
}

function sizeOf({ size: [height, width] }: CocoMask): Size {
  return { width, height };
}

function pointsOf(loop: Float32Array): Ring {
  return Array.from({ length: loop.length / 2 }, (_, i) => ({ x: loop[i * 2] ?? 0, y: loop[i * 2 + 1] ?? 0 }));
}

/** Positive for a ring that runs clockwise on screen. */
export function twiceArea(ring: Ring): number {
  return ring.reduce((sum, { x, y }, i) => {
    const next = ring[(i + 1) % ring.length];
    return next === undefined ? sum : sum + x * next.y - next.x * y;
  }, 0);
}
