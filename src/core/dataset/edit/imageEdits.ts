import type { RecordHints } from '../../annotation/annotation';
import { type AnnotationDiff, memberAt, type NoteChange } from '../../annotation/diff';
import type { JsonValue } from '../../text/jsonValue';
import type { DatasetAnnotation, DatasetImage } from '../datasetImage';
import type { Shape } from '../shape';
import type { Figure } from './figure';
import type { AnnotationEdit, EditedAnnotation, ImageNotes, MaskOrigin, Verdict } from './imageNotes';
import { areaOfShape, boundsOf } from './shapeGeometry';

/** Who edits, and when. */
export interface Editing {
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** An image that is edited: its record's key and hints, and what was said of it so far. */
export interface EditedImage {
  readonly key: string;
  readonly hints: RecordHints;
  readonly notes: ImageNotes;
}

/** An annotation as it should be, or null for none. */
export interface WantedAnnotation {
  readonly id: string;
  readonly annotation: EditedAnnotation | null;
}

/** Several annotations of one image changed at once: one step of undo. */
export function annotationDiff(
  label: string,
  edited: EditedImage,
  image: DatasetImage,
  wanted: readonly WantedAnnotation[],
  editing: Editing,
): AnnotationDiff {
  const stated = new Map(image.annotations.map((one) => [one.id, one]));
  const changes = wanted.map(({ id, annotation }) => {
    const edit = editOf(stated.get(id) ?? null, annotation);
    return change(edited, ['annotations', id], edit as unknown as JsonValue, editing);
  });
  return { label, changes };
}

/** What is said of an image as a whole. */
export type ImageMark =
  | { readonly kind: 'verdict'; readonly value: Verdict | null }
  | { readonly kind: 'split'; readonly value: string | null }
  | { readonly kind: 'reviewed'; readonly value: true | null }
  | { readonly kind: 'tag'; readonly tag: string; readonly on: boolean };

/** A mark on images: one step of undo, however many they are. Images that have it already are left alone. */
export function markDiff(
  label: string,
  images: readonly EditedImage[],
  mark: ImageMark,
  editing: Editing,
): AnnotationDiff {
  const changes = images.flatMap((image): readonly NoteChange[] => {
    if (mark.kind !== 'tag') {
      const now: JsonValue = image.notes[mark.kind]?.value ?? null;
      return now === mark.value ? [] : [change(image, [mark.kind], mark.value, editing)];
    }
    const tags = image.notes.tags?.value ?? [];
    if (tags.includes(mark.tag) === mark.on) return [];
    const next = mark.on ? [...tags, mark.tag] : tags.filter((tag) => tag !== mark.tag);
    return [change(image, ['tags'], next.length === 0 ? null : next, editing)];
  });
  return { label, changes };
}

/** A mark, and the images it is for. */
export interface MarkedImages {
  readonly mark: ImageMark;
  readonly images: readonly EditedImage[];
}

/** Several marks, each on images of its own or on the same, as one step of undo: a later one starts from what those before left. */
export function marksDiff(label: string, marks: readonly MarkedImages[], editing: Editing): AnnotationDiff {
  const notes = new Map<string, ImageNotes>();
  const changes = new Map<string, NoteChange>();
  for (const { mark, images } of marks) {
    const now = images.map((image) => ({ ...image, notes: notes.get(image.key) ?? image.notes }));
    const before = new Map(now.map((image) => [image.key, image.notes]));
    for (const made of markDiff(label, now, mark, editing).changes) {
      const place = `${made.path[0]} ${made.key}`;
      changes.set(place, { ...made, before: changes.get(place)?.before ?? made.before });
      const { [made.path[0]]: _, ...others } = { ...before.get(made.key) } as Readonly<Record<string, unknown>>;
      notes.set(made.key, (made.after === null ? others : { ...others, [made.path[0]]: made.after }) as ImageNotes);
    }
  }
  return { label, changes: [...changes.values()] };
}

/** The wording of a question of an image; null takes back what was said. */
export function questionDiff(label: string, image: EditedImage, question: number, text: string | null, by: Editing) {
  return { label, changes: [change(image, ['questions', String(question)], text, by)] };
}

/** The right answer to a question of an image; null takes back what was said. */
export function answerDiff(label: string, image: EditedImage, question: number, answer: string | null, by: Editing) {
  return { label, changes: [change(image, ['answers', String(question)], answer, by)] };
}

/** An annotation with another shape: its box and area are those of the shape. */
export function reshaped(annotation: EditedAnnotation, shape: Shape): EditedAnnotation {
  return { ...annotation, shape, box: boundsOf(shape), area: areaOfShape(shape) };
}

/** An annotation with another shape or other keypoints; these alone leave box and area as they are stated. */
export function refigured(annotation: EditedAnnotation, { shape, keypoints }: Figure): EditedAnnotation {
  const next = shape === annotation.shape ? annotation : reshaped(annotation, shape);
  return keypoints === undefined ? next : { ...next, keypoints };
}

/** A new annotation. */
export function newAnnotation(label: string | null, shape: Shape, origin?: MaskOrigin): EditedAnnotation {
  return {
    label,
    shape,
    box: boundsOf(shape),
    area: areaOfShape(shape),
    crowd: false,
    ignore: false,
    score: null,
    attributes: {},
    ...(origin === undefined ? {} : { origin }),
  };
}

/** An annotation without what belongs to its place and its edit. */
export function withoutId(annotation: DatasetAnnotation & { readonly edit?: unknown }): EditedAnnotation {
  const { id: _, edit: __, ...rest } = annotation;
  return rest;
}

/** Null where the annotation is as its file has it: an edit that was taken back by hand leaves no trace. */
function editOf(stated: DatasetAnnotation | null, wanted: EditedAnnotation | null): AnnotationEdit | null {
  if (wanted === null) return stated === null ? null : { removed: true };
  return stated !== null && sameJson(withoutId(stated), wanted) ? null : wanted;
}

function change(
  { key, hints, notes }: EditedImage,
  path: NoteChange['path'],
  value: JsonValue,
  { author, time }: Editing,
): NoteChange {
  const after = value === null ? null : { author, time, value };
  return { kind: 'image', key, hints, path, before: memberAt(notes, path), after };
}

/** Equal JSON, whatever the order of members. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value, (b as Record<string, unknown>)[key]))
  );
}
