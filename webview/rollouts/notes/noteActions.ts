import type { EditorParts } from '../actions';
import type { KeyAction } from '../keys';
import { moveRank, prefer } from './rankEdits';

/** Runs what says something about the selected rollout; false for any other action. */
export function noteAction(parts: EditorParts, action: KeyAction, key: string): boolean {
  const { edits, bottom, side, boxes } = parts;
  if (action === 'moveBox' || action === 'resizeBox') return boxes.step(key);
  const turn = (direction: 1 | -1) => () => {
    if (edits.stepTurn(direction)) bottom.revealTurn();
    else edits.session.say('This rollout has no turn of the policy to label.');
  };
  const acts: Partial<Record<KeyAction, () => void>> = {
    labelWrong: () => edits.label(-1),
    labelNeutral: () => edits.label(0),
    labelRight: () => edits.label(1),
    labelNone: () => edits.label(null),
    firstError: () => edits.firstError(),
    nextTurn: turn(1),
    previousTurn: turn(-1),
    setReward: () => side.notes.focus('total'),
    editTags: () => side.notes.focus('tags'),
    editRationale: () => side.notes.focus('rationale'),
    editBoxes: () => boxes.toggle(),
    revertBox: () => boxes.revert(),
    editGroupTags: () => side.notes.focus('groupTags'),
    editStepRationale: () => {
      if (edits.turn.value === null) edits.stepTurn(1);
      if (!bottom.editTurnRationale()) edits.session.say('This rollout has no turn of the policy to write about.');
    },
    rankHigher: () => moveRank(edits, -1),
    rankLower: () => moveRank(edits, 1),
    prefer: () => prefer(edits),
    toggleReviewed: () => edits.toggleReviewed(),
    toggleExcluded: () => side.notes.toggleExcluded(),
    toggleGroupExcluded: () => edits.toggleGroupExcluded(),
  };
  const act = acts[action];
  act?.();
  return act !== undefined;
}
