import { el } from './dom';

/** What the line says; `shown` where nothing else on screen says so. */
export interface StatusWords {
  readonly text: string;
  readonly shown: boolean;
}

/** Last words at the foot of an editor, read out politely and shown for a moment. */
export function statusLine(message: { on(listener: (words: StatusWords) => void): void }): HTMLElement {
  const line = el('div', { class: 'status-line', aria: { live: 'polite' } });
  let timer: ReturnType<typeof setTimeout> | undefined;
  message.on(({ text, shown }) => {
    line.textContent = text;
    line.classList.toggle('shown', shown);
    clearTimeout(timer);
    timer = setTimeout(() => line.classList.remove('shown'), 2500);
  });
  return line;
}
