import type { Verdict } from '../core/dataset/edit/imageNotes';
import { type TrainingChoice, type TrainingTask, trainingTasks } from '../core/dataset/trainingSamples';
import type { Problem } from '../core/text/problem';
import type { ImageSetQuery } from './imageSet';

/**
 * `original`: the set's own format, in which what nobody edited stays byte for byte. `hf`: parquet that `datasets` opens. The others
 * are training data: verl's parquet, and what LLaMA-Factory and ms-swift fine-tune on.
 */
export const setExportFormats = ['coco', 'yolo', 'original', 'hf', 'verl', 'llamafactory', 'ms-swift'] as const;
export type SetExportFormat = (typeof setExportFormats)[number];

/** Tasks that a format has records for; empty where it states the set and asks nothing. */
export function tasksOf(to: SetExportFormat): readonly TrainingTask[] {
  if (to === 'verl') return trainingTasks;
  // Of a region that is worth a look nobody knows the right words.
  return isFineTuning(to) ? trainingTasks.filter((task) => !task.startsWith('sense-')) : [];
}

/** Whether boxes stand in answers, which have a frame. */
export function isFineTuning(to: SetExportFormat): boolean {
  return to === 'llamafactory' || to === 'ms-swift';
}

/** What becomes of the images: copied beside the annotations, linked there, left where they are, or put into the files themselves. */
export const exportedImages = ['copy', 'link', 'none', 'embed'] as const;
export type ExportedImages = (typeof exportedImages)[number];

/** Why a format does not take images in a way; null where it does. */
export function imagesRefusal(to: SetExportFormat, images: ExportedImages): string | null {
  if (images !== 'embed' || embedding.includes(to)) return null;
  return `Images cannot be embedded in ${to}: its readers look for files. Copy or link them.`;
}

/** ms-swift decodes data URIs (`load_file`); LLaMA-Factory takes a text for a path. */
const embedding: readonly SetExportFormat[] = ['hf', 'verl', 'ms-swift'];

/** What becomes of the images where nobody says. */
export function usualImages(to: SetExportFormat): ExportedImages {
  return to === 'hf' || to === 'verl' ? 'embed' : 'copy';
}

/** Which images are exported: those for which all of it holds. */
export interface SetExportChoice {
  /** Any of them; empty for images of any verdict and of none. */
  readonly verdicts: readonly Verdict[];
  /** All of them. */
  readonly tags: readonly string[];
  /** Null for no condition on columns. */
  readonly query: ImageSetQuery | null;
  /** Places in the file; null for all. */
  readonly indices: readonly number[] | null;
}

export interface SetExported {
  readonly images: number;
  readonly annotations: number;
  /** Relative to the folder, at most 100. */
  readonly files: readonly string[];
  /** What is to be known of what was written, for people: frames, and what became of shapes. */
  readonly notes: readonly string[];
  /** What the format cannot state, and images that were not found; at most 100, `problemCount` is the true count. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** How far an export is, told while it runs. */
export interface SetExportProgress {
  readonly setId: number;
  readonly output: string;
  /** Images, each counted once a pass. */
  readonly done: number;
  readonly total: number;
}

export type ImageSetExportEvents = { 'imageset/exporting': SetExportProgress };

/** Served by the data child. */
export type ImageSetExportMethods = {
  /**
   * Writes images of the set with the edits of its saved sidecar into a folder that is new or empty: whole, or not at all.
   * Waits for the scan. Throws `UserError` for a folder that holds something, and for a disk that takes no file.
   */
  'imageset/export': (p: {
    setId: number;
    to: SetExportFormat;
    /** Absolute. */
    output: string;
    images: ExportedImages;
    choice: SetExportChoice;
    /** What training data asks; of formats that `tasksOf` knows tasks of. */
    training?: TrainingChoice;
    /** Folders that may hold the sidecar, beside its own. */
    places: readonly string[];
  }) => SetExported;
};
