import { el, setAria } from './dom';
import { type IconName, icon } from './icon';

export interface IconButtonOptions {
  readonly icon: IconName;
  /** Name for screen readers and, with `keys`, the tooltip. */
  readonly label: string;
  /** Key shown in the tooltip, such as `F`. */
  readonly keys?: string;
  /** Given for a toggle: its state. */
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A 22 px button of an icon, as in VS Code's own toolbars. */
export function iconButton(options: IconButtonOptions): HTMLButtonElement {
  const title = options.keys === undefined ? options.label : `${options.label} (${options.keys})`;
  const node = el(
    'button',
    { class: 'icon-button', title, aria: { label: options.label, pressed: options.pressed ?? null } },
    icon(options.icon),
  );
  node.type = 'button';
  node.addEventListener('click', () => options.onClick());
  return node;
}

export function setPressed(node: HTMLElement, pressed: boolean): void {
  setAria(node, 'pressed', pressed);
}

/** A plain text button, for actions inside running text and table rows. */
export function linkButton(label: string, onClick: () => void, title = label): HTMLButtonElement {
  const node = el('button', { class: 'link-button', title }, label);
  node.type = 'button';
  node.addEventListener('click', () => onClick());
  return node;
}
