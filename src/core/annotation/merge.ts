import type { JsonValue } from '../text/jsonValue';
import type { AnnotationRecord, Annotations } from './annotation';
import { memberAt, type NoteChange, pathsOf } from './diff';

/** A place that both sides changed, to different values. */
export interface AnnotationConflict {
  readonly kind: AnnotationRecord['kind'];
  readonly key: string;
  readonly path: NoteChange['path'];
  readonly ours: JsonValue;
  readonly theirs: JsonValue;
}

/** A merge: `changes` bring ours to the merged state; at a conflict ours stands, and nothing of theirs is lost. */
export interface AnnotationMerge {
  readonly changes: readonly NoteChange[];
  readonly conflicts: readonly AnnotationConflict[];
}

/**
 * Merges what another window or person wrote into the sidecar with what is unsaved here, place by place: what only one side
 * changed since `base` is taken, what both changed alike is taken once.
 */
export function mergeAnnotations(base: Annotations, ours: Annotations, theirs: Annotations): AnnotationMerge {
  const changes: NoteChange[] = [];
  const conflicts: AnnotationConflict[] = [];
  for (const id of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const record = theirs.get(id) ?? ours.get(id) ?? base.get(id);
    if (record === undefined) continue;
    const [was, mine, other] = [base, ours, theirs].map((side) => side.get(id)?.notes ?? {}) as [
      object,
      object,
      object,
    ];
    const { kind, key, hints } = record;
    for (const path of allPaths(was, mine, other)) {
      const [before, own, their] = [memberAt(was, path), memberAt(mine, path), memberAt(other, path)];
      if (same(own, their) || same(before, their)) continue;
      if (same(before, own)) changes.push({ kind, key, hints, path, before: own, after: their });
      else conflicts.push({ kind, key, path, ours: own, theirs: their });
    }
  }
  return { changes, conflicts };
}

function allPaths(...sides: readonly object[]): readonly NoteChange['path'][] {
  const found = new Map<string, NoteChange['path']>();
  for (const path of sides.flatMap(pathsOf)) found.set(JSON.stringify(path), path);
  return [...found.values()];
}

/** Values are plain JSON, written by one codec: equal ones are written alike. */
function same(a: JsonValue, b: JsonValue): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
