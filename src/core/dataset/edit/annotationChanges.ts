import type { DatasetAnnotation } from '../datasetImage';
import { type ImageNotes, isRemoved } from './imageNotes';

/** What became of one annotation. */
export interface AnnotationChange {
  /** As `DatasetAnnotation.id`; one that the file does not have is added. */
  readonly id: string;
  /** Null when it was removed. */
  readonly after: DatasetAnnotation | null;
}

/** What an image's notes say of its annotations, without how they were made. */
export function annotationChanges({ annotations }: ImageNotes): readonly AnnotationChange[] {
  return Object.entries(annotations ?? {}).map(([id, { value }]) => {
    if (isRemoved(value)) return { id, after: null };
    const { origin: _, ...annotation } = value;
    return { id, after: { ...annotation, id } };
  });
}
