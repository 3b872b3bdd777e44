import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { JsonValue } from '../../../core/text/jsonValue';
import type { JsonObject } from '../../columns';
import { type JsonNode, jsonAt, memberOf } from '../json/jsonNode';
import { rounded } from './boxNumbers';
import { changedAttributes, placeIn, type SortedChanges } from './changes';
import type { JsonEdits } from './jsonEdits';

/** How an object of lists in parallel states annotations. */
export interface ParallelLists {
  readonly labels: readonly string[];
  /** Numbers of a box, or of what else the list of boxes may hold; null for what it cannot. */
  numbers(after: DatasetAnnotation, before: DatasetAnnotation | null, node: JsonNode | null): JsonValue | null;
}

/** Edits an object whose lists stand side by side: a place of all of them is an annotation. Answers whether it has a list of boxes. */
export function editParallel(
  objects: JsonNode,
  bytes: Uint8Array,
  edits: JsonEdits,
  { changed, removed, added }: SortedChanges,
  { labels, numbers }: ParallelLists,
): boolean {
  const boxes = memberOf(objects, 'bbox')?.value;
  if (boxes === undefined) return false;
  const labelKey = labels.find((key) => memberOf(objects, key) !== undefined);
  const names = labelKey === undefined ? undefined : memberOf(objects, labelKey)?.value;
  const labelText = (label: string | null) => labelLike(names?.elements[0], bytes, label);
  for (const { before, after } of changed) {
    const at = placeIn(before);
    const [box, name] = [boxes.elements[at], names?.elements[at]];
    const fresh = box === undefined ? null : numbers(after, before, box);
    if (box !== undefined && fresh !== null) edits.set(box, fresh);
    if (name !== undefined && before.label !== after.label) edits.set(name, labelText(after.label));
    const more = { ...changedAttributes(before, after), ...(after.area === before.area ? {} : { area: after.area }) };
    for (const [key, value] of Object.entries(more)) {
      const place = memberOf(objects, key)?.value.elements[at];
      if (place !== undefined) edits.set(place, value);
    }
  }
  const gone = new Set(removed.map(placeIn));
  const stated = added.flatMap((one) => {
    const box = numbers(one, null, null);
    return box === null ? [] : [{ bbox: box, [labelKey ?? '']: labelText(one.label), area: areaOf(one) }];
  });
  for (const { key, value } of objects.members) {
    if (value.kind !== 'array' || value.elements.length !== boxes.elements.length) continue;
    const news = stated.map((own: JsonObject) => own[key] ?? null);
    edits.setElements(value, (at) => gone.has(at), news);
  }
  return true;
}

/** Edits a list of objects, each an annotation. */
export function editObjectList(
  list: JsonNode,
  bytes: Uint8Array,
  edits: JsonEdits,
  { changed, removed, added }: SortedChanges,
  { labels, numbers }: ParallelLists,
): void {
  const [first] = list.elements;
  const labelKey = labels.find((key) => memberOf(first, key) !== undefined) ?? labels[0] ?? 'label';
  const like = memberOf(first, labelKey)?.value;
  for (const { before, after } of changed) {
    const node = list.elements[placeIn(before)];
    if (node === undefined) continue;
    const bbox = numbers(after, before, memberOf(node, 'bbox')?.value ?? null);
    edits.setMembers(node, {
      ...changedAttributes(before, after),
      ...(bbox === null ? {} : { bbox }),
      ...(before.label === after.label ? {} : { [labelKey]: labelLike(like, bytes, after.label) }),
      ...(after.area === before.area ? {} : { area: after.area }),
    });
  }
  const gone = new Set(removed.map(placeIn));
  const news = added.flatMap((one) => {
    const bbox = numbers(one, null, null);
    const area = memberOf(first, 'area') === undefined ? {} : { area: areaOf(one) };
    return bbox === null ? [] : [{ bbox, [labelKey]: labelLike(like, bytes, one.label), ...area }];
  });
  edits.setElements(list, (at) => gone.has(at), news);
}

/** A label as the file writes its others: classes may be numbers. */
function labelLike(other: JsonNode | undefined, bytes: Uint8Array, label: string | null): JsonValue {
  const isNumber = other !== undefined && typeof jsonAt(bytes, other) === 'number';
  return isNumber && label !== null && Number.isInteger(Number(label)) ? Number(label) : (label ?? '');
}

function areaOf({ area, box }: DatasetAnnotation): number | null {
  return area ?? (box === null ? null : rounded(Math.abs((box.x2 - box.x1) * (box.y2 - box.y1))));
}
