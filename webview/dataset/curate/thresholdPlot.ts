import { barsAlong, type ValueAxis } from '../../../src/core/dataset/valueAxis';
import type { SortedValues } from '../../../src/protocol/imageSetScores';
import { div, el, fill, setAria, span } from '../../ui/dom';
import type { Threshold } from './thresholdStore';
import { axisNumber, countWords } from './thresholdWords';

const bars = 120;
/** Part of the line that an arrow key goes, and Page Up or Down. */
const step = 1 / 100;
const page = 1 / 10;

/** Bars of a column's values with the threshold through them: dragged, clicked to, or moved by keys. */
export class ThresholdPlot {
  readonly element: HTMLElement;
  /** Holds the keyboard. */
  readonly handle = el('div', { class: 'threshold-handle', role: 'slider', tabIndex: 0, aria: { label: 'Threshold' } });
  private readonly all = div('threshold-bars dropped');
  private readonly kept = div('threshold-bars kept');
  private readonly axis = div('bar-axis');
  private painted: SortedValues | null = null;
  private now: Threshold | null = null;

  constructor(private readonly move: (at: number) => void) {
    const plot = div('threshold-plot', this.all, this.kept, this.handle);
    this.element = div('threshold-histogram', plot, this.axis);
    plot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      plot.setPointerCapture(event.pointerId);
      this.handle.focus();
      this.moveTo(plot, event);
    });
    plot.addEventListener('pointermove', (event) => {
      if (plot.hasPointerCapture(event.pointerId)) this.moveTo(plot, event);
    });
    this.handle.addEventListener('keydown', (event) => this.keyDown(event));
  }

  paint(threshold: Threshold): void {
    const { values, axis, side, at } = threshold;
    this.now = threshold;
    if (this.painted !== values) this.paintBars(values, axis);
    const place = 100 * axis.place(at);
    const [left, right] = side === 'atLeast' ? [place, 0] : [0, 100 - place];
    this.kept.style.clipPath = `inset(0 ${right}% 0 ${left}%)`;
    this.handle.style.left = `${place}%`;
    setAria(this.handle, 'valuemin', axis.min);
    setAria(this.handle, 'valuemax', axis.max);
    setAria(this.handle, 'valuenow', at);
    setAria(this.handle, 'valuetext', `${axisNumber(at)}, ${countWords(threshold)}`);
  }

  private paintBars(values: SortedValues, axis: ValueAxis): void {
    this.painted = values;
    const counts = barsAlong(axis, values.values, bars);
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    for (const layer of [this.all, this.kept])
      fill(
        layer,
        ...Array.from(counts, (value) => {
          const bar = div('threshold-column');
          // What is there at all can be seen.
          bar.style.height = value === 0 ? '0' : `max(2px, ${(100 * value) / most}%)`;
          return bar;
        }),
      );
    const ticks = [0, 0.5, 1].map((place) => span('', axisNumber(axis.value(place))));
    fill(this.axis, ...ticks);
    this.axis.title = axis.kind === 'logarithmic' ? 'Logarithmic: equal steps are equal factors' : '';
  }

  private moveTo(plot: HTMLElement, { clientX }: PointerEvent): void {
    const { left, width } = plot.getBoundingClientRect();
    if (this.now !== null && width > 0) this.move(this.now.axis.value((clientX - left) / width));
  }

  private keyDown(event: KeyboardEvent): void {
    const { now } = this;
    if (now === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = event.shiftKey ? neighbour(event.key, now) : along(event.key, now);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(to);
  }
}

/** Where a key leads on the line; null for a key that leads nowhere. */
function along(key: string, { axis, at }: Threshold): number | null {
  const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: page, PageDown: -page }[
    key
  ];
  if (key === 'Home') return axis.min;
  if (key === 'End') return axis.max;
  return by === undefined ? null : axis.value(axis.place(at) + by);
}

/** With Shift: the next value that an image has. */
function neighbour(key: string, { values: { values }, at }: Threshold): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return values.find((value) => value > at) ?? at;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return values.findLast((value) => value < at) ?? at;
  return null;
}
