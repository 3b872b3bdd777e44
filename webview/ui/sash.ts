import { el, setAria } from './dom';

export interface SashOptions {
  readonly label: string;
  /** `vertical`: the line stands upright and moves sideways. */
  readonly orientation: 'vertical' | 'horizontal';
  /** 1 when moving right or down makes the pane larger, −1 when it makes it smaller. */
  readonly direction: 1 | -1;
  /** Size of the pane it resizes, CSS pixels. */
  readonly get: () => number;
  /** The pane clamps; called while dragging. */
  readonly set: (size: number) => void;
  readonly reset: () => void;
  /** After a drag or a key. */
  readonly onDone: () => void;
}

const keyStep = 16;

/** The border between two panes: dragged, moved by arrow keys, reset by a double click. */
export function sash(options: SashOptions): HTMLElement {
  const upright = options.orientation === 'vertical';
  const node = el('div', {
    class: `sash ${options.orientation}`,
    role: 'separator',
    tabIndex: 0,
    aria: { orientation: options.orientation, label: options.label },
  });
  const report = () => setAria(node, 'valuenow', Math.round(options.get()));
  report();
  node.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    const from = options.get();
    const start = upright ? down.clientX : down.clientY;
    node.setPointerCapture(down.pointerId);
    node.classList.add('active');
    const move = (event: PointerEvent) =>
      options.set(from + options.direction * ((upright ? event.clientX : event.clientY) - start));
    const up = () => {
      node.removeEventListener('pointermove', move);
      node.classList.remove('active');
      report();
      options.onDone();
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('lostpointercapture', up, { once: true });
    down.preventDefault();
  });
  node.addEventListener('dblclick', () => {
    options.reset();
    report();
    options.onDone();
  });
  node.addEventListener('keydown', (event) => {
    const along = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const at = along.indexOf(event.key);
    if (at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    options.set(options.get() + options.direction * (at === 0 ? -keyStep : keyStep));
    report();
    options.onDone();
  });
  return node;
}
