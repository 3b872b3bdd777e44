import type { StripFrame } from '../../../src/core/trajectory/frameStrip';
import { pathOf } from '../../canvas/maskPaint';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import type { Session } from '../store/session';
import { onAny } from '../store/signal';
import { counted } from '../words';
import { frameWords } from './frameWords';
import type { LookStore } from './lookStore';
import type { Look } from './looks';
import { masksOf } from './masks';
import { Thumbs } from './thumbs';
import { TimeAxis } from './timeAxis';

const room = { width: 92, height: 52 };
/** Steps made at once; a video skimmed at one frame a second has hundreds. */
const most = 1000;

const stateWords: Readonly<Record<Look['state'], string>> = {
  seen: '',
  refused: 'refused',
  notRun: 'not run',
  unplaced: 'not placed',
};

/** What the policy saw, picture by picture: one of them is on show. Calls that brought nothing stand dashed in their place. */
export class LookStrip {
  readonly element = el('div', { class: 'look-strip', role: 'group', aria: { label: 'What the policy saw' } });
  private readonly steps = div('look-steps');
  private readonly thumbs: Thumbs;
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly axis = new TimeAxis();

  constructor(
    private readonly session: Session,
    private readonly store: LookStore,
  ) {
    this.thumbs = new Thumbs(session, this.steps);
    this.previous = iconButton({ icon: 'chevron-left', label: 'Step back', keys: ',', onClick: () => store.step(-1) });
    this.next = iconButton({ icon: 'chevron-right', label: 'Next step', keys: '.', onClick: () => store.step(1) });
    this.element.append(this.axis.element, this.previous, this.steps, this.next);
    store.looks.on(() => this.paint());
    onAny(() => this.mark(), [session.look, session.chain]);
    this.paint();
  }

  /** Keyboard focus is on one of the steps. */
  get focused(): boolean {
    return this.element.contains(document.activeElement);
  }

  focus(): void {
    this.button(this.session.look.value)?.focus();
  }

  private paint(): void {
    const { list, video } = this.store.looks.value;
    const focused = this.steps.contains(document.activeElement);
    this.thumbs.clear();
    this.axis.show(video);
    fill(this.steps, ...list.slice(0, most).map((look) => this.step(look)));
    if (list.length > most) this.steps.append(span('quiet', `${counted(list.length - most, 'more step')} by keys`));
    this.mark();
    if (focused) this.focus();
  }

  private step(look: Look): HTMLElement {
    const frame = div('look-frame');
    const words = stateWords[look.state];
    if (look.picture === null) fill(frame, icon('circle-slash'), span('', words));
    else this.thumbs.add({ frame, picture: look.picture, room, onShown: () => this.paintMask(look, frame) });
    const title = look.reason === null ? look.title : `${look.title}\n${look.reason}`;
    const node = el(
      'button',
      {
        class: `look-step ${look.state}${look.frame?.chosen ? ' picked' : ''}`,
        title,
        tabIndex: -1,
        aria: { label: title.replace('\n', '. ') },
      },
      frame,
      span('look-badge', look.badge),
      look.number !== '' && span('look-number', look.number),
      look.frame !== null && this.time(look.frame),
    );
    node.type = 'button';
    node.addEventListener('click', () => this.session.look.set(look.index));
    return node;
  }

  /** Below a frame: its time, marked where the policy chose it. */
  private time(frame: StripFrame): HTMLElement {
    return span('look-time', frame.chosen && icon('target'), frameWords(frame));
  }

  /** Over a click's thumbnail: the mask that it led to. */
  private paintMask(look: Look, frame: HTMLElement): void {
    const { rollout, groupImage } = this.session;
    const [mask] = masksOf(rollout, look, groupImage.value, false).masks;
    const canvas = frame.querySelector('canvas');
    const context = canvas?.getContext('2d') ?? null;
    if (mask === undefined || canvas === null || context === null || groupImage.value === null) return;
    const scale = canvas.width / groupImage.value.width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.globalAlpha = 0.6;
    context.fillStyle = getComputedStyle(this.element).getPropertyValue('--ink-0');
    context.fill(pathOf(mask.loops), 'evenodd');
  }

  private mark(): void {
    const { kind, list, video } = this.store.looks.value;
    const pictures = list.length > 1 && (kind !== 'zoom' || this.session.chain.value);
    this.element.hidden = !pictures && video === null;
    for (const part of [this.previous, this.steps, this.next])
      part.hidden = !pictures && (list[0]?.frame ?? null) === null;
    this.axis.point(this.store.current?.frame ?? null);
    const now = this.session.look.value;
    const focused = this.focused;
    for (const [i, node] of [...this.steps.querySelectorAll<HTMLElement>('.look-step')].entries()) {
      node.classList.toggle('current', i === now);
      setAria(node, 'current', i === now ? 'step' : null);
      node.tabIndex = i === now ? 0 : -1;
      if (i === now && !this.element.hidden) node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      if (i === now && focused) node.focus();
    }
    this.previous.disabled = now <= 0;
    this.next.disabled = now >= list.length - 1;
  }

  private button(index: number): HTMLElement | null {
    return this.steps.querySelectorAll<HTMLElement>('.look-step')[index] ?? null;
  }
}
