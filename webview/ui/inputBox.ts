import { el } from './dom';

export interface InputBoxOptions {
  /** Read to screen readers. */
  readonly label: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly class?: string;
  /** Enter was pressed. */
  readonly onEnter: (value: string) => void;
}

/** A one-line field without the toolkit's margins, for dense bars and boxes. */
export function inputBox(options: InputBoxOptions): HTMLInputElement {
  const node = el('input', { class: `input-box ${options.class ?? ''}`.trim(), aria: { label: options.label } });
  node.type = 'text';
  node.spellcheck = false;
  node.autocomplete = 'off';
  node.defaultValue = options.value ?? '';
  node.placeholder = options.placeholder ?? '';
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    options.onEnter(node.value);
  });
  return node;
}
