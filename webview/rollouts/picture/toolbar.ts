import { GROUP_PAGE } from '../../../src/protocol/data';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { iconButton, setPressed } from '../../ui/iconButton';
import type { LookStore } from '../chain/lookStore';
import type { KeyAction } from '../keys';
import type { MaskEdits } from '../masks/maskEdits';
import type { BoxEdits } from '../notes/boxEdits';
import type { Session } from '../store/session';
import { onAny } from '../store/signal';
import { shortReward, spokenReward } from '../words';
import type { MarkStore } from './markStore';
import { siblingPalette } from './marks';

/** The bar above the picture: the group's rollouts to draw, what else to draw, and the zoom. */
export class Toolbar {
  readonly element = div('toolbar');
  private readonly chips = el('div', {
    class: 'chips',
    role: 'group',
    aria: { label: 'Rollouts of the group to draw' },
  });
  private readonly zoom = span('zoom-percent', '100 %');
  private readonly zooms = div('zooms');
  private readonly all: HTMLElement;
  private readonly truth: HTMLElement;
  private readonly task: HTMLElement;
  private readonly meant: HTMLElement;
  private readonly chain: HTMLElement;
  private readonly edit: HTMLElement;
  private readonly revert: HTMLElement;
  private readonly segment: HTMLElement;
  private drawn = '';
  /** Group and rewards whose chips were given room last. */
  private fitted = '';

  constructor(
    private readonly session: Session,
    private readonly looks: LookStore,
    private readonly store: MarkStore,
    /** Makes what a button does. */
    act: (action: KeyAction) => () => void,
  ) {
    this.all = iconButton({
      icon: 'layers',
      label: 'Draw all rollouts of the group',
      keys: 'A',
      pressed: false,
      onClick: act('toggleAllSiblings'),
    });
    this.truth = toggle('gt', 9, 'Ground truth boxes (T)', act('toggleTruth'));
    this.task = toggle('task', 10, 'Boxes of the task model', () => session.taskBoxes.set(!session.taskBoxes.value));
    this.meant = toggle(
      'meant',
      0,
      'Boxes as the policy meant them, where the tool cut others (M)',
      act('toggleMeant'),
    );
    this.meant.classList.add('dotted');
    this.chain = iconButton({
      icon: 'eye',
      label: 'What the policy saw',
      keys: 'C',
      pressed: false,
      onClick: act('toggleChain'),
    });
    this.edit = iconButton({
      icon: 'edit',
      label: 'Edit boxes',
      keys: 'Shift+E',
      pressed: false,
      onClick: act('editBoxes'),
    });
    this.revert = iconButton({
      icon: 'discard',
      label: 'Logged box again',
      keys: 'Backspace',
      onClick: act('revertBox'),
    });
    this.segment = iconButton({
      icon: 'wand',
      label: 'Segment: clicks to masks',
      keys: 'Shift+O',
      pressed: false,
      onClick: act('segment'),
    });
    const toggles = [this.meant, this.truth, this.task, this.chain, this.revert, this.edit, this.segment];
    this.element.append(this.all, this.chips, div('toolbar-gap'), ...toggles, this.zooms);
    this.zooms.append(
      iconButton({ icon: 'zoom-out', label: 'Zoom out', keys: '−', onClick: act('zoomOut') }),
      this.zoom,
      iconButton({ icon: 'zoom-in', label: 'Zoom in', keys: '+', onClick: act('zoomIn') }),
      iconButton({ icon: 'screen-full', label: 'Fit the image', keys: 'F', onClick: act('fit') }),
      textButton('1:1', 'One screen pixel per image pixel (Z)', act('actualSize')),
    );
    // Toggles come and go beside the chips, and the pane is dragged.
    new ResizeObserver(() => this.fit()).observe(this.chips);
    this.element.setAttribute('role', 'toolbar');
    setAria(this.element, 'label', 'Picture');
    const paint = () => this.paint();
    onAny(paint, [session.place, session.detail, session.siblings, session.truth, session.taskBoxes]);
    onAny(paint, [session.chain, session.meant, looks.looks, store.marks]);
    this.paint();
  }

  /** Whether boxes are edited, the selected one is, and masks are drawn: known once the picture is there. */
  follow(boxes: BoxEdits, masks: MaskEdits): void {
    const paint = () => {
      setPressed(this.edit, boxes.on.value);
      setPressed(this.segment, masks.on.value);
      this.revert.hidden = !boxes.canRevert;
    };
    onAny(paint, [boxes.on, masks.on, this.session.region, this.store.marks]);
    paint();
  }

  setZoom(scale: number): void {
    const percent = scale * 100;
    setText(this.zoom, `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`);
  }

