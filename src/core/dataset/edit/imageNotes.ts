import type { Noted, Stamp } from '../../annotation/annotation';
import type { MaskAnnotation } from '../../click/maskAnnotation';
import type { DatasetAnnotation, DatasetImage } from '../datasetImage';

/** What a person decided about an image of a set that is being curated. */
export type Verdict = 'accept' | 'reject' | 'needs-work';
export const verdicts = ['accept', 'reject', 'needs-work'] as const satisfies readonly Verdict[];

/** How a mask was made with a segmenter: its clicks stay with it as data. */
export type MaskOrigin = Pick<MaskAnnotation, 'model' | 'score' | 'box' | 'clicks'>;

/** An annotation as somebody left it: whole, so that it stands whatever its file says later. */
export interface EditedAnnotation extends Omit<DatasetAnnotation, 'id'> {
  readonly origin?: MaskOrigin;
}

/** What became of an annotation. */
export type AnnotationEdit = EditedAnnotation | { readonly removed: true };

/** What people said of one image of an image set. Every member is absent until somebody says something. */
export interface ImageNotes {
  /** By annotation id: how it stands now. Ids that the file does not have are annotations that were added. */
  readonly annotations?: Readonly<Record<string, Noted<AnnotationEdit>>>;
  readonly verdict?: Noted<Verdict>;
  readonly tags?: Noted<readonly string[]>;
  readonly split?: Noted<string>;
  readonly reviewed?: Noted<true>;
  /** By 0-based question: its wording. */
  readonly questions?: Readonly<Record<string, Noted<string>>>;
  /** By 0-based question: the right answer. */
  readonly answers?: Readonly<Record<string, Noted<string>>>;
}

/** An annotation as it stands after the edits; `edit` tells who made it so, null where the file did. */
export interface EffectiveAnnotation extends DatasetAnnotation {
  readonly edit: (Stamp & { readonly kind: 'added' | 'changed' }) | null;
  readonly origin?: MaskOrigin;
}

/** An image as it stands after the edits. */
export interface EffectiveImage extends DatasetImage {
  readonly annotations: readonly EffectiveAnnotation[];
  readonly verdict: Verdict | null;
  readonly tags: readonly string[];
  readonly reviewed: boolean;
  /** Annotations of the file that were removed. */
  readonly removed: readonly DatasetAnnotation[];
}

/** An image with what was said of it: annotations in the order of the file, then those that were added, oldest first. */
export function effectiveImage(image: DatasetImage, notes: ImageNotes): EffectiveImage {
  const edits = new Map(Object.entries(notes.annotations ?? {}));
  const removed: DatasetAnnotation[] = [];
  const kept = image.annotations.flatMap((annotation): readonly EffectiveAnnotation[] => {
    const edit = edits.get(annotation.id);
    edits.delete(annotation.id);
    if (edit === undefined) return [asFiled(annotation)];
    if (!isRemoved(edit.value)) return [standing(annotation.id, edit, edit.value, 'changed')];
    removed.push(annotation);
    return [];
  });
  const added = [...edits]
    .sort(([, a], [, b]) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .flatMap(([id, edit]) => (isRemoved(edit.value) ? [] : [standing(id, edit, edit.value, 'added')]));
  return {
    ...image,
    annotations: [...kept, ...added],
    questions: image.questions.map((question, at) => {
      const [text, answer] = [notes.questions?.[String(at)], notes.answers?.[String(at)]];
      if (text === undefined && answer === undefined) return question;
      return { ...question, text: text?.value ?? question.text, answer: answer?.value ?? question.answer };
    }),
    split: notes.split?.value ?? image.split,
    verdict: notes.verdict?.value ?? null,
    tags: notes.tags?.value ?? [],
    reviewed: notes.reviewed !== undefined,
    removed,
  };
}

/** By annotation of the file: the same object every time, so that who shows a thousand sees which one has changed. */
const filed = new WeakMap<DatasetAnnotation, EffectiveAnnotation>();

function asFiled(annotation: DatasetAnnotation): EffectiveAnnotation {
  const known = filed.get(annotation);
  if (known !== undefined) return known;
  const made = { ...annotation, edit: null };
  filed.set(annotation, made);
  return made;
}

/** What ids of annotations that people added begin with; no file has such ids. */
const newPrefix = 'new-';

export function newId(random: string): string {
  return `${newPrefix}${random}`;
}

export function isNewId(id: string): boolean {
  return id.startsWith(newPrefix);
}

export function isRemoved(edit: AnnotationEdit): edit is { readonly removed: true } {
  return 'removed' in edit;
}

function standing(
  id: string,
  { author, time }: Stamp,
  annotation: EditedAnnotation,
  kind: 'added' | 'changed',
): EffectiveAnnotation {
  return { ...annotation, id, edit: { author, time, kind } };
}
