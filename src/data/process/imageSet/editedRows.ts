import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { AnnotationChange } from '../../../core/dataset/edit/annotationChanges';
import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import { same } from '../../../formats/imageSet/write/changes';
import { areaOfShape } from '../../../formats/imageSet/write/cocoMembers';
import type { LabelledRow } from './effectiveTables';

/**
 * The annotations of an image as they stand: those of the file in its order, then those that were added.
 * @param size of the image; areas of polygons are counted in its pixels.
 */
export function editedRows(
  stated: readonly DatasetAnnotation[],
  changes: readonly AnnotationChange[],
  size: Size | null,
): readonly LabelledRow[] {
  const left = new Map(changes.map(({ id, after }) => [id, after]));
  const kept = stated.flatMap((before): readonly LabelledRow[] => {
    const after = left.get(before.id);
    left.delete(before.id);
    return after === undefined ? [before] : after === null ? [] : [rowOf(after, before, size)];
  });
  const added = [...left.values()].flatMap((after) => (after === null ? [] : [rowOf(after, null, size)]));
  return [...kept, ...added];
}

/** What was only relabelled has the area that the file states; a shape that was drawn has its mask's pixels, as in exports. */
function rowOf(after: DatasetAnnotation, before: DatasetAnnotation | null, size: Size | null): LabelledRow {
  const { label, box, area, score, crowd, ignore, shape } = after;
  const isSame = before !== null && same(before.shape, shape) && same(before.box, box);
  const counted = isSame || !hasMask(after) ? null : pixelsOf(after, size);
  return { label, box, area: counted ?? area, score, crowd, ignore };
}

function hasMask({ shape: { kind } }: DatasetAnnotation): boolean {
  return kind === 'mask' || kind === 'polygons' || kind === 'quad' || kind === 'turnedBox';
}

/** Null for a mask whose runs are broken, and where the image's size is not known. */
function pixelsOf(annotation: DatasetAnnotation, size: Size | null): number | null {
  try {
    return areaOfShape(annotation, size);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
