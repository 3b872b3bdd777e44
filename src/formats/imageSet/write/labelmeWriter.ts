import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { maskBox } from '../../../core/dataset/edit/maskEdits';
import { turnedCorners } from '../../../core/dataset/edit/shapeGeometry';
import type { RepaintMask } from '../../../core/dataset/repaintedMask';
import type { Point, Shape } from '../../../core/dataset/shape';
import type { CocoMask } from '../../../core/mask/cocoMask';
import type { JsonValue } from '../../../core/text/jsonValue';
import { UserError } from '../../../core/text/userError';
import type { JsonObject } from '../../columns';
import { jsonNode, memberOf } from '../json/jsonNode';
import { labelme } from '../labelme';
import type { RecordNotes } from '../recordNotes';
import { changedAttributes, placeIn, same } from './changes';
import { JsonEdits } from './jsonEdits';
import { fileEach, recordWriter, unwritable } from './recordWriter';

/** labelme's and X-AnyLabeling's files. */
export const labelmeWriter = recordWriter(
  labelme,
  async ({ bytes, base, changed, removed, added, notes, repaintMask }) => {
    const list = memberOf(jsonNode(bytes), 'shapes')?.value;
    if (list === undefined) return [];
    const edits = new JsonEdits(bytes, base);
    for (const { before, after } of changed) {
      const node = list.elements[placeIn(before)];
      if (node === undefined) continue;
      const shape = await changedShape(before, after, notes, repaintMask);
      edits.setMembers(node, { ...changedMembers(before, after), ...shape });
    }
    const gone = new Set(removed.map(placeIn));
    const shapes: JsonObject[] = [];
    for (const one of added) {
      const shape = await newShape(one, notes, repaintMask);
      if (shape !== null) shapes.push(shape);
    }
    edits.setElements(list, (at) => gone.has(at), shapes);
    return edits.edits;
  },
  fileEach,
);

async function changedShape(
  before: DatasetAnnotation,
  after: DatasetAnnotation,
  notes: RecordNotes,
  repaintMask: RepaintMask,
): Promise<JsonObject | null> {
  if (same(before.shape, after.shape)) return null;
  if (after.shape.kind === 'mask') return maskMembers(after.shape.mask, before.shape, notes, repaintMask);
  const shape = shapeMembers(after.shape, before.attributes, notes);
  return shape === null || before.shape.kind !== 'maskPicture' ? shape : { ...shape, mask: null };
}

/** A PNG of zeros and ones, or of what the file's own has, cut to the mask; null, with a word, where it cannot be written or is the same. */
async function maskMembers(
  mask: CocoMask,
  before: Shape | null,
  notes: RecordNotes,
  repaintMask: RepaintMask,
): Promise<JsonObject | null> {
  const picture = before?.kind === 'maskPicture' && before.picture.source.kind === 'base64' ? before.picture : null;
  try {
    const source = picture?.source.kind === 'base64' ? picture.source : null;
    const painted = await repaintMask({ source, above: 0, at: picture?.at ?? { x: 0, y: 0 }, mask });
    const box = maskBox(mask);
    if (painted === null || box === null) return null;
    // The corners are the mask's first and last pixel.
    const corners = [box.x1, box.y1, box.x2 - 1, box.y2 - 1] as const;
    const [x1, y1, x2, y2] = corners;
    return {
      ...written('mask', [
        { x: x1, y: y1 },
        { x: x2, y: y2 },
      ]),
      mask: base64Of(painted.png),
    };
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return notes.error('mask', error.message);
  }
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function changedMembers(before: DatasetAnnotation, after: DatasetAnnotation): JsonObject {
  return {
    ...changedAttributes(before, after),
    ...(before.label !== after.label ? { label: after.label } : {}),
    ...(before.ignore !== after.ignore ? { difficult: after.ignore } : {}),
    ...(before.score !== after.score ? { score: after.score } : {}),
  };
}

/** As labelme's `LabelFile.save` writes one. */
async function newShape(
  annotation: DatasetAnnotation,
  notes: RecordNotes,
  repaintMask: RepaintMask,
): Promise<JsonObject | null> {
  const shape =
    annotation.shape.kind === 'mask'
      ? await maskMembers(annotation.shape.mask, null, notes, repaintMask)
      : shapeMembers(annotation.shape, {}, notes);
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
      return { ...written('rotation', turnedCorners(shape.box, shape.angle)), direction: shape.angle };
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
