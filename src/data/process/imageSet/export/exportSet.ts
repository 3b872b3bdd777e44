import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TrainingChoice } from '../../../../core/dataset/trainingSamples';
import { UserError } from '../../../../core/text/userError';
import {
  type ExportedImages,
  imagesRefusal,
  type SetExportChoice,
  type SetExported,
  type SetExportFormat,
  type SetExportProgress,
  tasksOf,
} from '../../../../protocol/imageSetExport';
import { errorCode, fileError } from '../../files/fileSource';
import { refusalOf } from '../../notes/sidecars';
import type { ImageSet } from '../imageSet';
import { type ChosenImage, chosenImages, savedNotes } from './chosenImages';
import { ExportImages } from './exportImages';
import { ExportProblems } from './exportProblems';
import { writeCoco } from './writeCoco';
import { writeHf } from './writeHf';
import { writeOriginal } from './writeOriginal';
import { writeSft } from './writeSft';
import { writeVerl } from './writeVerl';
import { writeYolo } from './writeYolo';

export interface SetExportOrder {
  readonly to: SetExportFormat;
  /** Absolute. */
  readonly output: string;
  readonly images: ExportedImages;
  readonly choice: SetExportChoice;
  readonly places: readonly string[];
  readonly training?: TrainingChoice;
}

/** What the writers of an export share. */
export interface SetExport {
  readonly set: ImageSet;
  readonly order: SetExportOrder;
  /** Folder that is written into, and put in place when all is done. */
  readonly folder: string;
  readonly chosen: readonly ChosenImage[];
  readonly images: ExportImages;
  readonly problems: ExportProblems;
  readonly signal: AbortSignal;
}

/** What a writer made. */
export interface Written {
  readonly annotations: number;
  readonly files: readonly string[];
  /** What is to be known of it, for people. */
  readonly notes: readonly string[];
}

const writers: Readonly<Record<SetExportFormat, (job: SetExport) => Promise<Written>>> = {
  coco: writeCoco,
  yolo: writeYolo,
  original: writeOriginal,
  hf: writeHf,
  verl: writeVerl,
  llamafactory: writeSft,
  'ms-swift': writeSft,
};
const filesTold = 100;
/** Milliseconds between two reports. */
const pace = 250;

/**
 * Writes images of a set with their edits into a folder that is new or empty. Everything is written beside it first: an
 * export that fails, or is cancelled, leaves nothing.
 */
export async function exportSet(
  set: ImageSet,
  order: SetExportOrder,
  report: (progress: SetExportProgress) => void,
  signal: AbortSignal,
): Promise<SetExported> {
  const { output } = order;
  await set.info(true, signal);
  refuseOrder(order);
  await refuseFull(output);
  const edits = await savedNotes(set.path, order.places);
  await set.takeSaved(edits);
  const chosen: ChosenImage[] = [];
  for await (const one of chosenImages(set, edits, order.choice, signal)) chosen.push(one);
  if (chosen.length === 0) throw new UserError('No image of the set is chosen: nothing was written.');
  const folder = join(dirname(output), `.${basename(output)}.${randomUUID().slice(0, 8)}.part`);
  const problems = new ExportProblems();
  try {
    await mkdir(folder, { recursive: true });
    const step = stepping(set.setId, order, chosen.length, report);
    const images = new ExportImages(set, chosen, order, problems, step);
    await images.place(folder, signal);
    const { annotations, files, notes } = await writers[order.to]({
      set,
      order,
      folder,
      chosen,
      images,
      problems,
      signal,
    });
    signal.throwIfAborted();
    // An empty folder that was there makes room; one that was filled meanwhile stays.
    await rmdir(output).catch(() => undefined);
    await rename(folder, output);
    return {
      images: chosen.length,
      annotations,
      files: files.slice(0, filesTold),
      notes,
      problems: problems.told,
      problemCount: problems.count,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const reason = refusalOf(error);
    throw reason === null ? error : new UserError(`${output} was not written: ${reason}.`);
  }
}

/** Counts what was done about images, which are placed and then written, and tells of it now and then. */
function stepping(
  setId: number,
  { to, images, output }: SetExportOrder,
  chosen: number,
  report: (progress: SetExportProgress) => void,
): () => void {
  const total = chosen * ((images === 'copy' || images === 'link') && to !== 'original' ? 2 : 1);
  let [done, last] = [0, performance.now()];
  return () => {
    done++;
    if (performance.now() - last < pace) return;
    last = performance.now();
    report({ setId, output, done: Math.min(done, total), total });
  };
}

function refuseOrder({ to, images, training }: SetExportOrder): void {
  const refusal = imagesRefusal(to, images);
  if (refusal !== null) throw new UserError(refusal);
  const tasks = tasksOf(to);
  if (tasks.length > 0 && !tasks.some((task) => task === training?.task))
    throw new UserError(`${to} is written for one of the tasks ${tasks.join(', ')}.`);
}

async function refuseFull(output: string): Promise<void> {
  try {
    const held = await readdir(output);
    if (held.length > 0)
      throw new UserError(`${output} is not empty: choose another folder. Nothing was written over.`);
  } catch (error) {
    if (UserError.is(error)) throw error;
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) === 'ENOTDIR') throw new UserError(`${output} is a file: choose a folder.`);
    throw fileError(output, error);
  }
}
