import { newAnnotation, type WantedAnnotation, withoutId } from '../../../src/core/dataset/edit/imageEdits';
import { type EffectiveAnnotation, newId } from '../../../src/core/dataset/edit/imageNotes';
import type { ProposedBox } from '../../../src/core/policy/proposals';

const prefix = 'proposed-';

/** Whether an annotation is none yet: a policy proposed it, and nobody accepted it. */
export function isProposed(id: string): boolean {
  return id.startsWith(prefix);
}

/** What a policy proposed, as annotations that are shown and selected like all others. */
export function proposedAnnotations(boxes: readonly ProposedBox[]): readonly EffectiveAnnotation[] {
  return boxes.map(({ box, label }, i) => ({
    ...newAnnotation(label, { kind: 'box', box: rounded(box) }),
    id: `${prefix}${i}`,
    edit: null,
  }));
}

/**
 * An edit of proposals among others: what is done to one, other than deleting it, makes an annotation of it.
 * @returns the edit, and of each proposal the id of its annotation, null for one that was deleted.
 */
export function acceptedEdits(wanted: readonly WantedAnnotation[]): {
  readonly own: readonly WantedAnnotation[];
  readonly ids: ReadonlyMap<string, string | null>;
} {
  const ids = new Map<string, string | null>();
  const own = wanted.flatMap(({ id, annotation }) => {
    if (!isProposed(id)) return [{ id, annotation }];
    const fresh = annotation === null ? null : newId(crypto.randomUUID());
    ids.set(id, fresh);
    return fresh === null ? [] : [{ id: fresh, annotation }];
  });
  return { own, ids };
}

/** The proposals as they are, as annotations; one without a label gets the one given. */
export function accepted(proposals: readonly EffectiveAnnotation[], label: string | null): readonly WantedAnnotation[] {
  return proposals.map((one) => ({ id: one.id, annotation: { ...withoutId(one), label: one.label ?? label } }));
}

function rounded({ x1, y1, x2, y2 }: ProposedBox['box']) {
  return { x1: Math.round(x1), y1: Math.round(y1), x2: Math.round(x2), y2: Math.round(y2) };
}
