import type { JsonValue } from '../text/jsonValue';
import { type AnnotationRecord, type Annotations, idOf } from './annotation';

/** One member of a record's notes set from one value to another; null is absence. */
export interface NoteChange {
  readonly kind: AnnotationRecord['kind'];
  readonly key: string;
  readonly hints: AnnotationRecord['hints'];
  /** `['total']`, `['labels', '3']` … */
  readonly path: readonly [string] | readonly [string, string];
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** An edit as the user sees it: applied whole, undone whole. */
export interface AnnotationDiff {
  /** For the undo menu: *Move region 2*. */
  readonly label: string;
  readonly changes: readonly NoteChange[];
}

/**
 * The annotations after a diff. `before` is not compared with what is there: whoever makes a diff reads it, and a journal
 * that is replayed twice ends in the same state.
 */
export function applyDiff(annotations: Annotations, { changes }: AnnotationDiff): Annotations {
  const next = new Map(annotations);
  for (const change of changes) {
    const id = idOf(change);
    const record = next.get(id) ?? blank(change);
    const notes = withMember(record.notes as Notes, change.path, change.after);
    if (Object.keys(notes).length === 0) next.delete(id);
    else next.set(id, { ...record, notes } as AnnotationRecord);
  }
  return next;
}

/** The diff that takes another back. */
export function inverse({ label, changes }: AnnotationDiff): AnnotationDiff {
  const back = changes.map((change) => ({ ...change, before: change.after, after: change.before }));
  return { label, changes: back.reverse() };
}

/** What stands at a path; null for nothing. */
export function noteAt(
  annotations: Annotations,
  { kind, key, path }: Pick<NoteChange, 'kind' | 'key' | 'path'>,
): JsonValue {
  const notes = annotations.get(idOf({ kind, key }))?.notes as Notes | undefined;
  return notes === undefined ? null : memberAt(notes, path);
}

/** Notes as plain JSON: their members are typed by `RolloutNotes`, `GroupNotes` and `ImageNotes`, and checked where they are read. */
type Notes = { readonly [name: string]: JsonValue };

/** Every place at which the notes of two records differ, or of one and none. */
export function pathsOf(notes: object): readonly NoteChange['path'][] {
  return Object.entries(notes as Notes).flatMap(([name, value]): NoteChange['path'][] =>
    isTable(name, value) ? Object.keys(value).map((inner) => [name, inner] as const) : [[name] as const],
  );
}

export function memberAt(notes: object, [name, inner]: NoteChange['path']): JsonValue {
  const all = notes as Notes;
  const value = Object.hasOwn(all, name) ? (all[name] ?? null) : null;
  if (inner === undefined) return value;
  return isTable(name, value) && Object.hasOwn(value, inner) ? (value[inner] ?? null) : null;
}

/** Members that hold one note each for regions, turns, annotations, masks or names. */
const tables: ReadonlySet<string> = new Set([
  'regions',
  'components',
  'labels',
  'stepRationales',
  'truth',
  'masks',
  'annotations',
  'questions',
  'answers',
]);

function isTable(name: string, value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return tables.has(name) && typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withMember(notes: Notes, [name, inner]: NoteChange['path'], value: JsonValue): Notes {
  if (inner === undefined) return without(notes, name, value);
  const table = notes[name] ?? {};
  const changed = without(isTable(name, table) ? table : {}, inner, value);
  return without(notes, name, Object.keys(changed).length === 0 ? null : changed);
}

/** A copy with a member set, or taken away for null. Entries, so that no name reaches a prototype. */
function without(notes: Notes, name: string, value: JsonValue): Notes {
  const others = Object.entries(notes).filter(([other]) => other !== name);
  return Object.fromEntries(value === null ? others : [...others, [name, value]]);
}

function blank({ kind, key, hints }: NoteChange): AnnotationRecord {
  return { kind, key, hints, notes: {} };
}
