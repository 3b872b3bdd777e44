import { div, el, setAria, span } from './dom';

export interface TabOptions {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly panel: HTMLElement;
}

export interface Tabs {
  readonly strip: HTMLElement;
  readonly panels: HTMLElement;
  readonly active: string;
  show(id: string): void;
  /** A count after the label; '' hides it. */
  setCount(id: string, text: string): void;
}

/** Tabs in the manner of VS Code's panel: a strip of titles, one panel shown; arrows move between titles. */
export function tabs(label: string, options: readonly TabOptions[], onShow: (id: string) => void): Tabs {
  const strip = el('div', { class: 'tab-strip', role: 'tablist', aria: { label } });
  const panels = div('tab-panels');
  const counts = new Map<string, HTMLElement>();
  const titles = new Map<string, HTMLButtonElement>();
  let active = '';
  const show = (id: string) => {
    if (id === active) return;
    active = id;
    for (const option of options) {
      const chosen = option.id === id;
      option.panel.hidden = !chosen;
      const title = titles.get(option.id);
      if (title === undefined) continue;
      setAria(title, 'selected', chosen);
      title.tabIndex = chosen ? 0 : -1;
    }
    onShow(id);
  };
  for (const option of options) {
    const count = span('count-badge');
    count.hidden = true;
    counts.set(option.id, count);
    const title = option.keys === undefined ? option.label : `${option.label} (${option.keys})`;
    const node = el('button', { class: 'tab', role: 'tab', title, id: `tab-${option.id}` }, option.label, count);
    node.type = 'button';
    node.addEventListener('click', () => show(option.id));
    setAria(node, 'controls', `panel-${option.id}`);
    option.panel.id = `panel-${option.id}`;
    option.panel.setAttribute('role', 'tabpanel');
    setAria(option.panel, 'labelledby', node.id);
    titles.set(option.id, node);
    strip.append(node);
    panels.append(option.panel);
  }
  strip.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = options.findIndex((option) => option.id === active);
    const next = options[(at + step + options.length) % options.length];
    if (next === undefined) return;
    event.stopPropagation();
    show(next.id);
    titles.get(next.id)?.focus();
  });
  return {
    strip,
    panels,
    get active() {
      return active;
    },
    show,
    setCount(id, text) {
      const count = counts.get(id);
      if (count === undefined) return;
      count.textContent = text;
      count.hidden = text === '';
    },
  };
}
