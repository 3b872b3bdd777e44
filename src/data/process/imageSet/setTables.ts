import type { Skeleton } from '../../../core/dataset/shape';
import { ProblemLog } from '../scan/problemLog';
import { type AnnotationsByImage, AnnotationTable, annotationsByImage } from './annotationTable';
import { ImageTable } from './imageTable';
import { Names } from './names';

/** Milliseconds for which a running scan's annotations are shown as they were sorted into images before. */
const staleFor = 300;

/** What a scan fills and everything else reads. */
export class SetTables {
  readonly images = new ImageTable();
  readonly annotations = new AnnotationTable();
  readonly labels = new Names();
  /** By label, where its category has keypoints. */
  readonly skeletons = new Map<string, Skeleton>();
  /** By label, where the file numbers its categories. */
  readonly categoryIds = new Map<string, number>();
  readonly problems = new ProblemLog();
  /** Nothing is added any more. */
  done = false;
  /** Rises when what is known of images or annotations that were there before changes: labels, joins, sizes. */
  version = 0;
  private sorted: (AnnotationsByImage & { readonly of: string; readonly at: number }) | null = null;

  /** Annotations by image. While the scan runs, those of the last moments may be missing. */
  byImage(): AnnotationsByImage {
    const { images, annotations, done, version } = this;
    const of = `${images.length} ${annotations.length} ${version}`;
    const { sorted } = this;
    if (sorted !== null && (sorted.of === of || (!done && performance.now() - sorted.at < staleFor))) return sorted;
    const made = { ...annotationsByImage(annotations, images.length), of, at: performance.now() };
    this.sorted = made;
    return made;
  }
}
