import type { Problem } from '../../src/core/text/problem';
import { count } from '../rollouts/words';
import { div, el, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { iconButton, linkButton } from '../ui/iconButton';
import type { DatasetSession } from './store/session';

/** Rows made at once. */
const shownRows = 500;

/** What is wrong with the set, by file, line and field: a sheet above the editor, closed by Escape or its button. */
export class ProblemsSheet {
  readonly element = el('dialog', { class: 'help problems-sheet', aria: { label: 'Problems' } });

  constructor(private readonly session: DatasetSession) {
    session.info.on(() => {
      if (this.element.open) this.paint();
    });
  }

  toggle(): void {
    if (this.element.open) {
      this.element.close();
      return;
    }
    this.paint();
    this.element.showModal();
    void this.session.loadInfo();
  }

  private paint(): void {
    const { info } = this.session;
    const close = iconButton({ icon: 'close', label: 'Close', onClick: () => this.element.close() });
    const problems = info.value?.problems ?? [];
    const rest = (info.value?.problemCount ?? 0) - Math.min(problems.length, shownRows);
    const list = el('div', { class: 'problem-list', role: 'list', tabIndex: 0, aria: { label: 'Problems' } });
    fill(list, ...problems.slice(0, shownRows).map((problem) => this.row(problem)));
    const none = info.value === null ? 'Collecting problems…' : 'No problems were found.';
    fill(
      this.element,
      div('help-head', span('help-title', 'Problems'), close),
      problems.length === 0 ? div('note-text', none) : list,
      rest > 0 ? div('quiet problems-rest', `${count(rest)} more are not listed.`) : null,
    );
  }

  private row({ severity, file, line, field, message }: Problem): HTMLElement {
    const { session } = this;
    const open = () => {
      this.element.close();
      session.host.call('editor/openPlace', { file, line }).catch((error: unknown) => session.report(error));
    };
    const place = [line === null ? file : `${file}:${line}`, field].filter((part) => part !== null);
    return el(
      'div',
      { class: `problem ${severity}`, role: 'listitem' },
      icon(severity === 'error' ? 'error' : 'warning', `problem-icon ${severity}`),
      el('span', { class: 'problem-message', title: message }, message),
      linkButton(place.join(' · '), open),
    );
  }
}
