import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { Point, Shape } from '../../../core/dataset/shape';
import type { JsonValue } from '../../../core/text/jsonValue';
import type { JsonObject } from '../../columns';
import { jsonNode, memberOf } from '../json/jsonNode';
import { labelme } from '../labelme';
import { cornersOf } from '../plainAnnotation';
import type { RecordNotes } from '../recordNotes';
import { changedAttributes, placeIn, same } from './changes';
import { JsonEdits } from './jsonEdits';
import { fileEach, recordWriter, unwritable } from './recordWriter';

/** labelme's and X-AnyLabeling's files. */
export const labelmeWriter = recordWriter(
  labelme,
  ({ bytes, base, changed, removed, added, notes }) => {
    const list = memberOf(jsonNode(bytes), 'shapes')?.value;
    if (list === undefined) return [];
    const edits = new JsonEdits(bytes, base);
    for (const { before, after } of changed) {
      const node = list.elements[placeIn(before)];
      if (node !== undefined) edits.setMembers(node, changedMembers(before, after, notes));
    }
    const gone = new Set(removed.map(placeIn));
    const shapes = added.map((annotation) => newShape(annotation, notes)).filter((shape) => shape !== null);
    edits.setElements(list, (at) => gone.has(at), shapes);
    return edits.edits;
  },
  fileEach,
);

function changedMembers(before: DatasetAnnotation, after: DatasetAnnotation, notes: RecordNotes): JsonObject {
  const shape = same(before.shape, after.shape) ? null : shapeMembers(after.shape, before.attributes, notes);
  return {
    ...changedAttributes(before, after),
    ...(before.label !== after.label ? { label: after.label } : {}),
    ...(before.ignore !== after.ignore ? { difficult: after.ignore } : {}),
    ...(before.score !== after.score ? { score: after.score } : {}),
    ...(shape ?? {}),
  };
}

/** As labelme's `LabelFile.save` writes one. */
function newShape(annotation: DatasetAnnotation, notes: RecordNotes): JsonObject | null {
  const shape = shapeMembers(annotation.shape, {}, notes);
  if (shape === null) return null;
  const { points, shape_type, ...more } = shape;
  return {
    label: annotation.label ?? '',
    points: points ?? [],
    group_id: null,
    description: '',
    shape_type: shape_type ?? 'polygon',
    flags: {},
    ...(annotation.ignore ? { difficult: true } : {}),
    ...(annotation.score !== null ? { score: annotation.score } : {}),
    ...more,
    ...annotation.attributes,
  };
}

function shapeMembers(shape: Shape, before: JsonObject, notes: RecordNotes): JsonObject | null {
  switch (shape.kind) {
    case 'box': {
      const { x1, y1, x2, y2 } = shape.box;
      return written('rectangle', [
        { x: x1, y: y1 },
        { x: x2, y: y2 },
      ]);
    }
    case 'turnedBox':
      return { ...written('rotation', cornersOf(shape.box, shape.angle)), direction: shape.angle };
    case 'quad':
      // X-AnyLabeling's turned boxes state their angle, labelme's do not.
      return written('direction' in before ? 'rotation' : 'oriented_rectangle', shape.points);
    case 'polygons': {
      const [ring, ...more] = shape.rings;
      if (ring === undefined || more.length > 0) return unwritable(notes, 'polygon of several rings', 'labelme');
      return written('polygon', ring);
    }
    case 'points':
      return written(shape.points.length === 1 ? 'point' : 'points', shape.points);
    case 'line':
      return written(shape.points.length === 2 ? 'line' : 'linestrip', shape.points);
    case 'circle': {
      const { centre, radius } = shape;
      return written('circle', [centre, { x: centre.x + radius, y: centre.y }]);
    }
    default:
      return unwritable(notes, shape.kind, 'labelme');
  }
}

function written(type: string, points: readonly Point[]): JsonObject {
  return { points: points.map(({ x, y }): JsonValue => [x, y]), shape_type: type };
}
