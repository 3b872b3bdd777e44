import { anchored } from '../../ui/anchored';
import { div, el, fill, setAria } from '../../ui/dom';
import { inputBox } from '../../ui/inputBox';

const most = 200;

/**
 * Asks for a name beside `anchor`, a label or a tag. What is typed narrows the known ones, of which Enter takes the first; it stands
 * behind them as a new one, a step up.
 */
export function askLabel(
  anchor: HTMLElement,
  title: string,
  labels: readonly string[],
  current: string,
  take: (label: string) => void,
): void {
  const box = anchored(anchor, { class: 'menu label-box', role: 'dialog', label: title });
  const list = el('div', { class: 'label-list', role: 'listbox', id: 'label-list', aria: { label: title } });
  let found: readonly string[] = [];
  /** What is typed, where no name is just that. */
  let fresh: string | null = null;
  let at = -1;
  const choose = (label: string) => {
    const name = label.trim();
    if (name === '') return;
    box.close();
    take(name);
  };
  const input = inputBox({
    label: title,
    value: current,
    placeholder: title,
    onEnter: (typed) => choose(found[at] ?? typed),
  });
  const paint = () => {
    fill(
      list,
      ...found.map((label, i) => {
        const isNew = i === found.length - 1 && fresh !== null;
        const row = el(
          'div',
          { class: 'menu-item', role: 'option', id: `label-${i}`, aria: { selected: i === at } },
          isNew ? `New: “${label}”` : label,
        );
        row.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          choose(label);
        });
        return row;
      }),
    );
    list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    setAria(input, 'activedescendant', at < 0 ? null : `label-${at}`);
  };
  const narrow = () => {
    const typed = input.value.trim().toLowerCase();
    const fits = labels.filter((label) => label.toLowerCase().includes(typed));
    const first = fits.filter((label) => label.toLowerCase().startsWith(typed));
    const name = input.value.trim();
    const exact = labels.filter((label) => label === name);
    // Where there is nothing to choose from, what is typed may be no name at all: a number.
    fresh = name === '' || exact.length > 0 || labels.length === 0 ? null : name;
    const others = [...first, ...fits.filter((label) => !first.includes(label))].filter((label) => label !== name);
    found = [...exact, ...others.slice(0, most), ...(fresh === null ? [] : [fresh])];
    at = typed === '' || found.length === 0 ? -1 : 0;
    paint();
  };
  input.addEventListener('input', narrow);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.key === 'ArrowDown' ? 1 : -1;
    if (found.length > 0) at = (at + by + found.length) % found.length;
    paint();
  });
  for (const [name, value] of [
    ['controls', 'label-list'],
    ['expanded', true],
  ] as const)
    setAria(input, name, value);
  input.setAttribute('role', 'combobox');
  box.element.append(div('label-field', input), list);
  found = labels.slice(0, most);
  paint();
  box.show(() => input);
  input.select();
}
