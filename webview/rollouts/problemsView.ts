import type { Problem } from '../../src/core/text/problem';
import type { TraceInfo } from '../../src/protocol/data';
import { div, el, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { linkButton } from '../ui/iconButton';
import type { Session } from './store/session';
import { emptyLine } from './turns/turnsView';
import { count } from './words';

/** Rows made at once. */
const shownRows = 500;

/** What is wrong with the trace's data, by file, line and field. */
export class ProblemsView {
  readonly element = div('problems');

  constructor(private readonly session: Session) {
    this.element.tabIndex = 0;
    session.info.on(() => this.paint());
    session.state.on(() => this.paint());
  }

  paint(): void {
    const { info, progress } = this.session;
    if (info.value === null || info.value.problemCount < progress.value.problems) void this.session.loadInfoOnce();
    if (info.value === null) {
      fill(this.element, emptyLine('loading', 'Collecting problems…'));
      return;
    }
    const none = emptyLine('check', 'No problems were found in the files read so far.');
    const list = info.value.problemCount === 0 ? none : problemList(info.value, this.session);
    fill(this.element, ...this.session.state.value.unsplit.map((file) => this.unsplit(file)), list);
  }

  /** What the user changed about how a file is read, with the way back. */
  private unsplit(file: string): HTMLElement {
    const again = () => void this.session.perform({ kind: 'setSplits', file, infer: true });
    return div(
      'problem info',
      icon('info', 'problem-icon'),
      span('problem-message', `${file}: each response is read as one turn`),
      linkButton('Infer turns again', again),
    );
  }
}

/** Problems as rows, each with a link to its place; how many more there are when they are too many. */
export function problemList({ problems, problemCount }: TraceInfo, session: Session): HTMLElement {
  const rows = problems.slice(0, shownRows).map((problem) => problemRow(problem, session));
  const rest = problemCount - rows.length;
  return div(
    'problem-list',
    el('div', { role: 'list', aria: { label: 'Problems' } }, ...rows),
    rest > 0 ? div('quiet', `${count(rest)} more are not listed.`) : null,
  );
}

function problemRow(problem: Problem, session: Session): HTMLElement {
  const { file, line } = problem;
  const open = () =>
    void session.host.call('editor/openPlace', { file, line }).catch((error: unknown) => session.report(error));
  const place = [
    problem.line === null ? problem.file : `${problem.file}:${problem.line}`,
    problem.element === null ? null : `element ${problem.element}`,
    problem.field,
  ];
  return el(
    'div',
    { class: `problem ${problem.severity}`, role: 'listitem' },
    icon(problem.severity === 'error' ? 'error' : 'warning', `problem-icon ${problem.severity}`),
    el('span', { class: 'problem-message', title: problem.message }, problem.message),
    linkButton(place.filter((part) => part !== null).join(' · '), open),
  );
}
