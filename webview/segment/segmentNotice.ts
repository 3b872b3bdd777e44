import { button, progressRing } from '../ui/controls';
import { div, fill, span } from '../ui/dom';
import { icon } from '../ui/icon';
import type { SegmentTrouble } from './segmentSession';

/** Milliseconds until a wait is worth a word. */
const patience = 150;

/** What stands over the picture while a model is waited for, and when it gave no mask: words where the eye is, nothing in the way. */
export class SegmentNotice {
  readonly element = div('segment-notice');
  private shown = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly showLog: () => void,
    private readonly restart: () => void,
  ) {
    this.element.hidden = true;
    this.element.setAttribute('role', 'status');
  }

  /** `waiting` in words; null where nothing is waited for. */
  paint(waiting: string | null, trouble: SegmentTrouble | null): void {
    const now = trouble?.message ?? waiting ?? '';
    if (now === this.shown) return;
    this.shown = now;
    clearTimeout(this.timer);
    if (trouble !== null) this.show(icon('error'), span('', trouble.message), ...this.ways(trouble));
    else if (waiting === null) this.hide();
    else this.timer = setTimeout(() => this.show(progressRing(waiting), span('', waiting)), patience);
  }

  private ways({ down }: SegmentTrouble): HTMLElement[] {
    const log = button({ label: 'Show Log', onClick: this.showLog });
    return down ? [button({ label: 'Restart', primary: true, onClick: this.restart }), log] : [log];
  }

  private show(...content: HTMLElement[]): void {
    fill(this.element, ...content);
    this.element.hidden = false;
  }

  private hide(): void {
    this.element.hidden = true;
    fill(this.element);
  }
}
