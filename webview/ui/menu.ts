import { anchored } from './anchored';
import { div, el, setAria, span } from './dom';
import { icon } from './icon';
import { TypeAhead } from './typeAhead';

export type MenuItem =
  | { readonly kind: 'header'; readonly label: string }
  | { readonly kind: 'line' }
  | {
      readonly kind: 'item';
      readonly label: string;
      /** Quiet text at the end: a key, a role. */
      readonly note?: string;
      readonly title?: string;
      /** Given for items that are on or off; `radio` where exactly one of several is on. */
      readonly checked?: boolean;
      readonly radio?: boolean;
      readonly run: () => void;
    };

/** A menu in the manner of VS Code's: arrows, Home, End and typed letters move, Enter and Space run. */
export function showMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const box = anchored(anchor, {
    class: 'menu',
    role: 'menu',
    label,
    onClose: () => setAria(anchor, 'expanded', false),
  });
  const rows: HTMLElement[] = [];
  for (const item of items) {
    if (item.kind === 'line') box.element.append(el('div', { class: 'menu-line', role: 'separator' }));
    else if (item.kind === 'header') box.element.append(div('menu-header', item.label));
    else {
      const row = menuRow(item, () => {
        box.close();
        item.run();
      });
      rows.push(row);
      box.element.append(row);
    }
  }
  const typeAhead = new TypeAhead();
  const labels = items.flatMap((item) => (item.kind === 'item' ? [item.label] : []));
  box.element.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.key === 'Tab') return;
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const isLetter = event.key.length === 1 && event.key !== ' ';
    const to = isLetter
      ? typeAhead.next(event.key, labels, at, event.timeStamp)
      : target(event.key, at, rows.length - 1);
    if (to === null && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null) rows[at]?.click();
    else rows[to]?.focus();
  });
  setAria(anchor, 'haspopup', 'menu');
  box.show(() => rows.find((row) => row.getAttribute('aria-checked') === 'true') ?? rows[0] ?? null);
  setAria(anchor, 'expanded', true);
}

function menuRow(item: MenuItem & { readonly kind: 'item' }, run: () => void): HTMLElement {
  const { checked, radio = false } = item;
  const role = checked === undefined ? 'menuitem' : radio ? 'menuitemradio' : 'menuitemcheckbox';
  const row = el(
    'div',
    { class: 'menu-item', role, tabIndex: -1, title: item.title ?? '', aria: { checked: checked ?? null } },
    checked ? icon('check', 'menu-check') : span('menu-check'),
    span('menu-label', item.label),
    item.note === undefined ? null : span('menu-note', item.note),
  );
  row.addEventListener('click', run);
  row.addEventListener('pointermove', () => row.focus({ preventScroll: true }));
  return row;
}

/** The row a key leads to; null for a key that leads nowhere. */
function target(key: string, at: number, last: number): number | null {
  if (key === 'ArrowDown') return at >= last ? 0 : at + 1;
  if (key === 'ArrowUp') return at <= 0 ? last : at - 1;
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}
