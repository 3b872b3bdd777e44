import type { EffectiveImage } from '../../../../core/dataset/edit/imageNotes';
import { hfColumns, hfRow } from '../../../../formats/imageSet/train/hfRow';
import { featuresText } from '../../../../formats/imageSet/train/tableColumn';
import { fileProblem } from '../../scan/problemLog';
import { bySplit } from './bySplit';
import { exportedPicture } from './exportedPicture';
import type { SetExport, Written } from './exportSet';
import { ParquetShards } from './parquetShards';
import { leftOut } from './writeCoco';

/** `datasets` turns images as EXIF says. */
const frame = 'oriented';
const metadata = { huggingface: featuresText(hfColumns) };

/** Parquet files as `datasets` opens them with their images decoded: a row an image, files by split. */
export async function writeHf(job: SetExport): Promise<Written> {
  const { folder, order, chosen, images, signal } = job;
  const files: string[] = [];
  let [annotations, reduced] = [0, 0];
  for (const [split, places] of bySplit(chosen)) {
    const shards = new ParquetShards(folder, split, hfColumns, metadata);
    try {
      for (const i of places) {
        signal.throwIfAborted();
        const picture = await exportedPicture(job, i);
        if (picture === null) continue;
        const { bytes, name, location } = picture;
        const image = await images.inFrame(i, frame);
        const row = hfRow(image, { bytes, path: bytes === null ? location : name });
        await shards.add(row, bytes?.length ?? 0);
        tellOmitted(job, image);
        annotations += image.annotations.filter(({ box }) => box !== null).length;
        reduced += image.annotations.filter(({ box, shape }) => box !== null && shape.kind !== 'box').length;
      }
      files.push(...(await shards.finish()));
    } finally {
      await shards.dispose();
    }
  }
  const boxes = reduced === 0 ? [] : [`${reduced} polygons, masks and other shapes are written as their boxes.`];
  const paths =
    order.images === 'embed'
      ? []
      : ['Images are named by absolute paths: datasets looks for others where it is started.'];
  return { annotations, files, notes: [...boxes, ...paths, ...images.told(frame)] };
}

function tellOmitted({ problems }: SetExport, { file, annotations, questions }: EffectiveImage): void {
  for (const one of annotations) if (one.box === null) problems.add(leftOut(file, one));
  const more = questions.length - 1;
  if (more > 0) problems.add(fileProblem(file, `Of its ${questions.length} questions the first is written.`));
}
