import type { DatasetAnnotation } from '../../core/dataset/datasetImage';
import { turnedCorners } from '../../core/dataset/edit/shapeGeometry';
import type { Shape } from '../../core/dataset/shape';
import type { Box } from '../../core/geometry/box';
import { enclosing } from './recordNotes';

/** An annotation of which only this is stated; its box is what encloses the shape. */
export function plainAnnotation(
  id: string,
  label: string | null,
  shape: Shape,
  more: Partial<Omit<DatasetAnnotation, 'id' | 'label' | 'shape'>> = {},
): DatasetAnnotation {
  return {
    id,
    label,
    shape,
    box: boxOfShape(shape),
    area: null,
    crowd: false,
    ignore: false,
    score: null,
    attributes: {},
    ...more,
  };
}

/** What encloses a shape; null for a tag, and for masks, which are decoded elsewhere. */
export function boxOfShape(shape: Shape): Box | null {
  switch (shape.kind) {
    case 'box':
      return shape.box;
    case 'turnedBox':
      return enclosing(turnedCorners(shape.box, shape.angle));
    case 'polygons':
      return enclosing(shape.rings.flat());
    case 'quad':
    case 'points':
    case 'line':
      return enclosing(shape.points);
    case 'keypoints':
      return enclosing(shape.points.filter(({ visibility }) => visibility > 0));
    case 'circle': {
      const { centre, radius } = shape;
      return { x1: centre.x - radius, y1: centre.y - radius, x2: centre.x + radius, y2: centre.y + radius };
    }
    default:
      return null;
  }
}
