import { type Box, orderCorners, type Size } from '../geometry/box';
import { pointFromUpright, pointToUpright, uprightSize } from '../geometry/exifTurn';
import type { DatasetAnnotation, PixelFrame } from './datasetImage';
import { turnedMask } from './edit/maskEdits';
import { turnedCorners } from './edit/shapeGeometry';
import type { Point, Shape } from './shape';

/** An image as its header tells of it. */
export interface ImageTurn {
  readonly stored: Size;
  /** EXIF orientation 1–8. */
  readonly orientation: number;
}

/** Size of an image in a frame. */
export function sizeInFrame({ stored, orientation }: ImageTurn, frame: PixelFrame): Size {
  return frame === 'stored' ? stored : uprightSize(stored, orientation);
}

/**
 * An annotation of one frame of its image in the other: everything it draws is turned and mirrored as EXIF says. A turned box
 * becomes a quadrilateral. Masks in pictures of their own stay as they are: nobody decoded them yet.
 */
export function inOtherFrame<T extends DatasetAnnotation>(annotation: T, to: PixelFrame, turn: ImageTurn): T {
  const { stored, orientation } = turn;
  const map = to === 'stored' ? pointFromUpright : pointToUpright;
  const mapped = (x: number, y: number) => map(x, y, stored, orientation);
  const point = <P extends Point>(one: P): P => {
    const [x, y] = mapped(one.x, one.y);
    return { ...one, x, y };
  };
  const { box, shape, keypoints } = annotation;
  return {
    ...annotation,
    box: box === null ? null : turnedBox(box, point),
    shape: turnedShape(shape, point, (mask) => turnedMask(mask, sizeInFrame(turn, to), mapped)),
    ...(keypoints === undefined ? {} : { keypoints: keypoints.map(point) }),
  };
}

type Turn = <P extends Point>(point: P) => P;
type MaskOf = Extract<Shape, { kind: 'mask' }>['mask'];

function turnedBox({ x1, y1, x2, y2 }: Box, turn: Turn): Box {
  const [a, b] = [turn({ x: x1, y: y1 }), turn({ x: x2, y: y2 })];
  return orderCorners({ x1: a.x, y1: a.y, x2: b.x, y2: b.y });
}

function turnedShape(shape: Shape, turn: Turn, turnMask: (mask: MaskOf) => MaskOf): Shape {
  switch (shape.kind) {
    case 'box':
      return { ...shape, box: turnedBox(shape.box, turn) };
    case 'turnedBox':
      return { kind: 'quad', points: turnedCorners(shape.box, shape.angle).map(turn) };
    case 'polygons':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(turn)) };
    case 'mask':
      return { ...shape, mask: turnMask(shape.mask) };
    case 'quad':
    case 'points':
    case 'line':
      return { ...shape, points: shape.points.map(turn) };
    case 'keypoints':
      return { ...shape, points: shape.points.map(turn) };
    case 'circle':
      return { ...shape, centre: turn(shape.centre) };
    default:
      return shape;
  }
}
