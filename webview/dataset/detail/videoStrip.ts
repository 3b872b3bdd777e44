import { clock } from '../../rollouts/chain/frameWords';
import { onAny, oncePerFrame, Signal } from '../../rollouts/store/signal';
import { count, counted } from '../../rollouts/words';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import type { KeyAction } from '../keys';
import type { DatasetSession } from '../store/session';
import type { DetailState } from './detailState';
import { VideoFrames } from './videoFrames';

/** CSS pixels from one frame of the strip to the next. */
const pitch = 100;
const thumbSide = 96;
/** Stretches of the axis that have a mark of their own. */
const bins = 240;

/** Below one frame of a video: its neighbours, those with annotations and keyframes marked, and where in the video they are. */
export class VideoStrip {
  readonly element = el('div', { class: 'video-strip', role: 'group', aria: { label: 'Frames of the video' } });
  private readonly frames: VideoFrames;
  private readonly title = div('video-title');
  private readonly axis = el('div', { class: 'video-axis', aria: { hidden: true } });
  private readonly cursor = div('video-cursor');
  private readonly cells = div('video-frames');
  private readonly buttons: Readonly<
    Record<'previousKeyframe' | 'previousFrame' | 'nextFrame' | 'nextKeyframe', HTMLButtonElement>
  >;
  private readonly width = new Signal(0);
  /** Places that the strip shows: [from, to). */
  private shown = { from: 0, to: 0 };

  constructor(
    private readonly session: DatasetSession,
    private readonly state: DetailState,
  ) {
    this.frames = new VideoFrames(session);
    const button = (
      action: keyof VideoStrip['buttons'],
      name: Parameters<typeof iconButton>[0]['icon'],
      label: string,
      keys: string,
    ) => [action, iconButton({ icon: name, label, keys, onClick: () => this.perform(action) })] as const;
    this.buttons = Object.fromEntries([
      button('previousKeyframe', 'arrow-small-left', 'Previous keyframe', 'Shift+Page Up'),
      button('previousFrame', 'chevron-left', 'Previous frame', 'Page Up'),
      button('nextFrame', 'chevron-right', 'Next frame', 'Page Down'),
      button('nextKeyframe', 'arrow-small-right', 'Next keyframe', 'Shift+Page Down'),
    ]) as VideoStrip['buttons'];
    const { previousKeyframe, previousFrame, nextFrame, nextKeyframe } = this.buttons;
    const bar = div('video-bar', this.title, previousKeyframe, previousFrame, nextFrame, nextKeyframe);
    fill(this.element, bar, this.axis, this.cells);
    this.element.hidden = true;
    this.axis.addEventListener('pointerdown', (event) => this.jump(event));
    new ResizeObserver(() => this.width.set(this.cells.clientWidth)).observe(this.cells);
    this.frames.video.on(() => {
      this.element.hidden = this.frames.video.value === null;
      this.paintAxis();
    });
    const paint = oncePerFrame(() => this.paint());
    onAny(paint, [this.frames.video, this.frames.place, this.width, session.rows, state.image]);
  }

  /** False for an action that is none of a video's, and where the image is no frame. */
  perform(action: KeyAction): boolean {
    const { frames } = this;
    const place = frames.place.value;
    if (place < 0) return false;
    switch (action) {
      case 'previousFrame':
      case 'nextFrame':
        frames.go(place + (action === 'nextFrame' ? 1 : -1));
        return true;
      case 'firstFrame':
      case 'lastFrame':
        frames.go(action === 'firstFrame' ? 0 : frames.count - 1);
        return true;
      case 'previousKeyframe':
      case 'nextKeyframe': {
        const next = action === 'nextKeyframe';
        if (!frames.go(frames.keyframe(next ? 1 : -1))) this.session.say(`No ${next ? 'later' : 'earlier'} keyframe.`);
        return true;
      }
      default:
        return false;
    }
  }

  snapshot(): unknown {
    const { video, place, count: all } = this.frames;
    return { video: video.value?.video ?? null, place: place.value, frames: all, shown: this.shown };
  }

