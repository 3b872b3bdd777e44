import type { GroupNotes, Noted, RolloutNotes } from '../../../src/core/annotation/annotation';
import type { Box } from '../../../src/core/geometry/box';
import { type Mark, type Marks, regionId, truthId } from './marks';

/** What was said about the boxes of a group. */
export interface BoxNotes {
  readonly notes: Pick<GroupNotes, 'truth'>;
  /** By member. */
  readonly rollouts: readonly Pick<RolloutNotes, 'regions'>[];
}

/**
 * Marks with edited boxes where somebody put them. The selected rollout's and the ground truth keep the logged box as a mark
 * of its own below; an edit also places a box whose frame is not known.
 */
export function withEdits(marks: Marks, { notes, rollouts }: BoxNotes): Marks {
  const edits = new Map<string, Noted<Box>>();
  for (const [index, note] of Object.entries(notes.truth ?? {})) edits.set(truthId(Number(index)), note);
  for (const [member, { regions = {} }] of rollouts.entries())
    for (const [index, note] of Object.entries(regions)) edits.set(regionId(member, Number(index)), note);
  if (edits.size === 0) return marks;
  const list = marks.list.flatMap((mark): Mark[] => {
    const note = edits.get(mark.id);
    if (note === undefined) return [mark];
    const { executed, failed, ...plain } = mark;
    const edited = { ...plain, box: note.value, edited: note.author };
    return mark.kind === 'sibling' || mark.box === null ? [edited] : [logged(mark), edited];
  });
  return { ...marks, list };
}

function logged({ id, member, label, raw, box }: Mark): Mark {
  return { id: `l${id}`, kind: 'logged', member, number: '', label, raw, box };
}
