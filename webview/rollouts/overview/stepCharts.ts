import { isWellKnown, metricRank } from '../../../src/core/metric/wellKnownMetrics';
import { div, el, fill } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { counted } from '../words';
import { ChartCard } from './chartCard';
import { type Chart, sharedRange, traceCharts, trainerCharts } from './charts';
import type { OverviewStore } from './overviewStore';

/** Everything over the steps as small multiples on one axis; plots are drawn when they come into sight. */
export class StepCharts {
  readonly element = div('charts-scroll');
  private cards: readonly ChartCard[] = [];
  private painted: readonly unknown[] = [];
  private allMetrics = false;
  private asTables = false;
  private readonly sight = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting) this.cards.find(({ element }) => element === target)?.show();
    },
    { root: this.element, rootMargin: '200px' },
  );

  constructor(
    private readonly store: OverviewStore,
    private readonly toList: () => void,
  ) {
    this.element.tabIndex = -1;
    store.metrics.on(() => this.paint());
    store.cursor.on(() => {
      for (const card of this.cards) card.paintCursor();
    });
    store.onRange(() => {
      for (const card of this.cards) card.paintRange();
    });
  }

  /** The first plot; the pane itself while its numbers are on their way. */
  focus(): void {
    (this.element.querySelector<HTMLElement>('.chart-figure') ?? this.element).focus();
  }

  setTable(asTables: boolean): void {
    this.asTables = asTables;
    for (const card of this.cards) card.setTable(asTables);
  }

  repaint(): void {
    for (const card of this.cards) card.repaint();
  }

  paint(): void {
    const { overview, metrics } = this.store;
    const of = [overview.value, metrics.value, this.allMetrics];
    if (overview.value === null || of.every((part, i) => part === this.painted[i])) return;
    this.painted = of;
    const own = traceCharts(overview.value);
    const trainer = metrics.value === null ? [] : trainerCharts(metrics.value, metricRank);
    const first = trainer.filter(({ title }) => isWellKnown(title));
    const shown = this.allMetrics || first.length === 0 ? trainer : first;
    const range = sharedRange([...own, ...shown]);
    const focused = document.activeElement?.closest<HTMLElement>('.chart')?.dataset.chart ?? null;
    const top = this.element.scrollTop;
    for (const card of this.cards) card.destroy();
    this.sight.disconnect();
    const card = (chart: Chart) => new ChartCard(this.store, chart, range, this.toList);
    const ownCards = own.map(card);
    const trainerCards = shown.map(card);
    this.cards = [...ownCards, ...trainerCards];
    fill(this.element, ...this.notes(own), grid('', ownCards), ...this.trainerPart(trainerCards, trainer.length));
    for (const one of this.cards) {
      if (this.asTables) one.setTable(true);
      this.sight.observe(one.element);
    }
    this.element.scrollTop = top;
    if (document.activeElement === this.element) this.focus();
    const again = this.cards.find(({ element }) => element.dataset.chart === focused)?.element;
    again?.querySelector<HTMLElement>('.chart-figure')?.focus();
  }

  /** What is missing, in words. */
  private notes(own: readonly Chart[]): HTMLElement[] {
    const parts = this.store.overview.value?.parts ?? [];
    const steps = Math.max(0, ...parts.map((part) => part.steps.length));
    const note = (text: string) => el('p', { class: 'overview-note' }, text);
    if (steps === 0)
      return [note('No row of this trace logs a training step, so there is nothing to draw over steps.')];
    const notes: HTMLElement[] = [];
    if (steps === 1)
      notes.push(
        note(
          'This trace has one training step: each plot holds a single point. Open the folder of all steps to see how the run went.',
        ),
      );
    if (!own.some(({ id }) => id === 'column:reward'))
      notes.push(note('No row logs a total reward; other numbers are shown as logged.'));
    return notes;
  }

  private trainerPart(cards: readonly ChartCard[], all: number): HTMLElement[] {
    const { metrics } = this.store;
    if (metrics.value === null) return [];
    const { logs, problems } = metrics.value;
    const hidden = all - cards.length;
    const more =
      hidden > 0 || this.allMetrics
        ? linkButton(this.allMetrics ? 'Show the usual ones only' : `Show ${counted(hidden, 'more metric')}`, () => {
            this.allMetrics = !this.allMetrics;
            this.paint();
          })
        : null;
    const from = logs.map(({ file, writer }) => `${writer}: ${file}`).join(' · ');
    const trouble = problems.map(({ file, line, message }) =>
      el('p', { class: 'overview-note' }, `${file}${line === null ? '' : `:${line}`}: ${message}`),
    );
    if (logs.length === 0 && trouble.length === 0) return [];
    return [
      div('charts-head', el('h2', { class: 'pane-title' }, 'Trainer’s metrics'), div('quiet', from), more),
      ...trouble.slice(0, 5),
      grid('trainer', cards),
    ];
  }
}

function grid(name: string, cards: readonly ChartCard[]): HTMLElement {
  return div(`charts ${name}`.trim(), ...cards.map(({ element }) => element));
}
