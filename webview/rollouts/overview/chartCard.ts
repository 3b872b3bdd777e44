import { dataTable } from '../../ui/dataTable';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { iconButton, setPressed } from '../../ui/iconButton';
import { Plot, type PlotOptions } from '../../ui/plot';
import { count, shortNumber } from '../words';
import { type Chart, placeOfStep, readout, type Told } from './charts';
import type { OverviewStore } from './overviewStore';

/** A plot with its title, the values under the cursor, and the same numbers as a table. */
export class ChartCard {
  readonly element: HTMLElement;
  private readonly values = div('chart-values');
  private readonly figure: HTMLElement;
  private readonly tableButton: HTMLButtonElement;
  private plot: Plot | null = null;
  private asTable = false;
  /** Where Shift and an arrow key began to select. */
  private anchor: number | null = null;

  constructor(
    private readonly store: OverviewStore,
    private chart: Chart,
    private xRange: readonly [number, number],
    private readonly openSteps: () => void,
  ) {
    this.tableButton = iconButton({
      icon: 'table',
      label: `${chart.title} as a table`,
      pressed: false,
      onClick: () => this.setTable(!this.asTable),
    });
    this.figure = el('div', {
      class: 'chart-figure',
      role: 'slider',
      tabIndex: 0,
      aria: {
        label: chart.title,
        roledescription: 'plot',
        orientation: 'horizontal',
      },
    });
    this.figure.addEventListener('keydown', (event) => this.keyDown(event));
    this.element = el(
      'section',
      { class: 'chart', data: { chart: chart.id } },
      div('chart-head', el('h3', { class: 'chart-title', title: chart.about }, chart.title), this.tableButton),
      this.values,
      this.figure,
    );
    this.paintAxis();
    this.paintValues();
  }

  get id(): string {
    return this.chart.id;
  }

  /** Draws; called when the card is about to be seen. */
  show(): void {
    if (this.plot !== null || this.asTable) return;
    this.plot = new Plot(this.figure, this.options());
    this.paintRange();
    this.paintCursor();
  }

  /** Takes new numbers of the same chart. */
  update(chart: Chart, xRange: readonly [number, number]): void {
    this.chart = chart;
    this.xRange = xRange;
    this.paintAxis();
    this.paintValues();
    if (this.asTable) this.element.querySelector('.data-table-box')?.replaceWith(this.table());
    else this.plot?.update(this.options());
  }

  /** In the theme as it is now. */
  repaint(): void {
    this.plot?.repaint();
    this.paintRange();
  }

  setTable(asTable: boolean): void {
    if (asTable === this.asTable) return;
    this.asTable = asTable;
    setPressed(this.tableButton, asTable);
    this.destroyPlot();
    this.element.classList.toggle('as-table', asTable);
    if (asTable) this.figure.replaceWith(this.table());
    else {
      this.element.querySelector('.data-table-box')?.replaceWith(this.figure);
      this.show();
    }
  }

  paintCursor(): void {
    const step = this.store.cursor.value;
    this.plot?.setCursor(step);
    this.paintValues();
  }

  paintRange(): void {
    const { range } = this.store;
    const [low, high] = this.xRange;
    this.plot?.setSelection(range === null ? null : { from: range.from ?? low, to: range.to ?? high });
  }

  destroy(): void {
    this.destroyPlot();
  }

  private options(): PlotOptions {
    const { chart, store } = this;
    const stepAt = (at: number) => this.chart.x[at] ?? null;
    return {
      data: chart,
      xRange: this.xRange,
      yRange: chart.unit === 'share' ? shareRange(chart) : null,
      format: (value) => this.format(value),
      onHover: (at) => store.cursor.set(at === null ? null : stepAt(at)),
      onPick: (at) => {
        const step = stepAt(at);
        if (step !== null) store.select(step, step);
      },
      onRange: (from, to) => store.select(from, to),
    };
  }

  private paintAxis(): void {
    setAria(this.figure, 'valuemin', this.chart.x[0] ?? 0);
    setAria(this.figure, 'valuemax', this.chart.x.at(-1) ?? 0);
  }

  private destroyPlot(): void {
    this.plot?.destroy();
    this.plot = null;
  }

  private get place(): number | null {
    const step = this.store.cursor.value;
    return step === null ? null : placeOfStep(this.chart.x, step);
  }

  /** Under the cursor, or at the last step while there is none. */
  private paintValues(): void {
    const { chart } = this;
    const at = this.place ?? chart.x.length - 1;
    const step = chart.x[at] ?? Number.NaN;
    const parts = readout(chart, at, (value) => this.format(value));
    fill(
      this.values,
      span('chart-step', `step ${count(step)}`),
      ...parts.map(({ label, text, ink, drawn }) =>
        el('span', { class: 'chart-value' }, swatch(ink, drawn), span('chart-label', label), span('', text)),
      ),
    );
    setAria(this.figure, 'valuenow', step);
    setAria(
      this.figure,
      'valuetext',
      [`step ${step}`, ...parts.map(({ label, text }) => `${label} ${text}`)].join(', '),
    );
  }

  private format(value: number): string {
    return this.chart.unit === 'share' ? `${Math.round(value * 1000) / 10} %` : shortNumber(value);
  }

  private table(): HTMLElement {
    const { chart } = this;
    const names = readout(chart, 0, String).map(({ label }) => label);
    return dataTable({
      caption: `${chart.title} by step`,
      columns: ['step', ...names],
      rows: chart.x.length,
      cells: (row) => [
        count(chart.x[row] ?? 0),
        ...readout(chart, row, (value) => this.format(value)).map(({ text }) => text),
      ],
    });
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.takeKey(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private takeKey(key: string, shift: boolean): boolean {
    const { chart, store } = this;
    const last = chart.x.length - 1;
    const at = this.place ?? last;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }[key];
    if (to !== undefined) {
      const next = chart.x[Math.max(0, Math.min(to, last))] ?? null;
      this.anchor = shift ? (this.anchor ?? chart.x[at] ?? null) : null;
      store.cursor.set(next);
      if (this.anchor !== null && next !== null)
        this.plot?.setSelection({ from: Math.min(this.anchor, next), to: Math.max(this.anchor, next) });
      return true;
    }
    if (key === 'Enter') {
      const step = chart.x[at];
      if (step !== undefined) store.select(this.anchor ?? step, step);
      this.anchor = null;
      this.openSteps();
      return true;
    }
    if (key !== 'Escape') return false;
    const spanned = this.anchor !== null;
    this.anchor = null;
    this.paintRange();
    return spanned || store.clearRange();
  }
}

function swatch(ink: number, drawn: Told['drawn']): HTMLElement {
  return el('span', { class: `swatch ${drawn}`, data: { ink }, aria: { hidden: true } });
}

/** From none to a little above the largest share, so that small ones can be told apart. */
function shareRange({ lines, bands }: Chart): readonly [number, number] {
  let most = 0.01;
  for (const values of [...lines.map(({ values }) => values), ...bands.map(({ high }) => high)])
    for (const value of values) if (value > most) most = value;
  return [0, Math.min(1, most * 1.1)];
}
