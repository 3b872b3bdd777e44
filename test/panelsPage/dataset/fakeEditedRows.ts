import { effectiveImage, type ImageNotes } from '../../../src/core/dataset/edit/imageNotes';
import type { ImageRow } from '../../../src/protocol/imageSet';
import { imageOf, labelNames } from './fakeImages';

const names: readonly string[] = labelNames;

/** A row with the annotations that stand after the edits, as the data child tells it. */
export function editedRow(row: ImageRow, notes: ImageNotes): ImageRow {
  if (notes.annotations === undefined) return row;
  const { annotations } = effectiveImage(imageOf(row.index), notes);
  const boxed = annotations.flatMap(({ box, label }) => (box === null ? [] : [{ box, label }]));
  return {
    ...row,
    annotations: annotations.length,
    boxes: Float32Array.from(boxed.flatMap(({ box }) => [box.x1, box.y1, box.x2, box.y2])),
    labels: Int32Array.from(boxed, ({ label }) => names.indexOf(label ?? '')),
  };
}
