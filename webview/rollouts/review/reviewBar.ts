import type { ReviewProgress } from '../../../src/protocol/review';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import { type MenuItem, showMenu } from '../../ui/menu';
import type { FilterBar } from '../filter/filterBar';
import { counted } from '../words';
import { canAsk, kindOf, reviewKinds } from './reviewQueries';
import { type ReviewStore, reviewedWords } from './reviewStore';

/** The line above the list that tells how far its review has come, and goes on with it. */
export class ReviewBar {
  readonly element: HTMLElement;
  private readonly words = span('review-words');
  private readonly done = div('review-done');
  private readonly meter = el('div', { class: 'review-meter', role: 'progressbar', aria: { label: 'Reviewed' } });
  private readonly menu: HTMLButtonElement;

  constructor(
    readonly store: ReviewStore,
    private readonly filter: FilterBar,
  ) {
    this.menu = el(
      'button',
      { class: 'review-menu', title: 'What to review (Shift+N)', aria: { haspopup: 'menu' } },
      icon('pass'),
      this.words,
      icon('chevron-down'),
    );
    this.menu.type = 'button';
    this.menu.addEventListener('click', () => this.open());
    const step = (direction: 1 | -1) => () => store.step(direction);
    this.element = el(
      'div',
      { class: 'review-bar', role: 'group', aria: { label: 'Review' }, hidden: true },
      this.menu,
      div('toolbar-gap'),
      iconButton({ icon: 'arrow-up', label: 'Previous unreviewed', keys: 'Shift+U', onClick: step(-1) }),
      iconButton({ icon: 'arrow-down', label: 'Next unreviewed', keys: 'U', onClick: step(1) }),
      iconButton({
        icon: 'pass',
        label: 'Mark reviewed and go on',
        keys: 'Shift+Y',
        onClick: () => store.markAndGoOn(),
      }),
      this.meter,
    );
    fill(this.meter, this.done);
    store.progress.on((progress) => this.paint(progress));
  }

  /** The menu of what the list shows for a review. */
  open(): void {
    const { filter } = this.store;
    const query = filter.query.value;
    const now = kindOf(query);
    const columns = filter.columns.value;
    const kinds = reviewKinds.map((kind): MenuItem => {
      const lacks = !canAsk(kind.query, columns);
      return {
        kind: 'item',
        label: kind.label,
        ...(lacks ? { note: 'nothing yet', title: kind.lacking } : {}),
        checked: now === kind.id,
        radio: true,
        run: () => void this.store.choose(kind),
      };
    });
    const own: MenuItem[] =
      now === null ? [{ kind: 'item', label: 'My filter', checked: true, radio: true, run: () => undefined }] : [];
    showMenu(this.menu, 'What to review', [
      ...kinds,
      ...own,
      { kind: 'item', label: 'Saved filters…', run: () => void this.filter.pick() },
      { kind: 'line' },
      { kind: 'item', label: 'Mark the group reviewed', note: 'Shift+W', run: () => this.store.markGroup() },
    ]);
  }

  private paint(progress: ReviewProgress | null): void {
    this.element.hidden = progress === null || progress.rollouts === 0;
    if (progress === null) return;
    const { reviewed, rollouts, groups, reviewedGroups } = progress;
    setText(this.words, reviewedWords(progress));
    const whole = `${reviewedGroups} of ${counted(groups, 'group')} whole`;
    this.menu.title = `${reviewedWords(progress)}, ${whole}. What to review (Shift+N)`;
    this.done.style.transform = `scaleX(${rollouts === 0 ? 0 : reviewed / rollouts})`;
    setAria(this.meter, 'valuemax', rollouts);
    setAria(this.meter, 'valuenow', reviewed);
    setAria(this.meter, 'valuetext', reviewedWords(progress));
  }
}
