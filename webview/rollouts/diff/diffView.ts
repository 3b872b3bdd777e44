import type { Rollout } from '../../../src/core/trajectory/rollout';
import { div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { type MenuItem, showMenu } from '../../ui/menu';
import { type GroupRow, standing } from '../group/groupRows';
import { siblingPalette } from '../picture/marks';
import { errorText, isCancelled } from '../store/host';
import { onAny, oncePerFrame } from '../store/signal';
import { emptyLine, roles } from '../turns/turnsView';
import { count, counted, shortReward, signed } from '../words';
import type { DiffSides, DiffStore } from './diffStore';
import { diffText } from './diffText';
import { type TextDiff, type TurnPair, textDiff, turnPairs } from './textDiff';

/** Two responses of a group, turn by turn: what only one of them says is struck or underlined, and both are on the image. */
export class DiffView {
  readonly element: HTMLElement;
  private readonly menu: HTMLButtonElement;
  private readonly menuText = span('', '');
  private readonly head = div('diff-head');
  private readonly body = div('diff-body');
  private readonly legend = div('diff-legend');
  /** The two rows on show; a comparison of others that still runs stops. */
  private shown = '';
  /** The member that this view laid over the image. */
  private drawn: number | null = null;

  constructor(private readonly store: DiffStore) {
    const { edits, sort } = store.groups;
    const { session } = edits;
    this.menu = el(
      'button',
      { class: 'diff-menu', title: 'What to compare the response with (Shift+A)', aria: { haspopup: 'menu' } },
      this.menuText,
      icon('chevron-down'),
    );
    this.menu.type = 'button';
    this.menu.addEventListener('click', () => this.choose());
    this.element = div('diff', this.head, this.body);
    this.element.tabIndex = 0;
    const soon = oncePerFrame(() => {
      if (!this.element.hidden) this.paint();
    });
    onAny(soon, [session.place, session.detail, edits.store.version, store.chosen, sort]);
  }

  paint(): void {
    const { sides } = this.store;
    if (sides === null) {
      this.shown = '';
      this.leave();
      fill(this.head);
      fill(this.body, emptyLine('git-compare', this.reason));
      return;
    }
    this.paintHead(sides);
    this.draw(sides.other.member);
    const now = `${sides.group}:${sides.other.row}:${sides.own.row}`;
    if (now === this.shown) return;
    this.shown = now;
    void this.compare(sides, now);
  }

  /** Another tab is shown: what was laid over the image for this one goes. */
  leave(): void {
    this.draw(null);
  }

  /** The menu of rollouts to compare with. */
  choose(): void {
    const { chosen, sides } = this.store;
    const rows = this.store.groups.shown?.rows ?? [];
    if (sides === null) {
      this.store.groups.edits.session.say(this.reason);
      return;
    }
    const ranked = rows.some(({ rank }) => rank !== null);
    const rule = (kind: 'best' | 'preferred', label: string): MenuItem => {
      const checked = chosen.value?.kind === kind || (chosen.value === null && (kind === 'preferred') === ranked);
      return { kind: 'item', label, checked, radio: true, run: () => chosen.set({ kind }) };
    };
    const others = rows.filter(({ member }) => member !== sides.own.member);
    showMenu(this.menu, 'Compare the response with', [
      rule('best', 'Best reward'),
      ...(ranked ? [rule('preferred', 'Preferred')] : []),
      { kind: 'header', label: 'Rollouts of the group' },
      ...others.map(({ member, total }): MenuItem => {
        const checked = chosen.value?.kind === 'member' && sides.other.member === member;
        const run = () => chosen.set({ kind: 'member', group: sides.group, member });
        const note = shortReward(standing(total));
        return { kind: 'item', label: `Rollout ${member + 1}`, note, checked, radio: true, run };
      }),
    ]);
  }

  private get reason(): string {
    const { session } = this.store.groups.edits;
    if (session.place.value === null) return 'Select a rollout to compare its response with another of its group.';
    if (session.detail.value.kind === 'loading') return 'The rollouts of the group are being read…';
    return session.rollout?.kind === 'sample'
      ? 'A sample has no response to compare.'
      : 'There is no other rollout in this group to compare with.';
  }

  private paintHead({ other, own, why }: DiffSides): void {
    const { member } = other;
    setText(this.menuText, `Rollout ${member + 1}${why === '' ? '' : ` (${why})`}`);
    if (this.head.childElementCount === 0) fill(this.head, div('diff-sides'), this.legend);
    const line = this.head.querySelector('.diff-sides');
    if (line !== null)
      fill(
        line,
        ...facts(own, 0, `Rollout ${own.member + 1}`),
        'against',
        ...facts(other, siblingPalette(member), null),
        this.menu,
      );
    fill(
      this.legend,
      el('del', { class: 'diff-removed' }, 'struck'),
      ` only in ${member + 1} · `,
      el('ins', { class: 'diff-added' }, 'underlined'),
      ` only in ${own.member + 1}`,
    );
  }

  private async compare(sides: DiffSides, now: string): Promise<void> {
    fill(this.body, emptyLine('loading', 'Comparing…'));
    try {
      const [other, own] = await Promise.all([this.store.load(sides.other), this.store.load(sides.own)]);
      if (now === this.shown) await this.show(other, own, now);
    } catch (error) {
      if (!isCancelled(error) && now === this.shown) fill(this.body, emptyLine('error', errorText(error)));
    }
  }

  /** Turn after turn, with a breath between them: a comparison never holds a key up for longer than a turn's. */
  private async show(other: Rollout, own: Rollout, now: string): Promise<void> {
    this.element.scrollTop = 0;
    if (other.response === own.response) {
      fill(this.body, emptyLine('check', 'Both responses are the same, to the letter.'));
      return;
    }
    fill(this.body);
    for (const pair of turnPairs(other, own)) {
      const diff = textDiff(pair.a, pair.b);
      this.body.append(turnOf(pair, diff));
      await new Promise((resolve) => setTimeout(resolve));
      if (now !== this.shown) return;
    }
  }

  private draw(member: number | null): void {
    const { session } = this.store.groups.edits;
    if (member === this.drawn || (member === null && this.drawn === null)) return;
    const siblings = new Set(session.siblings.value);
    if (this.drawn !== null) siblings.delete(this.drawn);
    this.drawn = member === null || siblings.has(member) ? null : member;
    if (this.drawn !== null) siblings.add(this.drawn);
    session.siblings.set(siblings);
  }
}

function facts({ member, total, advantage }: GroupRow, ink: number, name: string | null): (Node | null)[] {
  const number = el('span', { class: 'rollout-number', data: { ink } }, String(member + 1));
  const gain = advantage === null ? '' : ` A ${signed(advantage)}`;
  return [number, name === null ? null : span('', name), span('quiet', `${shortReward(standing(total))}${gain}`)];
}

function turnOf({ role, turn, only }: TurnPair, { by, parts }: TextDiff): HTMLElement {
  const { text, icon: name } = roles[role];
  const same = parts.every(({ kind }) => kind === 'same');
  const head = div(
    'turn-head',
    icon(name),
    span('turn-title', `Turn ${turn + 1}`),
    span('turn-role', text),
    span('diff-note', only !== null ? 'one of them has this turn' : same ? 'the same' : noteOf(by, parts)),
  );
  return el('section', { class: 'diff-turn' }, head, diffText(parts));
}

function noteOf(by: TextDiff['by'], parts: TextDiff['parts']): string {
  const changes = parts.filter(({ kind }) => kind !== 'same').length;
  if (by === 'words') return counted(changes, 'change');
  if (by === 'lines') return `${counted(changes, 'change')}, compared by lines: too long for words`;
  const characters = parts.reduce((sum, { text }) => sum + text.length, 0);
  return `too long, or too different, to be compared in parts: ${count(characters)} characters`;
}
