import { UserError } from '../../../../core/text/userError';
import { verlColumns, verlRow } from '../../../../formats/imageSet/train/verlRow';
import { bySplit } from './bySplit';
import type { SetExport, Written } from './exportSet';
import { imageSamples, noSample, setName, trainersFrame } from './imageSamples';
import { ParquetShards } from './parquetShards';

/** Parquet as verl trains on: a row a sample, files by split. Without features for `datasets`, which would turn the images. */
export async function writeVerl(job: SetExport): Promise<Written> {
  const { set, folder, order, chosen, images, signal } = job;
  const { training } = order;
  if (training === undefined) throw new UserError('verl is written for a task.');
  const columns = verlColumns(order.images === 'embed');
  const files: string[] = [];
  let [rows, boxes] = [0, 0];
  for (const [split, places] of bySplit(chosen)) {
    const run = { source: setName(set.path), system: training.system, split };
    const shards = new ParquetShards(folder, split, columns, {});
    let index = 0;
    try {
      for (const i of places) {
        signal.throwIfAborted();
        const image = await imageSamples(job, i, training);
        if (image === null) continue;
        const { key, size, picture } = image;
        const { bytes, name, location } = picture;
        const cell = bytes === null ? { image: location } : { bytes, path: name };
        for (const sample of image.samples) {
          await shards.add(verlRow(sample, index++, run, { key, name, size, cell }), bytes?.length ?? 0);
          boxes += sample.truth.length;
        }
      }
      files.push(...(await shards.finish()));
    } finally {
      await shards.dispose();
    }
    rows += index;
  }
  if (rows === 0) throw noSample(job.problems);
  const notes = [
    `${rows} samples. Boxes of the ground truth count in stored pixels: verl does not turn images.`,
    ...(order.images === 'embed' ? [] : ['Images are named by absolute paths.']),
    ...images.told(trainersFrame),
  ];
  return { annotations: boxes, files, notes };
}
