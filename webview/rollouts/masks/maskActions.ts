import type { MaskAnnotation } from '../../../src/core/click/maskAnnotation';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import type { KeyAction } from '../keys';
import type { Session } from '../store/session';
import { branchClicks } from './branchClicks';
import type { ClickRerun } from './clickRerun';
import type { MaskEdits } from './maskEdits';

interface MaskParts {
  readonly masks: MaskEdits;
  readonly rerun: ClickRerun;
  readonly session: Session;
  readonly canvas: ImageCanvas;
}

/** What keys and commands do to masks; false for other actions, and where there is nothing to do. */
export function maskAction({ masks, rerun, session, canvas }: MaskParts, action: KeyAction): boolean {
  const { chosen } = masks.masks;
  // A mask that was chosen has the keys that a region has.
  const own = chosen.value !== null && canvas.element.contains(document.activeElement) ? chosen.value : null;
  switch (action) {
    case 'nextMask':
    case 'previousMask':
      session.region.set(null);
      session.say(stepWords(masks.masks.step(action === 'nextMask' ? 1 : -1)));
      return true;
    case 'zoomToRegion':
      if (own !== null) masks.takeUp(own);
      return own !== null;
    case 'revertBox':
      if (own !== null) masks.remove(own);
      chosen.set(null);
      return own !== null;
    case 'clearSelection':
      chosen.set(null);
      return own !== null;
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

function stepWords(mask: MaskAnnotation | null): string {
  return mask === null ? 'No mask is on show.' : `Mask: ${mask.label ?? 'no label'}`;
}
