import type { MaskAnnotation } from '../../../src/core/click/maskAnnotation';
import { areaOf, runsOf } from '../../../src/core/mask/rle';
import { div, el, fill, span } from '../../ui/dom';
import { iconButton, linkButton, setPressed } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import { type Section, section } from '../../ui/section';
import { onAny } from '../store/signal';
import { count, counted } from '../words';
import type { MaskEdits } from './maskEdits';

/** The masks of the group's image in the side pane: what each is, and what can be done to it. */
export class MaskList {
  readonly section: Section;
  private readonly rows = el('ul', { class: 'mask-rows', aria: { label: 'Masks' } });
  private readonly opacity: HTMLInputElement;
  private shown = '';

  constructor(
    private readonly edits: MaskEdits,
    open: boolean,
    onToggle: () => void,
  ) {
    this.section = section('Masks', open, onToggle);
    const { masks } = edits;
    this.opacity = el('input', { class: 'mask-opacity', title: 'Opacity of the masks', aria: { label: 'Opacity' } });
    this.opacity.type = 'range';
    this.opacity.min = '0';
    this.opacity.max = '1';
    this.opacity.step = '0.05';
    this.opacity.addEventListener('input', () => masks.opacity.set(Number(this.opacity.value)));
    const all = iconButton({
      icon: 'eye',
      label: 'Show masks',
      keys: 'Shift+V',
      pressed: true,
      onClick: () => void edits.toggleAll(),
    });
    const paint = () => {
      setPressed(all, !masks.allHidden.value);
      this.opacity.value = String(masks.opacity.value);
      this.paint();
    };
    fill(this.section.body, div('mask-controls', all, span('quiet', 'Opacity'), this.opacity), this.rows);
    const { session } = edits;
    onAny(paint, [session.place, session.notes.version]);
    onAny(paint, [masks.hidden, masks.solo, masks.allHidden, masks.opacity, masks.inHand, masks.chosen]);
    masks.chosen.on(() => this.rows.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' }));
    paint();
  }

  private paint(): void {
    const { masks } = this.edits;
    const { list } = masks;
    this.section.element.hidden = list.length === 0;
    this.section.setNote(list.length === 0 ? '' : counted(list.length, 'mask'));
    const now = JSON.stringify([
      list.map(({ id, time, label }) => [id, time, label, masks.isShown(id)]),
      masks.solo.value,
      masks.inHand.value,
      masks.chosen.value,
    ]);
    if (now === this.shown) return;
    this.shown = now;
    // Who works through the list by keys stays where he is.
    const focused = document.activeElement?.closest<HTMLElement>('.mask-row')?.dataset.mask;
    const name = document.activeElement?.getAttribute('aria-label');
    fill(this.rows, ...list.map((mask, index) => this.row(mask, index)));
    if (focused === undefined || name === null) return;
    const row = this.rows.querySelector(`[data-mask="${CSS.escape(focused)}"]`);
    row?.querySelector<HTMLElement>(`[aria-label="${CSS.escape(name ?? '')}"]`)?.focus();
  }

  private row(mask: MaskAnnotation, index: number): HTMLElement {
    const { edits } = this;
    const { masks } = edits;
    const { id, label } = mask;
    const shown = masks.isShown(id);
    const chosen = masks.chosen.value === id;
    const name = linkButton(label ?? 'no label', () => this.rename(row, mask), 'Change the label');
    name.classList.add('mask-name');
    if (label === null) name.classList.add('quiet');
    const row = el(
      'li',
      {
        class: `mask-row${shown ? '' : ' off'}${masks.solo.value === id ? ' alone' : ''}${chosen ? ' chosen' : ''}`,
        data: { mask: id },
        aria: { current: chosen ? 'true' : null },
      },
      el('span', { class: 'ink-line', data: { ink: masks.inkOf(index) } }),
      div('mask-text', name, div('mask-facts', facts(mask))),
      div(
        'mask-buttons',
        iconButton({
          icon: 'eye',
          label: 'Show this mask',
          pressed: shown,
          onClick: () => masks.toggleHidden(id),
        }),
        iconButton({
          icon: 'target',
          label: 'Show this mask alone',
          pressed: masks.solo.value === id,
          onClick: () => masks.solo.set(masks.solo.value === id ? null : id),
        }),
        iconButton({ icon: 'edit', label: 'Go on from this mask', onClick: () => edits.takeUp(id) }),
        iconButton({ icon: 'close', label: 'Delete this mask', onClick: () => edits.remove(id) }),
      ),
    );
    row.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('button, input') === null) masks.chosen.set(id);
    });
    row.title = `By ${mask.author}, ${mask.time.slice(0, 16).replace('T', ' ')} UTC`;
    return row;
  }

  private rename(row: HTMLElement, { id, label }: MaskAnnotation): void {
    const field = inputBox({ label: 'Label', value: label ?? '', class: 'mask-field', onEnter: () => field.blur() });
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') field.value = label ?? '';
    });
    const name = row.querySelector('.mask-name');
    if (name === null) return;
    field.addEventListener('blur', () => {
      const typed = field.value.trim();
      field.replaceWith(name);
      this.edits.relabel(id, typed === '' ? null : typed);
    });
    name.replaceWith(field);
    field.focus();
    field.select();
  }
}

/** Model, clicks, expected and measured IoU, area. */
function facts({ mask, model, score, clicks }: MaskAnnotation): string {
  const kept = clicks.filter(({ undone }) => !undone);
  const iou = kept.at(-1)?.iou ?? null;
  return [
    model ?? 'painted',
    kept.length === 0 ? null : counted(kept.length, 'click'),
    score === null ? null : `IoU ≈ ${score.toFixed(2)}`,
    iou === null ? null : `IoU ${iou.toFixed(2)} with the truth`,
    `${count(areaOf(runsOf(mask.counts, mask.size)))} px`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
