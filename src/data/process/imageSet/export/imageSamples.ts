import { basename } from 'node:path';
import { type TrainingChoice, type TrainingSample, trainingSamples } from '../../../../core/dataset/trainingSamples';
import type { Size } from '../../../../core/geometry/box';
import { UserError } from '../../../../core/text/userError';
import { fileProblem } from '../../scan/problemLog';
import { type ExportedPicture, exportedPicture } from './exportedPicture';
import type { ExportProblems } from './exportProblems';
import type { SetExport } from './exportSet';

/** verl, LLaMA-Factory and ms-swift open images as they are stored. */
export const trainersFrame = 'stored';

/** An image that training data is made of. */
export interface SampledImage {
  readonly key: string;
  readonly file: string;
  /** Of the stored pixels. */
  readonly size: Size;
  readonly picture: ExportedPicture;
  readonly samples: readonly TrainingSample[];
}

/** Null, with a problem, for an image that is not there or of no known size, and without a word for one that gives no sample. */
export async function imageSamples(job: SetExport, i: number, choice: TrainingChoice): Promise<SampledImage | null> {
  const { images, problems } = job;
  const image = await images.inFrame(i, trainersFrame);
  const { key, file, size } = image;
  if (size === null) {
    problems.add(fileProblem(file, 'Its size is not known: no sample is made of it.'));
    return null;
  }
  const { samples, omitted } = trainingSamples(image, size, choice);
  for (const what of omitted) problems.add(fileProblem(file, `In no sample: ${what}.`));
  if (samples.length === 0) return null;
  const picture = await exportedPicture(job, i);
  return picture === null ? null : { key, file, size, picture, samples };
}

/** Why nothing was written, with the first thing that was in no sample. */
export function noSample({ told }: ExportProblems): UserError {
  const [first] = told;
  const why = first === undefined ? '' : ` ${first.file}: ${first.message}`;
  return new UserError(`No image gives a sample for this task: nothing was written.${why}`);
}

/** A set's name in training data: that of its file or folder. */
export function setName(path: string): string {
  return basename(path).replace(/\.(?:jsonl?|parquet|xml|ya?ml|tar|csv|txt)$/i, '') || 'images';
}
