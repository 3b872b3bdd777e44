import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { effectiveImage } from '../../../../core/dataset/edit/imageNotes';
import { UserError } from '../../../../core/text/userError';
import type {
  ExportedImages,
  SetExportChoice,
  SetExported,
  SetExportFormat,
} from '../../../../protocol/imageSetExport';
import { errorCode, fileError } from '../../files/fileSource';
import { refusalOf } from '../../notes/sidecars';
import { fileProblem } from '../../scan/problemLog';
import type { ImageSet } from '../imageSet';
import { type ChosenImage, chosenImages, safeName, savedNotes } from './chosenImages';
import { ExportProblems } from './exportProblems';
import { writeCoco } from './writeCoco';
import { writeOriginal } from './writeOriginal';
import { writeYolo } from './writeYolo';

export interface SetExportOrder {
  readonly to: SetExportFormat;
  /** Absolute. */
  readonly output: string;
  readonly images: ExportedImages;
  readonly choice: SetExportChoice;
  readonly places: readonly string[];
}

/** What the writers of an export share. */
export interface SetExport {
  readonly set: ImageSet;
  readonly order: SetExportOrder;
  /** Folder that is written into, and put in place when all is done. */
  readonly folder: string;
  readonly chosen: readonly ChosenImage[];
  /** Name of an image's file in the export, relative and unique, by its place among the chosen. */
  readonly names: readonly string[];
  readonly problems: ExportProblems;
  readonly signal: AbortSignal;
}

/** What a writer made. */
export interface Written {
  readonly annotations: number;
  readonly files: readonly string[];
}

const writers = { coco: writeCoco, yolo: writeYolo, original: writeOriginal } as const;
/** Images in their own folder, where the format does not say where they lie. */
const imageFolder = 'images';
const filesTold = 100;

/**
 * Writes images of a set with their edits into a folder that is new or empty. Everything is written beside it first: an
 * export that fails, or is cancelled, leaves nothing.
 */
export async function exportSet(set: ImageSet, order: SetExportOrder, signal: AbortSignal): Promise<SetExported> {
  const { output } = order;
  await set.info(true, signal);
  await refuseFull(output);
  const notes = await savedNotes(set.path, order.places);
  const chosen: ChosenImage[] = [];
  for await (const one of chosenImages(set, notes, order.choice, signal)) chosen.push(one);
  if (chosen.length === 0) throw new UserError('No image of the set is chosen: nothing was written.');
  const folder = join(dirname(output), `.${basename(output)}.${randomUUID().slice(0, 8)}.part`);
  const problems = new ExportProblems();
  try {
    await mkdir(folder, { recursive: true });
    const job: SetExport = { set, order, folder, chosen, names: uniqueNames(chosen, order), problems, signal };
    if (order.images !== 'none') await placeImages(job);
    const { annotations, files } = await writers[order.to](job);
    signal.throwIfAborted();
    // An empty folder that was there makes room; one that was filled meanwhile stays.
    await rmdir(output).catch(() => undefined);
    await rename(folder, output);
    return {
      images: chosen.length,
      annotations,
      files: files.slice(0, filesTold),
      problems: problems.told,
      problemCount: problems.count,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const reason = refusalOf(error);
    throw reason === null ? error : new UserError(`${output} was not written: ${reason}.`);
  }
}

/** An image as it is exported: with its edits. */
export async function exportedImage({ set }: SetExport, { row, notes }: ChosenImage) {
  return effectiveImage(await set.image(row.index), notes);
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

function uniqueNames(chosen: readonly ChosenImage[], { to, images }: SetExportOrder): readonly string[] {
  const taken = new Set<string>();
  return chosen.map(({ row }) => {
    // The set's own files name their images as they did.
    if (to === 'original' || images === 'none') return to === 'original' ? safeName(row.file, row.index) : row.file;
    const name = safeName(row.file, row.index);
    const free = taken.has(name.toLowerCase()) ? `${row.index + 1}-${name.replaceAll('/', '-')}` : name;
    taken.add(free.toLowerCase());
    return `${imageFolder}/${free}`;
  });
}

async function placeImages({ set, order, folder, chosen, names, problems, signal }: SetExport): Promise<void> {
  for (const [i, { row }] of chosen.entries()) {
    signal.throwIfAborted();
    const found = await set.file(row.index);
    const name = names[i] ?? '';
    if (found === null) {
      problems.add(fileProblem(row.file, 'The image was not found: it is not in the export.'));
      continue;
    }
    const to = join(folder, extname(name) === '' ? `${name}${extname(found.path)}` : name);
    await mkdir(dirname(to), { recursive: true });
    if (order.images === 'copy') await copyFile(found.path, to);
    else await symlink(found.path, to);
  }
}