  private paint(): void {
    const { frames, buttons, session } = this;
    const place = frames.place.value;
    if (frames.video.value === null || place < 0) return;
    const room = Math.max(1, Math.floor(this.width.value / pitch));
    const from = Math.max(0, Math.min(place - Math.floor(room / 2), frames.count - room));
    this.shown = { from, to: Math.min(frames.count, from + room) };
    const places = Array.from({ length: this.shown.to - from }, (_, i) => from + i);
    const focused = this.cells.contains(document.activeElement);
    fill(this.cells, ...places.map((at) => this.cell(at)));
    if (focused) this.cells.querySelector<HTMLElement>('.current')?.focus();
    const pixels = thumbSide * devicePixelRatio;
    if (session.mode.value === 'detail')
      session.thumbs.want(
        places.toSorted((a, b) => Math.abs(a - place) - Math.abs(b - place)).map((at) => frames.imageAt(at)),
        pixels,
      );
    setText(this.title, this.words(place));
    this.title.title = this.title.textContent ?? '';
    this.cursor.style.left = this.share(place);
    buttons.previousFrame.disabled = place === 0;
    buttons.nextFrame.disabled = place === frames.count - 1;
    buttons.previousKeyframe.disabled = frames.keyframe(-1) < 0;
    buttons.nextKeyframe.disabled = frames.keyframe(1) < 0;
  }

  private cell(place: number): HTMLElement {
    const { frames, session } = this;
    const current = place === frames.place.value;
    const thumb = session.thumbs.get(frames.imageAt(place), thumbSide * devicePixelRatio);
    const picture = div('video-picture');
    if (thumb?.kind === 'there') {
      const image = el('img', { class: 'video-thumb' });
      image.alt = '';
      image.src = thumb.url;
      fill(picture, image);
    } else if (thumb !== null) fill(picture, icon('file-media'));
    // What was drawn on this image since the video came is known at once.
    const annotated = current ? this.state.annotations.length > 0 : frames.has(place, 'annotated');
    const key = frames.has(place, 'keyframe');
    const marks = [...(annotated ? ['with annotations'] : []), ...(key ? ['keyframe'] : [])];
    const label = [`Frame ${this.name(place)}`, ...marks].join(', ');
    const node = el(
      'button',
      {
        class: `video-frame${current ? ' current' : ''}${annotated ? ' annotated' : ''}${key ? ' keyframe' : ''}`,
        title: thumb?.kind === 'failed' ? `${label}\n${thumb.message}` : label,
        tabIndex: current ? 0 : -1,
        aria: { label },
      },
      picture,
      span('video-name', span('video-mark'), this.name(place)),
    );
    node.type = 'button';
    setAria(node, 'current', current ? 'true' : null);
    node.addEventListener('click', () => frames.go(place));
    return node;
  }

  /** A tick for every stretch with annotations, a longer one where a keyframe is among them. */
  private paintAxis(): void {
    const { frames } = this;
    const ticks = new Map<number, { readonly at: number; key: boolean }>();
    for (let at = 0; at < frames.count; at++) {
      if (!frames.has(at, 'annotated')) continue;
      const bin = Math.floor((at * bins) / Math.max(bins, frames.count));
      const tick = ticks.get(bin) ?? { at, key: false };
      tick.key ||= frames.has(at, 'keyframe');
      ticks.set(bin, tick);
    }
    const nodes = [...ticks.values()].map(({ at, key }) => {
      const node = div(key ? 'video-tick keyframe' : 'video-tick');
      node.style.left = this.share(at);
      return node;
    });
    fill(this.axis, ...nodes, this.cursor);
  }

  private jump(event: PointerEvent): void {
    const { left, width } = this.axis.getBoundingClientRect();
    const last = this.frames.count - 1;
    const at = Math.round(((event.clientX - left) / Math.max(1, width)) * last);
    event.preventDefault();
    this.frames.go(Math.max(0, Math.min(at, last)));
  }

  private share(place: number): string {
    return `${(place / Math.max(1, this.frames.count - 1)) * 100}%`;
  }

  /** Its number, else its time. */
  private name(place: number): string {
    const { video } = this.frames;
    const [frame, time] = [video.value?.frames[place] ?? Number.NaN, video.value?.times[place] ?? Number.NaN];
    if (Number.isNaN(frame)) return Number.isNaN(time) ? String(place + 1) : clock(time);
    return String(frame);
  }

  private words(place: number): string {
    const video = this.frames.video.value;
    if (video === null) return '';
    const time = video.times[place] ?? Number.NaN;
    const annotated = video.marks.reduce((sum, _, at) => sum + (this.frames.has(at, 'annotated') ? 1 : 0), 0);
    return [
      video.video,
      `${count(place + 1)} of ${counted(video.images.length, 'frame')}`,
      ...(Number.isNaN(time) ? [] : [clock(time)]),
      ...(annotated === 0 ? [] : [`${count(annotated)} with annotations`]),
    ].join(' · ');
  }
}
