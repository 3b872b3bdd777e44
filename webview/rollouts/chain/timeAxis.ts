import { type FrameStrip, placeOf, type StripFrame } from '../../../src/core/trajectory/frameStrip';
import type { Interval } from '../../../src/core/trajectory/rollout';
import { div, el, fill, span } from '../../ui/dom';
import { axisLanes } from './axisLanes';
import { momentWords, placeWords, withoutPictures } from './frameWords';

/** Segments made at once. */
const most = 200;

/** Time from the beginning of a video, or its frames: stretches that the policy named as numbered segments, and the frame on show. */
export class TimeAxis {
  readonly element = div('time-axis');
  private readonly cursor = div('time-cursor');
  private end = 0;
  private unit: FrameStrip['unit'] = 'seconds';

  show(video: FrameStrip | null): void {
    this.end = video?.end ?? 0;
    this.element.hidden = video === null || this.end <= 0;
    if (video === null || this.element.hidden) return;
    this.unit = video.unit;
    const shown = video.intervals.slice(0, most);
    const lanes = axisLanes(shown, this.end);
    const segments = shown.map((interval, i) => this.segment(interval, i, lanes[i] ?? 0));
    this.element.style.setProperty('--lanes', String(Math.max(0, ...lanes) + 1));
    const places = video.frames.flatMap((frame) => placeOf(frame, this.unit) ?? []);
    const note = withoutPictures(video);
    fill(
      this.element,
      span('time-end', placeWords(0, this.unit)),
      div('time-track', ...places.slice(0, most).map((place) => this.tick(place)), ...segments, this.cursor),
      span('time-end', placeWords(this.end, this.unit)),
      note !== null && span('time-note', note),
    );
  }

  /** Null while no frame is on show. */
  point(frame: StripFrame | null): void {
    const place = frame === null ? null : placeOf(frame, this.unit);
    this.cursor.hidden = place === null;
    if (place !== null) this.cursor.style.left = this.share(place);
  }

  private segment(interval: Interval, index: number, lane: number): HTMLElement {
    const words = momentWords(interval, index, this.unit);
    const label = `${index + 1}${interval.description === null ? '' : ` ${interval.description}`}`;
    const node = el('div', { class: 'time-segment', role: 'img', title: words, aria: { label: words } }, label);
    // A moment at the very end keeps room for its number.
    node.style.left = `min(${this.share(interval.start)}, 100% - 16px)`;
    node.style.setProperty('--lane', String(lane));
    node.style.width = this.share(interval.end - interval.start);
    return node;
  }

  private tick(place: number): HTMLElement {
    const node = div('time-tick');
    node.style.left = this.share(place);
    return node;
  }

  private share(place: number): string {
    return `${(place / this.end) * 100}%`;
  }
}
