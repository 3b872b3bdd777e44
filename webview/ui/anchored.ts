import { el } from './dom';

export interface AnchoredOptions {
  readonly class: string;
  readonly role: 'menu' | 'dialog';
  readonly label: string;
  /** Told once, however it closed. */
  readonly onClose?: () => void;
}

export interface Anchored {
  readonly element: HTMLElement;
  /** Puts it below the anchor (above where there is more room) and shows it; `focus` gets the keyboard. */
  show(focus: () => HTMLElement | null): void;
  close(): void;
}

let open: Anchored | null = null;

/**
 * A box of its own above the page beside the control that opened it, as VS Code's menus are: Escape, a click elsewhere and
 * leaving it with Tab close it, and the keyboard goes back to the anchor. One is open at a time.
 */
export function anchored(anchor: HTMLElement, options: AnchoredOptions): Anchored {
  const element = el('div', { class: `anchored ${options.class}`, role: options.role, aria: { label: options.label } });
  element.tabIndex = -1;
  const host = anchor.closest('.editor') ?? document.body;
  const outside = (event: Event) => {
    if (event.target instanceof Node && !element.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const left = (event: FocusEvent) => {
    const to = event.relatedTarget;
    if (to instanceof Node && !element.contains(to) && to !== anchor) close();
  };
  const close = () => {
    if (open !== self) return;
    open = null;
    const had = element.contains(document.activeElement);
    element.remove();
    document.removeEventListener('pointerdown', outside, true);
    window.removeEventListener('resize', close);
    if (had) anchor.focus();
    options.onClose?.();
  };
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  element.addEventListener('focusout', left);
  const self: Anchored = {
    element,
    show(focus) {
      open?.close();
      open = self;
      host.append(element);
      place(element, anchor, host);
      document.addEventListener('pointerdown', outside, true);
      window.addEventListener('resize', close);
      (focus() ?? element).focus();
    },
    close,
  };
  return self;
}

/** CSS pixels kept free around it. */
const margin = 4;

function place(element: HTMLElement, anchor: HTMLElement, host: Element): void {
  const around = host.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const below = around.bottom - at.bottom - 2 * margin;
  const above = at.top - around.top - 2 * margin;
  const under = below >= Math.min(element.offsetHeight, above);
  element.style.maxHeight = `${Math.max(80, under ? below : above)}px`;
  const height = element.offsetHeight;
  const left = Math.min(at.left - around.left, around.width - element.offsetWidth - margin);
  element.style.left = `${Math.max(margin, left)}px`;
  element.style.top = `${(under ? at.bottom + 2 : at.top - height - 2) - around.top}px`;
}
