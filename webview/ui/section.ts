import { div, el, setAria, span } from './dom';
import { icon } from './icon';

export interface Section {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly open: boolean;
  setOpen(open: boolean): void;
  /** Text at the right of the title. */
  setNote(text: string): void;
}

/** A collapsible section with a 22 px title, as in VS Code's side bar. */
export function section(title: string, open: boolean, onToggle: (open: boolean) => void): Section {
  const body = div('section-body');
  const note = span('section-note');
  const twistie = icon('chevron-down', 'twistie');
  const head = el('button', { class: 'section-head' }, twistie, span('section-title', title), note);
  head.type = 'button';
  const element = el('section', { class: 'section' }, head, body);
  let isOpen = false;
  const setOpen = (next: boolean) => {
    isOpen = next;
    body.hidden = !next;
    setAria(head, 'expanded', next);
    twistie.classList.toggle('codicon-chevron-down', next);
    twistie.classList.toggle('codicon-chevron-right', !next);
  };
  setOpen(open);
  head.addEventListener('click', () => {
    setOpen(!isOpen);
    onToggle(isOpen);
  });
  return {
    element,
    body,
    get open() {
      return isOpen;
    },
    setOpen(next) {
      if (next === isOpen) return;
      setOpen(next);
      onToggle(next);
    },
    setNote(text) {
      note.textContent = text;
    },
  };
}
