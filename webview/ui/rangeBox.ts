import { el } from './dom';

export interface RangeOptions {
  /** Name for screen readers, and the tooltip. */
  readonly label: string;
  readonly most: number;
  readonly onInput: (value: number) => void;
}

/** A slider from 0 to `most`. */
export function rangeBox({ label, most, onInput }: RangeOptions): HTMLInputElement {
  const node = el('input', { class: 'range-box', title: label, aria: { label } });
  node.type = 'range';
  node.min = '0';
  node.max = String(most);
  node.step = '0.02';
  node.addEventListener('input', () => onInput(Number(node.value)));
  return node;
}
