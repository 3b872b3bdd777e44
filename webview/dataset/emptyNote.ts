import { onAny } from '../rollouts/store/signal';
import { count } from '../rollouts/words';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import type { DatasetSession } from './store/session';

/** Over the panes when there is nothing to show: still reading, or a set without images. */
export function emptyNote(session: DatasetSession): HTMLElement {
  const note = div('empty-note');
  const paint = () => {
    const { images, done, problems } = session.progress.value;
    note.hidden = images > 0;
    if (note.hidden) return;
    const text =
      problems === 0
        ? 'It was read to the end and names no image.'
        : `It was read to the end and names no image. ${count(problems)} ${problems === 1 ? 'problem was' : 'problems were'} found: see Problems.`;
    if (!done)
      fill(note, div('note-title', icon('loading', 'codicon-modifier-spin'), span('', 'Reading the first images…')));
    else fill(note, div('note-title', icon('info'), span('', 'No images in this set')), div('note-text', text));
  };
  onAny(paint, [session.progress]);
  paint();
  return note;
}
