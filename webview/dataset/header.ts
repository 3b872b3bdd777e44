import { onAny } from '../rollouts/store/signal';
import { count, counted } from '../rollouts/words';
import { div, el, setText, span } from '../ui/dom';
import { icon } from '../ui/icon';
import { iconButton, setPressed } from '../ui/iconButton';
import { progressBar } from '../ui/progressBar';
import type { DatasetSession } from './store/session';

export interface HeaderActions {
  readonly closeImage: () => void;
  readonly showProblems: () => void;
  readonly toggleStatistics: () => void;
  readonly showRollouts: () => void;
  readonly exportImages: () => void;
  readonly toggleHelp: () => void;
}

/** The line above everything: what is open, how much of it was read, what is wrong with it. */
export class Header {
  readonly element: HTMLElement;
  private readonly counts = span('header-counts');
  private readonly problems: HTMLButtonElement;
  private readonly problemCount = span('');
  private readonly statistics: HTMLButtonElement;
  private readonly bar = progressBar('Reading the images');

  constructor(
    private readonly session: DatasetSession,
    actions: HeaderActions,
  ) {
    const { welcome, mode, progress, info } = session;
    const back = iconButton({
      icon: 'chevron-left',
      label: 'Back to all images',
      keys: 'Esc',
      onClick: actions.closeImage,
    });
    this.statistics = el(
      'button',
      { class: 'icon-button text', title: 'Statistics (O)', aria: { pressed: false } },
      icon('graph-line'),
      'Statistics',
    );
    this.statistics.type = 'button';
    this.statistics.addEventListener('click', actions.toggleStatistics);
    this.problems = el('button', { class: 'icon-button wide' }, icon('warning'), this.problemCount);
    this.problems.type = 'button';
    this.problems.addEventListener('click', actions.showProblems);
    this.element = el(
      'header',
      { class: 'header' },
      back,
      el('h1', { class: 'header-name', title: welcome.name }, welcome.name),
      el('span', { class: 'header-format', title: welcome.reason }, welcome.formatTitle),
      this.counts,
      div('toolbar-gap'),
      this.statistics,
      this.problems,
      iconButton({
        icon: 'git-compare',
        label: 'Show rollouts on images',
        keys: 'Shift+J',
        onClick: actions.showRollouts,
      }),
      iconButton({ icon: 'export', label: 'Export images', keys: 'Shift+E', onClick: actions.exportImages }),
      iconButton({ icon: 'keyboard', label: 'Keys', keys: '?', onClick: actions.toggleHelp }),
      this.bar.element,
    );
    onAny(() => {
      back.hidden = mode.value === 'grid';
      this.statistics.hidden = mode.value === 'detail';
    }, [mode]);
    back.hidden = mode.value === 'grid';
    onAny(() => this.paint(), [progress, info]);
    this.paint();
  }

  setStatistics(shown: boolean): void {
    setPressed(this.statistics, shown);
  }

  private paint(): void {
    const { images, annotations, problems, done, bytesRead, bytesTotal } = this.session.progress.value;
    // What people added and removed counts once the set is read.
    const standing = done ? (this.session.info.value?.annotations ?? annotations) : annotations;
    const facts = [counted(images, 'image'), counted(standing, 'annotation')];
    const share = bytesTotal > 0 ? bytesRead / bytesTotal : 0;
    if (!done) facts.push(`reading ${Math.floor(share * 100)} %`);
    setText(this.counts, facts.join(' · '));
    this.bar.set(done ? null : share);
    const text = counted(problems, 'problem');
    this.problems.hidden = problems === 0;
    setText(this.problemCount, count(problems));
    this.problems.title = `${text} in the files (E)`;
    this.problems.setAttribute('aria-label', text);
  }
}
