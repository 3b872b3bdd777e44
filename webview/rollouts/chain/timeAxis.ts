import type { FrameStrip } from '../../../src/core/trajectory/frameStrip';
import type { Interval } from '../../../src/core/trajectory/rollout';
import { div, el, fill, span } from '../../ui/dom';
import { clock, momentWords } from './frameWords';

/** Segments made at once. */
const most = 200;

/** Time from the beginning of a video: moments that the policy named as numbered segments, and the frame on show. */
export class TimeAxis {
  readonly element = div('time-axis');
  private readonly cursor = div('time-cursor');
  private end = 0;

  show(video: FrameStrip | null): void {
    this.end = video?.end ?? 0;
    this.element.hidden = video === null || this.end <= 0;
    if (video === null || this.element.hidden) return;
    const segments = video.intervals.slice(0, most).map((interval, i) => this.segment(interval, i));
    const ticks = video.frames.flatMap(({ time }) => (time === null ? [] : [this.tick(time)])).slice(0, most);
    fill(
      this.element,
      span('time-end', clock(0)),
      div('time-track', ...ticks, ...segments, this.cursor),
      span('time-end', clock(this.end)),
    );
  }

  /** `time`: seconds; null while no frame with a time is on show. */
  point(time: number | null): void {
    this.cursor.hidden = time === null;
    if (time !== null) this.cursor.style.left = this.share(time);
  }

  private segment(interval: Interval, index: number): HTMLElement {
    const words = momentWords(interval, index);
    const label = `${index + 1}${interval.description === null ? '' : ` ${interval.description}`}`;
    const node = el('div', { class: 'time-segment', role: 'img', title: words, aria: { label: words } }, label);
    // A moment at the very end keeps room for its number.
    node.style.left = `min(${this.share(interval.start)}, 100% - 16px)`;
    node.style.width = this.share(interval.end - interval.start);
    return node;
  }

  private tick(time: number): HTMLElement {
    const node = div('time-tick');
    node.style.left = this.share(time);
    return node;
  }

  private share(seconds: number): string {
    return `${(seconds / this.end) * 100}%`;
  }
}
