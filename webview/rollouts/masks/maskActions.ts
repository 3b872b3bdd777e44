import type { KeyAction } from '../keys';
import type { Session } from '../store/session';
import { branchClicks } from './branchClicks';
import type { ClickRerun } from './clickRerun';
import type { MaskEdits } from './maskEdits';

/** What keys and commands do to masks; false for other actions, and where there is nothing to do. */
export function maskAction(
  { masks, rerun, session }: { readonly masks: MaskEdits; readonly rerun: ClickRerun; readonly session: Session },
  action: KeyAction,
): boolean {
  switch (action) {
    case 'segment':
      masks.toggle();
      return true;
    case 'toggleMasks':
      session.say(masks.toggleAll() ? 'Masks are hidden.' : 'Masks are shown.');
      return true;
    case 'rerunClicks':
      void rerun.run();
      return true;
    case 'branchClicks':
      branchClicks(masks, rerun);
      return true;
    case 'acceptMask':
    case 'cancelMask':
    case 'undoClick':
    case 'redoClick':
    case 'nextCandidate':
    case 'previousCandidate':
    case 'segmentHover':
    case 'segmentClicks':
    case 'segmentBrush':
    case 'segmentEraser':
    case 'segmentPolygon':
      return masks.tool.perform(action);
    default:
      return false;
  }
}
