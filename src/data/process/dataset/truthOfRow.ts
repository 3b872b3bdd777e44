import type { JsonValue } from '../../../core/text/jsonValue';
import type { DatasetTruth } from '../../../protocol/dataset';
import { objectOf, truthColumns } from '../images/datasetRow';

type Row = { readonly [key: string]: JsonValue };

/**
 * The expected answer of a dataset's row: verl's `reward_model.ground_truth`, a column of answers, `extra_info.answer`; else
 * boxes in columns of their own: V*'s `bbox` with `target_object`, `objects` of `datasets`' image folders (x, y, width,
 * height) and of ms-swift (corners), a single `bbox_2d` or `bbox`. Null without one.
 */
export function truthOfRow(row: Row | null): DatasetTruth | null {
  if (row === null) return null;
  const answers = [
    objectOf(row.reward_model)?.ground_truth,
    ...truthColumns.map((name) => row[name]),
    objectOf(row.extra_info)?.answer,
  ];
  const answer = answers.find((value) => value !== undefined && value !== null);
  if (answer !== undefined) return { truth: answer, original: false };
  const { target_object: targets, objects, bbox, bbox_2d, label = null } = row;
  if (Array.isArray(targets)) return listed(bbox, targets, 'bbox', true);
  const held = objectOf(objects);
  if (held !== null)
    return held.ref === undefined
      ? listed(held.bbox, held.categories, 'bbox', true)
      : listed(held.bbox, held.ref, 'bbox_2d', false);
  if (bbox_2d !== undefined) return { truth: { bbox_2d, label }, original: false };
  return bbox === undefined ? null : { truth: { bbox, label }, original: false };
}

/** Boxes with the names that stand in the same places of another list. */
function listed(
  boxes: JsonValue | undefined,
  names: JsonValue | undefined,
  key: 'bbox' | 'bbox_2d',
  original: boolean,
): DatasetTruth | null {
  if (!Array.isArray(boxes)) return null;
  const label = (i: number): JsonValue => {
    const name: JsonValue | undefined = Array.isArray(names) ? names[i] : undefined;
    return typeof name === 'string' ? name : null;
  };
  return { truth: boxes.map((box: JsonValue, i) => ({ [key]: box, label: label(i) })), original };
}
