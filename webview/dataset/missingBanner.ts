import { onAny } from '../rollouts/store/signal';
import { el, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { linkButton } from '../ui/iconButton';
import type { DatasetSession } from './store/session';

/** So many images in a row that are not there are no accident. */
const suspicious = 8;

/** None of the images on show was found: they may have been moved, and the user knows where to. */
export function missingBanner(session: DatasetSession, chooseFolder: () => void): HTMLElement {
  const banner = el('div', { class: 'failure missing-banner', role: 'status', hidden: true });
  const paint = () => {
    const few = Math.min(suspicious, session.progress.value.images);
    const missing = few > 0 && session.thumbs.failures >= few;
    if (banner.hidden === !missing) return;
    banner.hidden = !missing;
    if (missing)
      fill(
        banner,
        icon('warning'),
        span('banner-text', 'The images were not found where the file says.'),
        linkButton('Choose Folder…', chooseFolder),
      );
  };
  onAny(paint, [session.rows, session.stale]);
  return banner;
}
