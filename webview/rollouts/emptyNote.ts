import type { TraceProgress } from '../../src/protocol/data';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { problemList } from './problemsView';
import type { Session } from './store/session';
import { counted } from './words';

/** Over the panes when there is nothing to show: still reading, or a trace without rollouts and what is wrong with it. */
export function emptyNote(session: Session): HTMLElement {
  const note = div('empty-note');
  const paint = () => {
    const progress = session.progress.value;
    note.hidden = progress.groups > 0;
    if (!note.hidden) fill(note, ...(progress.done ? nothingFound(session, progress) : reading()));
  };
  session.progress.on(paint);
  session.info.on(paint);
  paint();
  return note;
}

function reading(): HTMLElement[] {
  return [div('note-title', icon('loading', 'codicon-modifier-spin'), span('', 'Reading the first rows…'))];
}

function nothingFound(session: Session, progress: TraceProgress): (HTMLElement | null)[] {
  const info = session.info.value;
  if (info === null && progress.problems > 0) void session.loadInfoOnce();
  const why = progress.problems > 0 ? ` ${counted(progress.problems, 'problem')} found:` : '';
  return [
    div('note-title', icon('info'), span('', 'No rollouts in this trace')),
    div('note-text', `The files were read to the end and hold no row that opens.${why}`),
    info === null ? null : div('note-problems', problemList(info, session)),
  ];
}