  private paint(): void {
    const { place, siblings, truth, taskBoxes, rollout, group, summary } = this.session;
    this.zooms.hidden = group !== null && group.image.kind !== 'resolved' && this.looks.screen === null;
    this.edit.hidden = this.zooms.hidden || rollout === null || this.looks.screen !== null;
    this.segment.hidden = this.edit.hidden;
    const { kind, list } = this.looks.looks.value;
    this.chain.hidden = kind !== 'zoom' || list.length < 2;
    setPressed(this.chain, this.session.chain.value);
    this.meant.hidden = !this.store.own.some(({ executed }) => executed);
    setPressed(this.meant, this.session.meant.value);
    setPressed(this.truth, truth.value);
    setPressed(this.task, taskBoxes.value);
    const truths = (rollout?.truthBoxes.length ?? 0) + (rollout?.truthMask === undefined ? 0 : 1);
    this.truth.hidden = this.zooms.hidden || truths === 0;
    this.task.hidden = this.zooms.hidden || (rollout?.taskBoxes.length ?? 0) === 0;
    const members = summary?.rollouts ?? [];
    this.all.hidden = members.length < 2;
    setPressed(
      this.all,
      members.length > 1 && members.every(({ member: m }) => m === place.value?.member || siblings.value.has(m)),
    );
    const key = JSON.stringify([
      summary?.group,
      place.value?.member,
      [...siblings.value],
      members.map((m) => [m.member, m.reward]),
    ]);
    if (key === this.drawn) return;
    this.drawn = key;
    const chips = members.length < 2 ? [] : members.map(({ member, reward }) => this.chip(member, reward));
    fill(this.chips, ...chips);
    // Another member of the same group needs no more room, and measuring lays the whole page out once more.
    const rewards = JSON.stringify([summary?.group, members.map(({ reward }) => reward)]);
    if (rewards === this.fitted) return;
    this.fitted = rewards;
    requestAnimationFrame(() => this.fit());
  }

  /** Where not all chips have room, those of rollouts that are not drawn go without their reward: the list has it. */
  private fit(): void {
    this.chips.classList.remove('tight');
    this.chips.classList.toggle('tight', this.chips.scrollWidth > this.chips.clientWidth);
  }

  private chip(member: number, reward: number | null): HTMLElement {
    const selected = this.session.place.value?.member === member;
    const on = selected || this.session.siblings.value.has(member);
    const number = el('span', { class: 'ink-number' }, String(member + 1));
    if (on) number.dataset.ink = selected ? '0' : String(siblingPalette(member));
    const keys = member < 9 ? ` (${member + 1})` : '';
    const node = el(
      'button',
      {
        class: `chip${selected ? ' own' : ''}`,
        title: selected ? 'The selected rollout' : `${on ? 'Hide' : 'Draw'} rollout ${member + 1}${keys}`,
        aria: { pressed: on, label: `Rollout ${member + 1}, ${spokenReward(reward)}` },
      },
      number,
      span('chip-reward', shortReward(reward)),
    );
    node.type = 'button';
    node.addEventListener('click', () => toggleSibling(this.session, member));
    return node;
  }
}

/** Members of the selected group that can be drawn: its first page, whatever the list is filtered by. */
function membersOf(session: Session): readonly number[] {
  const size = session.place.value === null ? 0 : session.lists.sizeOf(session.place.value.group);
  return Array.from({ length: Math.min(size, GROUP_PAGE) }, (_, member) => member);
}

/** Draws another rollout of the group, or no longer; on the selected one it only says so. */
export function toggleSibling(session: Session, member: number): void {
  const place = session.place.value;
  if (place === null || !membersOf(session).includes(member)) return;
  if (place.member === member) {
    session.say(`Rollout ${member + 1} is the selected one.`);
    return;
  }
  const next = new Set(session.siblings.value);
  if (!next.delete(member)) next.add(member);
  session.siblings.set(next);
  session.speak(`Rollout ${member + 1} ${next.has(member) ? 'drawn' : 'hidden'}.`);
}

/** All rollouts of the group, or none when all are drawn. */
export function toggleAllSiblings(session: Session): void {
  const place = session.place.value;
  if (place === null) return;
  const members = membersOf(session);
  const others = members.filter((member) => member !== place.member);
  const all = others.every((member) => session.siblings.value.has(member));
  session.siblings.set(new Set(all ? [] : others));
  session.speak(all ? 'Only the selected rollout is drawn.' : `All ${members.length} rollouts are drawn.`);
}

function toggle(text: string, ink: number, title: string, onClick: () => void): HTMLElement {
  const node = el(
    'button',
    { class: 'chip', title, aria: { pressed: false } },
    el('span', { class: 'ink-line', data: { ink } }),
    text,
  );
  node.type = 'button';
  node.addEventListener('click', onClick);
  return node;
}

function textButton(text: string, title: string, onClick: () => void): HTMLElement {
  const node = el('button', { class: 'icon-button text', title, aria: { label: title } }, text);
  node.type = 'button';
  node.addEventListener('click', onClick);
  return node;
}
