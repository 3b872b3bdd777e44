import type { KeyAction } from '../keys';
import { copyLink } from './copyLink';
import { saveHtml } from './saveHtml';
import { saveView, type ViewParts } from './saveView';
import { showSample } from './showSample';

/** Actions that lead out of the editor; false for others. */
export function shareAction(parts: ViewParts, action: KeyAction): boolean {
  switch (action) {
    case 'copyLink':
      void copyLink(parts.session);
      return true;
    case 'showSample':
      void showSample(parts.session);
      return true;
    case 'saveHtml':
      void saveHtml(parts.session);
      return true;
    case 'saveView':
      void saveView(parts);
      return true;
    default:
      return false;
  }
}
