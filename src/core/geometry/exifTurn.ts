import { type Box, orderCorners, type Size } from './box';

/** EXIF orientation: how stored pixels are to be turned and mirrored to stand upright. 1 leaves them as they are. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The size of an image once it is turned upright. */
export function uprightSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 && orientation <= 8 ? { width: height, height: width } : { width, height };
}

/** A box of stored pixels in the upright image. @param stored size of the stored image. */
export function toUpright(box: Box, stored: Size, orientation: number): Box {
  return mapped(box, (x, y) => pointToUpright(x, y, stored, orientation));
}

/** A box of the upright image in stored pixels. @param stored size of the stored image. */
export function fromUpright(box: Box, stored: Size, orientation: number): Box {
  return mapped(box, (x, y) => pointFromUpright(x, y, stored, orientation));
}

/** A point of the upright image in stored pixels. @param stored size of the stored image. */
export function pointFromUpright(x: number, y: number, stored: Size, orientation: number): readonly [number, number] {
  // 6 and 8 are each other's inverse; every other turn is its own.
  const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  return pointToUpright(x, y, uprightSize(stored, orientation), back);
}

function mapped(box: Box, map: (x: number, y: number) => readonly [number, number]): Box {
  const [x1, y1] = map(box.x1, box.y1);
  const [x2, y2] = map(box.x2, box.y2);
  return orderCorners({ x1, y1, x2, y2 });
}

/** A point of stored pixels in the upright image. The size is that of the stored image. */
export function pointToUpright(
  x: number,
  y: number,
  { width, height }: Size,
  orientation: number,
): readonly [number, number] {
  switch (orientation) {
    case 2:
      return [width - x, y];
    case 3:
      return [width - x, height - y];
    case 4:
      return [x, height - y];
    case 5:
      return [y, x];
    case 6:
      return [height - y, x];
    case 7:
      return [height - y, width - x];
    case 8:
      return [y, width - x];
    default:
      return [x, y];
  }
}
