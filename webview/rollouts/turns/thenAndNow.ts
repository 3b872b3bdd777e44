import type { Occurrence, Occurrences } from '../../../src/protocol/overview';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { readPlotTheme } from '../../ui/plotTheme';
import { decodePaint, type Picture } from '../picture/decode';
import { BoxPlacer, effectiveChoices } from '../store/frames';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { count, counted, decimal } from '../words';
import { emptyLine } from './turnsView';

/** CSS pixels of a picture. */
const width = 168;
const previewSide = 512;

/** The selected prompt at every step that asked it: small pictures with all regions of that step's group, in a row. */
export class ThenAndNow {
  readonly element = div('then-now');
  private group: number | null = null;
  private picture: Promise<Picture | null> = Promise.resolve(null);
  private readonly pending = new Map<Element, Occurrence>();
  private readonly sight = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.reveal(target);
    },
    { root: this.element, rootMargin: '200px' },
  );

  constructor(private readonly session: Session) {
    this.element.tabIndex = 0;
  }

  /** Looks up the selected group's sample unless it is on show; a step beside it stays where it is. */
  paint(): void {
    const group = this.session.place.value?.group ?? null;
    if (group === null) {
      this.group = null;
      fill(this.element, emptyLine('history', 'Select a rollout to see its prompt at other steps.'));
      return;
    }
    const card = this.element.querySelector(`[data-group="${group}"]`);
    if (card === null && group !== this.group) void this.ask(group);
    this.group = group;
    for (const one of this.element.querySelectorAll('.then-card')) setAria(one, 'current', one === card ? true : null);
  }

  private async ask(group: number): Promise<void> {
    fill(this.element, emptyLine('loading', 'Looking for this prompt at other steps…'));
    this.sight.disconnect();
    this.pending.clear();
    try {
      const found = await this.session.host.call('trace/occurrences', { group });
      if (group !== this.group) return;
      this.picture = this.preview(group);
      this.show(found);
      this.paint();
    } catch (error) {
      if (!isCancelled(error) && group === this.group) fill(this.element, emptyLine('error', errorText(error)));
    }
  }

  private show({ groups, total, byName }: Occurrences): void {
    if (total < 2) {
      const only = 'This prompt, with this ground truth and image, is asked once in the trace.';
      fill(this.element, emptyLine('history', only));
      return;
    }
    const cards = groups.map((occurrence) => {
      const card = this.card(occurrence);
      this.pending.set(card, occurrence);
      return card;
    });
    const shown = groups.length < total ? `${count(groups.length)} of ` : '';
    const how = byName ? ' Told by the image’s name: not every image is here.' : '';
    fill(
      this.element,
      div('quiet then-head', `${shown}${counted(total, 'group')} ask this prompt, by step.${how}`),
      el('div', { class: 'then-cards', role: 'list' }, ...cards.map((card) => el('div', { role: 'listitem' }, card))),
    );
    for (const card of cards) this.sight.observe(card);
  }

  private card({ group, step, size, meanReward }: Occurrence): HTMLElement {
    const title = step === null ? `group ${count(group + 1)}` : `step ${count(step)}`;
    const reward = Number.isNaN(meanReward) ? '' : ` · ${decimal(meanReward)}`;
    const card = el(
      'button',
      {
        class: 'then-card',
        data: { group },
        title: `${title}: ${counted(size, 'rollout')}${reward && `, mean reward${reward.slice(2)}`}`,
      },
      div('then-picture'),
      span('then-step', title),
      span('quiet', `n ${count(size)}${reward}`),
    );
    card.type = 'button';
    card.addEventListener('click', () => this.session.select({ group, member: 0 }));
    return card;
  }

  /** Draws a card that came into sight, once. */
  private reveal(card: Element): void {
    const occurrence = this.pending.get(card);
    const box = card.querySelector('.then-picture');
    if (occurrence === undefined || box === null) return;
    this.pending.delete(card);
    this.draw(box, occurrence.group).catch((error: unknown) => {
      if (!isCancelled(error)) fill(box, span('quiet', errorText(error)));
    });
  }

  private async draw(box: Element, group: number): Promise<void> {
    const [picture, detail] = await Promise.all([this.picture, this.session.host.call('trace/group', { group })]);
    if (picture === null) {
      fill(box, span('quiet', 'The image is not to be had.'));
      return;
    }
    const canvas = el('canvas', { aria: { hidden: true } });
    const ratio = window.devicePixelRatio || 1;
    const { original } = picture;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round((canvas.width * original.height) / original.width);
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.drawImage(picture.source, 0, 0, canvas.width, canvas.height);
    const placer = new BoxPlacer(effectiveChoices(this.session.state.value.frames, detail.frames));
    const scale = canvas.width / original.width;
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = readPlotTheme(this.element).ink(0);
    // Where rollouts agree, their lines add up.
    context.globalAlpha = Math.max(0.5, 1 / Math.sqrt(detail.rollouts.length));
    for (const rollout of detail.rollouts)
      for (const { box: written, field } of rollout.regions) {
        const placed = placer.place(written, rollout, field, original);
        if (placed.kind !== 'placed') continue;
        const { x1, y1, x2, y2 } = placed.box;
        context.strokeRect(x1 * scale, y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale);
      }
    fill(box, canvas);
  }

  /** The sample's image; null when there is none. */
  private async preview(group: number): Promise<Picture | null> {
    const paint = await this.session.host.call('image/preview', { group, maxSide: previewSide });
    return paint.kind === 'error' ? null : decodePaint(paint, null);
  }
}
