import { div, el, fill, setAria, span } from './dom';

export interface Bar {
  /** What the bar stands for. */
  readonly label: string;
  readonly value: number;
  /** The value in words. */
  readonly words: string;
  readonly chosen: boolean;
}

export interface BarPlotOptions {
  readonly label: string;
  readonly onPick: (at: number) => void;
}

/** Upright bars in a row. One is a stop for Tab; arrows, Home and End go between them, Enter and Space pick one. */
export class BarPlot {
  readonly element: HTMLElement;
  private readonly row = div('bar-row');
  private readonly axis = div('bar-axis');
  private nodes: readonly HTMLElement[] = [];
  private at = 0;

  constructor(private readonly options: BarPlotOptions) {
    this.row.setAttribute('role', 'group');
    setAria(this.row, 'label', options.label);
    this.element = div('bar-plot', this.row, this.axis);
    this.row.addEventListener('keydown', (event) => this.keyDown(event));
  }

  /** `ticks`: what stands under the first, the middle and the last bar. */
  paint(bars: readonly Bar[], ticks: readonly string[]): void {
    const most = Math.max(1, ...bars.map(({ value }) => value));
    const had = this.row.contains(document.activeElement);
    this.at = Math.min(this.at, Math.max(0, bars.length - 1));
    this.nodes = bars.map((bar, at) => this.bar(bar, at, most));
    fill(this.row, ...this.nodes);
    fill(this.axis, ...ticks.map((tick) => span('', tick)));
    if (had) this.nodes[this.at]?.focus();
  }

  private bar({ label, value, words, chosen }: Bar, at: number, most: number): HTMLElement {
    const title = `${label}: ${words}`;
    const node = el('button', { class: 'bar', title, aria: { label: title, pressed: chosen } }, div('bar-fill'));
    node.type = 'button';
    node.tabIndex = at === this.at ? 0 : -1;
    const filled = node.firstElementChild as HTMLElement;
    // What is there at all can be seen and clicked.
    filled.style.height = value === 0 ? '0' : `max(2px, ${(100 * value) / most}%)`;
    node.disabled = value === 0 && !chosen;
    node.addEventListener('click', () => {
      this.at = at;
      this.options.onPick(at);
    });
    return node;
  }

  private keyDown(event: KeyboardEvent): void {
    const open = this.nodes.flatMap((node, at) => (node.matches(':disabled') ? [] : [at]));
    const here = open.indexOf(this.nodes.indexOf(document.activeElement as HTMLElement));
    const to = {
      ArrowRight: open[here + 1],
      ArrowLeft: open[here - 1],
      Home: open[0],
      End: open.at(-1),
    }[event.key];
    if (!['ArrowRight', 'ArrowLeft', 'Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) return;
    this.nodes.forEach((node, at) => {
      node.tabIndex = at === to ? 0 : -1;
    });
    this.at = to;
    this.nodes[to]?.focus();
  }
}
