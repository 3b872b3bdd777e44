import { join } from 'node:path';
import { describeFrame } from '../../../../core/geometry/frameMap';
import { UserError } from '../../../../core/text/userError';
import { shareGptEntry } from '../../../../formats/export/datasetInfo';
import { llamaFactoryRow, type SftSample, swiftRow } from '../../../../formats/imageSet/train/sftRow';
import { extensionOf } from '../../images/imageCache';
import { fileProblem } from '../../scan/problemLog';
import { bySplit } from './bySplit';
import type { ExportedPicture } from './exportedPicture';
import type { SetExport, Written } from './exportSet';
import { imageSamples, noSample, setName, trainersFrame } from './imageSamples';
import { TextFile } from './textFile';

const info = 'dataset_info.json';

/** JSON Lines by split as LLaMA-Factory or ms-swift fine-tunes on, a line a sample; for LLaMA-Factory with its list of data sets. */
export async function writeSft(job: SetExport): Promise<Written> {
  const { set, folder, order, chosen, images, problems, signal } = job;
  const { training, to } = order;
  if (training === undefined) throw new UserError(`${to} is written for a task.`);
  const { frame, system } = training;
  const toRow = to === 'ms-swift' ? swiftRow : llamaFactoryRow;
  const files: string[] = [];
  let [rows, boxes] = [0, 0];
  for (const [split, places] of bySplit(chosen)) {
    const name = `${split}.jsonl`;
    const out = await TextFile.create(join(folder, name));
    try {
      for (const i of places) {
        signal.throwIfAborted();
        const found = await imageSamples(job, i, training);
        if (found === null) continue;
        const image = imageText(found.picture, order.images === 'none');
        for (const sample of found.samples) {
          const row = rowOrReason(toRow, { sample, size: found.size, image, system, frame });
          if (typeof row === 'string') problems.add(fileProblem(found.file, `In no sample: ${row}`));
          if (row === null || typeof row === 'string') continue;
          await out.write(`${JSON.stringify(row)}\n`);
          rows++;
          boxes += sample.truth.length;
        }
      }
      await out.finish();
      files.push(name);
    } finally {
      await out.close();
    }
  }
  if (rows === 0) throw noSample(job.problems);
  if (to === 'llamafactory') {
    const base = setName(set.path).replaceAll(/[^A-Za-z0-9_-]+/g, '_');
    const entries = files.map((file) => {
      const entry = { file_name: file, formatting: 'sharegpt', ...shareGptEntry };
      return [`${base}_${file.slice(0, -'.jsonl'.length)}`, entry] as const;
    });
    await TextFile.save(join(folder, info), `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    files.push(info);
  }
  return { annotations: boxes, files, notes: [...notes(), ...images.told(trainersFrame)] };

  function notes(): readonly string[] {
    const asks = training?.task === 'question';
    const counted = asks
      ? 'Answers are the words of the set, numbers in them too.'
      : `Boxes count in ${describeFrame(frame)}.`;
    const relative = to === 'ms-swift' && (order.images === 'copy' || order.images === 'link');
    const where = relative ? ['ms-swift looks for images in ROOT_IMAGE_DIR: name the folder there.'] : [];
    return [`${rows} samples. ${counted}`, ...where];
  }
}

/** A reason where the image is none that the frame's model would take. */
function rowOrReason(toRow: (of: SftSample) => object | null, of: SftSample): object | string | null {
  try {
    return toRow(of);
  } catch (error) {
    if (UserError.is(error)) return error.message;
    throw error;
  }
}

function imageText({ bytes, name, location }: ExportedPicture, stays: boolean): string {
  if (bytes !== null) {
    const type = extensionOf(bytes).slice(1).replace('jpg', 'jpeg');
    return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
  }
  return stays ? location : name;
}
