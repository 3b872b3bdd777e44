import type { AnnotationChange } from '../../../core/dataset/edit/annotationChanges';
import type { RepaintMask } from '../../../core/dataset/repaintedMask';
import type { Problem } from '../../../core/text/problem';
import type { OpenTarget } from '../../format';
import type { ImageSetDetection, ImageSetFormatId } from '../imageSetFormat';

/** What people made of an image set. */
export interface Curation {
  /** By the key of the image; images that are not in it stay as they are. */
  readonly changes: ReadonlyMap<string, readonly AnnotationChange[]>;
  /** Whether an image is written; null keeps them all. */
  readonly keep: ((imageKey: string) => boolean) | null;
}

/** One file of an export. */
export interface WrittenFile {
  /** Relative to the folder of the export, forward slashes. */
  readonly path: string;
  /** Its bytes in order. To be read before the next file is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What writers need of who writes. */
export interface WriteHost {
  /** A change that this format cannot state, or that fits no annotation: the file keeps what it had. */
  problem(problem: Problem): void;
  /** Masks in pictures of their own; a file's path is relative to the set's root. */
  readonly repaintMask: RepaintMask;
}

/**
 * Writes an image set back in its own format. What no change touches is copied byte by byte: order of keys, texts of
 * numbers, spaces and unknown fields. Images themselves are not written.
 */
export interface ImageSetWriter {
  readonly formats: readonly ImageSetFormatId[];
  /** Every annotation file of the set, also those without a change; files of images that are not kept are left out. */
  write(
    target: OpenTarget,
    detection: ImageSetDetection,
    curation: Curation,
    host: WriteHost,
  ): AsyncIterable<WrittenFile>;
}
