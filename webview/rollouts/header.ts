import type { TraceProgress } from '../../src/protocol/data';
import { div, el, setText, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { iconButton, setPressed } from '../ui/iconButton';
import { progressBar } from '../ui/progressBar';
import type { Session } from './store/session';
import { count, counted } from './words';

export interface HeaderActions {
  readonly showProblems: () => void;
  readonly toggleHelp: () => void;
  readonly toggleOverview: () => void;
}

/** The line above everything: what is open, how much of it was read, what is wrong with it. */
export class Header {
  readonly element: HTMLElement;
  private readonly counts = span('header-counts');
  private readonly problems: HTMLButtonElement;
  private readonly problemCount = span('', '');
  private readonly overview: HTMLButtonElement;
  private readonly bar = progressBar('Reading the trace');

  constructor(session: Session, actions: HeaderActions) {
    const { welcome } = session;
    this.overview = el(
      'button',
      { class: 'icon-button text', title: 'Overview of the run (O)', aria: { pressed: false } },
      icon('graph-line'),
      'Overview',
    );
    this.overview.type = 'button';
    this.overview.addEventListener('click', actions.toggleOverview);
    this.problems = el('button', { class: 'icon-button wide' }, icon('warning'), this.problemCount);
    this.problems.type = 'button';
    this.problems.addEventListener('click', actions.showProblems);
    this.element = el(
      'header',
      { class: 'header' },
      el('h1', { class: 'header-name', title: welcome.name }, welcome.name),
      el('span', { class: 'header-format', title: welcome.reason }, welcome.formatTitle),
      welcome.samples &&
        el('span', { class: 'tag calm', title: 'Made by this project’s own generator' }, 'synthetic sample'),
      this.counts,
      div('toolbar-gap'),
      this.overview,
      this.problems,
      iconButton({ icon: 'keyboard', label: 'Keys', keys: '?', onClick: actions.toggleHelp }),
      this.bar.element,
    );
    session.progress.on((progress) => this.paint(progress));
    this.paint(session.progress.value);
  }

  setOverview(shown: boolean): void {
    setPressed(this.overview, shown);
  }

  private paint(progress: TraceProgress): void {
    const { rollouts, samples, groups } = progress;
    // A sample stands alone: how many groups they make says nothing.
    const facts =
      samples > 0 && samples === rollouts
        ? [counted(samples, 'sample')]
        : [counted(rollouts, 'rollout'), counted(groups, 'group')];
    const share = progress.bytesTotal > 0 ? progress.bytesRead / progress.bytesTotal : 0;
    const measured = rollouts > 0 ? progress.measured / rollouts : 0;
    if (!progress.done) facts.push(`reading ${Math.floor(share * 100)} %`);
    else if (progress.measured < rollouts) facts.push(`reading responses ${Math.floor(measured * 100)} %`);
    setText(this.counts, facts.join(' · '));
    this.bar.set(!progress.done ? share : progress.measured < rollouts ? measured : null);
    const text = counted(progress.problems, 'problem');
    this.problems.hidden = progress.problems === 0;
    // Samples have no responses, and a run is more than one rollout.
    this.overview.hidden = rollouts - samples < 2;
    setText(this.problemCount, count(progress.problems));
    this.problems.title = `${text} in the files (E)`;
    this.problems.setAttribute('aria-label', text);
  }
}
