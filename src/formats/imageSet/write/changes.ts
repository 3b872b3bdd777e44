import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import type { AnnotationChange } from '../../../core/dataset/edit/annotationChanges';
import type { RecordNotes } from '../recordNotes';

/** What becomes of the annotations of one record. */
export interface SortedChanges {
  /** 0-based among the record's annotations as they were read. */
  readonly changed: readonly { readonly before: DatasetAnnotation; readonly after: DatasetAnnotation }[];
  readonly removed: readonly DatasetAnnotation[];
  readonly added: readonly DatasetAnnotation[];
}

/** Sorts changes by whether the record has the annotation. A removal of what is not there is told. */
export function sortChanges(
  before: readonly DatasetAnnotation[],
  changes: readonly AnnotationChange[],
  notes: RecordNotes,
): SortedChanges {
  const known = new Map(before.map((annotation) => [annotation.id, annotation]));
  const changed: { before: DatasetAnnotation; after: DatasetAnnotation }[] = [];
  const removed: DatasetAnnotation[] = [];
  const added: DatasetAnnotation[] = [];
  for (const { id, after } of changes) {
    const old = known.get(id);
    if (old === undefined) {
      if (after === null) notes.warn(null, `The annotation ${id} is not in the file, and cannot be removed`);
      else added.push(after);
    } else if (after === null) removed.push(old);
    else if (!same(old, after)) changed.push({ before: old, after });
  }
  return { changed, removed, added };
}

/** Whether two plain values are equal in everything, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

/** Attributes that are new or have another value. */
export function changedAttributes(
  before: DatasetAnnotation,
  after: DatasetAnnotation,
): DatasetAnnotation['attributes'] {
  const entries = Object.entries(after.attributes).filter(([key, value]) => !same(before.attributes[key], value));
  return Object.fromEntries(entries);
}

/** The place of an annotation in its record, where its id ends in it: `file#place`. */
export function placeIn({ id }: DatasetAnnotation): number {
  return Number(id.slice(id.lastIndexOf('#') + 1));
}
