import type { EditorParts } from '../actions';
import type { KeyAction } from '../keys';

/** Shows rollouts of a group beside each other; false for any other action. */
export function groupAction({ bottom, list, setOverview }: EditorParts, action: KeyAction): boolean {
  const toggle = (mode: 'table' | 'tiles') => () => {
    if (!bottom.toggleGroup(mode)) list.focus();
  };
  const acts: Partial<Record<KeyAction, () => void>> = {
    showGroup: toggle('table'),
    showTiles: toggle('tiles'),
    showDiff: () => bottom.toggle('diff'),
    diffMenu: () => bottom.chooseDiff(),
  };
  const act = acts[action];
  if (act === undefined) return false;
  setOverview(false);
  act();
  return true;
}
