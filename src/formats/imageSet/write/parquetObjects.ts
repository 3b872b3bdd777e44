import type { DatasetAnnotation } from '../../../core/dataset/datasetImage';
import { tolerantJsonOrNone } from '../../../core/text/tolerantJson';
import { isObject } from '../../columns';
import { objectsOf } from '../imagefolderMetadata';
import type { ImagePlace } from '../imageSetFormat';
import { jsonNode } from '../json/jsonNode';
import { RecordNotes } from '../recordNotes';
import type { SortedChanges } from './changes';
import { applied } from './edits';
import { JsonEdits } from './jsonEdits';
import { editObjects } from './rowWriters';

/** Pixels by which a box may come back otherwise: a table of 32 bits has seven digits. */
const tolerance = 1e-3;

/**
 * The JSON text of a row's `objects` with its changes; what is not touched keeps its text.
 * @param stated null where the row has none: then an empty one of these fields is filled.
 */
export function changedObjects(
  stated: string | null,
  fields: readonly string[],
  changes: SortedChanges,
  notes: RecordNotes,
): string {
  const empty = JSON.stringify(Object.fromEntries(fields.map((field) => [field, []])));
  const bytes = new TextEncoder().encode(`{"objects":${stated ?? (fields.length === 0 ? '[]' : empty)}}`);
  const edits = new JsonEdits(bytes, 0);
  editObjects(jsonNode(bytes), bytes, edits, changes, notes);
  return new TextDecoder().decode(applied(bytes, edits.edits)).slice('{"objects":'.length, -1);
}

/** Whether `objects`, as its table would hold it, states these annotations: a type may have no room for a label or half a pixel. */
export function states(objects: string, annotations: readonly DatasetAnnotation[], place: ImagePlace): boolean {
  const value = tolerantJsonOrNone(objects);
  if (!isObject(value) && !Array.isArray(value)) return annotations.length === 0;
  const read = objectsOf(value, place, new RecordNotes(place.file));
  return (
    read.length === annotations.length &&
    read.every(({ label, box }, i) => {
      const wanted = annotations[i];
      const sides = (['x1', 'y1', 'x2', 'y2'] as const).map((side) => (box?.[side] ?? 0) - (wanted?.box?.[side] ?? 0));
      return (label ?? '') === (wanted?.label ?? '') && sides.every((off) => Math.abs(off) <= tolerance);
    })
  );
}
