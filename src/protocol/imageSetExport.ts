import type { Verdict } from '../core/dataset/edit/imageNotes';
import type { Problem } from '../core/text/problem';
import type { ImageSetQuery } from './imageSet';

/** `original`: the set's own format, in which what nobody edited stays byte for byte. `hf`: parquet that `datasets` opens. */
export const setExportFormats = ['coco', 'yolo', 'original', 'hf'] as const;
export type SetExportFormat = (typeof setExportFormats)[number];

/** What becomes of the images: copied beside the annotations, linked there, left where they are, or put into the files themselves. */
export const exportedImages = ['copy', 'link', 'none', 'embed'] as const;
export type ExportedImages = (typeof exportedImages)[number];

/** Why a format does not take images in a way; null where it does. */
export function imagesRefusal(to: SetExportFormat, images: ExportedImages): string | null {
  if (images !== 'embed' || embedding.includes(to)) return null;
  return `Images cannot be embedded in ${to}: its readers look for files. Copy or link them.`;
}

/** What becomes of the images where nobody says. */
export function usualImages(to: SetExportFormat): ExportedImages {
  return to === 'hf' ? 'embed' : 'copy';
}

const embedding: readonly SetExportFormat[] = ['hf'];

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
    /** Folders that may hold the sidecar, beside its own. */
    places: readonly string[];
  }) => SetExported;
};
