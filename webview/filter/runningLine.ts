import { div, el, setText, span } from '../ui/dom';
import { linkButton } from '../ui/iconButton';
import { progressBar } from '../ui/progressBar';

/** What stands above the list while a query runs: how far a search is, and a way to stop it. */
export class RunningLine {
  /** Made once: a click must not lose its button while the words change. */
  readonly element: HTMLElement;
  /** Lines under the bar: one for what takes as long as it takes, one for a share that is known. */
  readonly bars: readonly HTMLElement[];
  private readonly words = span('');
  private readonly endless = el('div', {
    class: 'endless-line',
    role: 'progressbar',
    aria: { label: 'Filtering' },
    hidden: true,
  });
  private readonly share = progressBar('Texts searched');

  constructor(stop: () => void) {
    this.element = div('found-line', this.words, linkButton('Stop', stop, 'Stop (Esc)'));
    this.bars = [this.endless, this.share.element];
    this.paint(false, null);
  }

  /** A search of texts tells its share, 0–1; of other conditions nobody knows it. */
  paint(running: boolean, searched: number | null): void {
    const share = running ? searched : null;
    this.endless.hidden = !running || share !== null;
    this.share.set(share);
    setText(this.words, share === null ? 'Filtering…' : `Searching… ${Math.floor(100 * share)} %`);
  }
}
