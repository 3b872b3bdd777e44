import type { DatasetAnnotation, DatasetImage } from '../../../core/dataset/datasetImage';
import type { Size } from '../../../core/geometry/box';
import { bboxOf } from '../write/cocoFrom';
import { areaOfShape } from '../write/cocoMembers';
import { type Cell, image, listOf, real, structOf, type TableColumn, text, whole } from './tableColumn';

const objects = structOf({
  id: listOf(text),
  bbox: listOf(listOf(real)),
  category: listOf(text),
  area: listOf(real),
  iscrowd: listOf(whole),
});

/** Columns of a parquet file that `datasets` opens with its images decoded. */
export const hfColumns: Readonly<Record<string, TableColumn>> = {
  image,
  image_id: text,
  width: whole,
  height: whole,
  objects,
  question: text,
  options: listOf(text),
  answer: text,
};

/**
 * A row of an image: boxes as x, y, width and height in pixels of the image turned as EXIF says, since `datasets` turns it
 * (`features/image.py`). Annotations without a box, and all questions but the first, are not in it.
 * @param image with its size and annotations in that frame.
 */
export function hfRow(
  { key, size, annotations, questions }: Pick<DatasetImage, 'key' | 'size' | 'annotations' | 'questions'>,
  picture: Cell,
): Readonly<Record<string, Cell>> {
  const boxed = annotations.flatMap((one) => (one.box === null ? [] : [{ ...one, box: one.box }]));
  const [question] = questions;
  return {
    image: picture,
    image_id: key,
    width: size?.width ?? null,
    height: size?.height ?? null,
    objects: {
      id: boxed.map(({ id }) => id),
      bbox: boxed.map(({ box }) => bboxOf(box)),
      category: boxed.map(({ label }) => label),
      area: boxed.map((one) => areaOf(one, size)),
      iscrowd: boxed.map(({ crowd }) => (crowd ? 1 : 0)),
    },
    question: question?.text ?? null,
    options: question?.options ?? [],
    answer: question?.answer ?? null,
  };
}

/** As stated, else what the shape covers; null where that cannot be told. */
function areaOf(annotation: DatasetAnnotation, size: Size | null): number | null {
  return annotation.area ?? areaOfShape(annotation, size);
}
