import type { ColumnInfo, FilterChip } from '../../src/protocol/query';
import { count } from '../rollouts/words';
import { type Anchored, anchored } from '../ui/anchored';
import { button } from '../ui/controls';
import { div, el, fill, span } from '../ui/dom';
import { inputBox } from '../ui/inputBox';
import { nameless, parseEnd, plain } from './chipWords';

export interface ChipEdit {
  readonly column: ColumnInfo;
  /** The chip to change; null for a new one. */
  readonly chip: FilterChip | null;
  /** What has values, in the plural. */
  readonly noun: string;
  /** Null takes the chip away. */
  readonly onDone: (chip: FilterChip | null) => void;
}

/** Opens the box in which a column's range or values are chosen. Enter applies, Escape leaves all as it was. */
export function editChip(anchor: HTMLElement, edit: ChipEdit): void {
  const { column } = edit;
  const box = anchored(anchor, { class: 'chip-editor', role: 'dialog', label: `Filter by ${column.name}` });
  const about = column.about === '' ? `${count(column.present)} ${edit.noun} have a value` : column.about;
  box.element.append(div('chip-editor-title', column.name), div('chip-editor-about', about));
  if (column.kind === 'number') rangeForm(box, edit);
  else valuesForm(box, edit);
}

function rangeForm(box: Anchored, { column, chip, onDone }: ChipEdit): void {
  const range = chip?.kind === 'range' ? chip : null;
  const error = el('div', { class: 'input-error', role: 'alert', hidden: true });
  const apply = () => {
    const [low, high] = [parseEnd(from.value), parseEnd(to.value)];
    const wrong = [low, high].find((end) => typeof end === 'string') ?? reversed(low, high);
    error.hidden = wrong === null;
    error.textContent = wrong === null ? '' : String(wrong);
    if (wrong !== null) return;
    box.close();
    const ends = { from: low as number | null, to: high as number | null };
    onDone(ends.from === null && ends.to === null ? null : { kind: 'range', column: column.name, ...ends });
  };
  const end = (label: string, value: number | null | undefined, usual: number) =>
    inputBox({
      label: `${label} ${column.name}`,
      value: value == null ? '' : plain(value),
      placeholder: Number.isNaN(usual) ? label : plain(usual),
      onEnter: apply,
    });
  const from = end('least', range?.from, column.min);
  const to = end('most', range?.to, column.max);
  box.element.append(
    div('range-form', from, span('quiet', 'to'), to),
    error,
    buttons(box, chip !== null, apply, onDone),
  );
  box.show(() => from);
  from.select();
}

function reversed(low: number | null | string, high: number | null | string): string | null {
  return typeof low === 'number' && typeof high === 'number' && low > high ? 'The least is above the most.' : null;
}

/** Values listed before the field that narrows them is worth its room. */
const fewValues = 12;

function valuesForm(box: Anchored, { column, chip, onDone }: ChipEdit): void {
  const chosen = new Set(chip?.kind === 'category' ? chip.values : []);
  const list = el('div', { class: 'value-list', role: 'group', aria: { label: `Values of ${column.name}` } });
  let shown: readonly string[] = [];
  const apply = () => {
    box.close();
    onDone(chosen.size === 0 ? null : { kind: 'category', column: column.name, values: [...chosen] });
  };
  const paint = (part: string) => {
    shown = column.values.filter((value) => nameless(value).toLowerCase().includes(part.toLowerCase()));
    const rows = shown.map((value) => valueRow(value, chosen, apply));
    fill(list, ...(rows.length > 0 ? rows : [div('quiet', 'No such value.')]));
  };
  // Enter behind a part of a name takes what it found first.
  const take = () => {
    if (chosen.size === 0 && shown[0] !== undefined && narrow.value !== '') chosen.add(shown[0]);
    apply();
  };
  const narrow = inputBox({ label: 'Find a value', placeholder: 'Find a value', onEnter: take });
  narrow.addEventListener('input', () => paint(narrow.value));
  narrow.hidden = column.values.length <= fewValues;
  paint('');
  box.element.append(narrow, list, buttons(box, chip !== null, apply, onDone));
  box.show(() => (narrow.hidden ? list.querySelector('input') : narrow));
}

function valueRow(value: string, chosen: Set<string>, apply: () => void): HTMLElement {
  const tick = el('input', { class: 'tick' });
  tick.type = 'checkbox';
  tick.checked = chosen.has(value);
  tick.addEventListener('change', () => {
    if (tick.checked) chosen.add(value);
    else chosen.delete(value);
  });
  tick.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      apply();
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const rows = [...(tick.closest('.value-list')?.querySelectorAll<HTMLElement>('input') ?? [])];
    rows[(rows.indexOf(tick) + step + rows.length) % rows.length]?.focus();
  });
  return el('label', { class: 'value-row', title: nameless(value) }, tick, span('value-name', nameless(value)));
}

function buttons(
  box: Anchored,
  removable: boolean,
  apply: () => void,
  onDone: (chip: FilterChip | null) => void,
): HTMLElement {
  const remove = () => {
    box.close();
    onDone(null);
  };
  return div(
    'chip-editor-buttons',
    button({ label: 'Apply', primary: true, onClick: apply }),
    removable && button({ label: 'Remove', onClick: remove }),
  );
}
