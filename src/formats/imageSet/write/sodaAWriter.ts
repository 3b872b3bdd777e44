import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { turnedCorners } from '../../../core/dataset/edit/shapeGeometry';
import type { Point, Shape } from '../../../core/dataset/shape';
import type { JsonValue } from '../../../core/text/jsonValue';
import { type JsonNode, jsonAt, jsonNode, memberOf } from '../json/jsonNode';
import type { RecordNotes } from '../recordNotes';
import { sodaA, sodaClasses } from '../sodaA';
import { changedAttributes, placeIn, same } from './changes';
import { JsonEdits } from './jsonEdits';
import { fileEach, recordWriter, unwritable } from './recordWriter';

/** SODA-A: `poly` and `category_id`, or `cat_id` where it was split. */
export const sodaAWriter = recordWriter(
  sodaA,
  ({ bytes, base, changed, removed, added, notes }) => {
    const root = jsonNode(bytes);
    const list = memberOf(root, 'annotations')?.value;
    if (list === undefined) return [];
    const edits = new JsonEdits(bytes, base);
    const classes = classNumbers(bytes, memberOf(root, 'categories')?.value);
    const key = memberOf(list.elements[0], 'cat_id') === undefined ? 'category_id' : 'cat_id';
    const numberOf = (label: string | null) => classes.get(label ?? '') ?? classOf(label, notes);
    for (const { before, after } of changed) {
      const node = list.elements[placeIn(before)];
      if (node === undefined) continue;
      const corners = same(before.shape, after.shape) ? null : quadOf(after.shape, notes);
      const number = before.label === after.label ? null : numberOf(after.label);
      edits.setMembers(node, {
        ...changedAttributes(before, after),
        ...(corners === null ? {} : { poly: corners }),
        ...(number === null ? {} : { [key]: number }),
        ...(after.area !== null && after.area !== before.area ? { area: after.area } : {}),
      });
    }
    const gone = new Set(removed.map(placeIn));
    edits.setElements(
      list,
      (at) => gone.has(at),
      added.flatMap((one) => newObject(one, key, numberOf, notes)),
    );
    return edits.edits;
  },
  fileEach,
);

function newObject(
  annotation: DatasetAnnotation,
  key: string,
  numberOf: (label: string | null) => JsonValue | null,
  notes: RecordNotes,
): JsonValue[] {
  const [poly, number] = [quadOf(annotation.shape, notes), numberOf(annotation.label)];
  return poly === null || number === null ? [] : [{ poly, [key]: number, ...annotation.attributes }];
}

function classNumbers(bytes: Uint8Array, categories: JsonNode | undefined): ReadonlyMap<string, JsonValue> {
  const named = (categories?.elements ?? []).flatMap((node) => {
    const [id, name] = [memberOf(node, 'id'), memberOf(node, 'name')];
    return id && name ? [[String(jsonAt(bytes, name.value)), jsonAt(bytes, id.value)] as const] : [];
  });
  return new Map(named.length > 0 ? named : sodaClasses.map((name, id) => [name, id]));
}

function classOf(label: string | null, notes: RecordNotes): null {
  return notes.error('category_id', `SODA-A has no class "${label ?? ''}"`);
}

/** Four corners in order as eight numbers; null with a word for what has others. */
export function quadOf(shape: Shape, notes: RecordNotes): readonly number[] | null {
  const flat = (points: readonly Point[]) => points.flatMap(({ x, y }) => [x, y]);
  if (shape.kind === 'quad') return flat(shape.points);
  if (shape.kind === 'box') return flat(turnedCorners(shape.box, 0));
  if (shape.kind === 'turnedBox') return flat(turnedCorners(shape.box, shape.angle));
  if (shape.kind === 'polygons' && shape.rings.length === 1 && shape.rings[0]?.length === 4)
    return flat(shape.rings[0]);
  return unwritable(notes, shape.kind, 'four corners');
}
