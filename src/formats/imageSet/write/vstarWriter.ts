import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { JsonValue } from '../../../core/text/jsonValue';
import { jsonNode, memberOf } from '../json/jsonNode';
import { vstarBench } from '../vstarBench';
import { xywhOf } from './boxNumbers';
import { placeIn } from './changes';
import { JsonEdits } from './jsonEdits';
import { fileEach, recordWriter } from './recordWriter';

/** V* bench: `bbox` and `target_object` in parallel. */
export const vstarWriter = recordWriter(
  vstarBench,
  ({ bytes, base, before, changed, removed, added, notes }) => {
    const root = jsonNode(bytes);
    const [boxes, names] = [memberOf(root, 'bbox')?.value, memberOf(root, 'target_object')?.value];
    if (boxes === undefined || names === undefined) {
      notes.warn('bbox', 'The record has no place for boxes: it stays as it was');
      return [];
    }
    const edits = new JsonEdits(bytes, base);
    // One name may stand for several boxes: it stays so until the boxes are named differently.
    const gone = new Set(removed.map(placeIn));
    const news = new Map(changed.map(({ before: old, after }) => [placeIn(old), after]));
    const left = before.annotations
      .map((old) => news.get(placeIn(old)) ?? old)
      .filter((one) => !gone.has(placeIn(one)));
    const isShared = names.elements.length === 1 && boxes.elements.length > 1;
    const oneName = isShared && new Set([...left, ...added].map(({ label }) => label)).size === 1;
    for (const { before: old, after } of changed) {
      const at = placeIn(old);
      const [box, name] = [boxes.elements[at], names.elements[at]];
      if (after.shape.kind !== 'box') notes.warn('bbox', 'V* has boxes only: the box around the shape is written');
      if (box !== undefined && after.box !== null) edits.set(box, xywhOf(after.box, old.box, box, bytes));
      if (name !== undefined && !isShared && after.label !== old.label) edits.set(name, after.label ?? '');
    }
    const kept = added.filter(({ box }) => box !== null);
    edits.setElements(boxes, (at) => gone.has(at), kept.map(newBox));
    if (!isShared)
      edits.setElements(
        names,
        (at) => gone.has(at),
        kept.map(({ label }) => label ?? ''),
      );
    else if (!oneName)
      edits.set(
        names,
        [...left, ...kept].map(({ label }) => label ?? ''),
      );
    else edits.set(names, [left[0]?.label ?? kept[0]?.label ?? '']);
    return edits.edits;
  },
  fileEach,
);

function newBox({ box }: DatasetAnnotation): JsonValue {
  return box === null ? [] : [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1];
}
