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
  /** What stands on the page, and in which order. */
  private arranged = '';
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
    this.arrange(own, shown, trainer.length);
  }

  /** Numbers that are on show already change where they stand: a growing run must not take a plot from under the hand. */
  private arrange(own: readonly Chart[], shown: readonly Chart[], trainer: number): void {
    const range = sharedRange([...own, ...shown]);
    const known = new Map(this.cards.map((card) => [card.id, card]));
    const cardOf = (chart: Chart) => {
      const card = known.get(chart.id);
      known.delete(chart.id);
      if (card !== undefined) {
        card.update(chart, range);
        return card;
      }
      const made = new ChartCard(this.store, chart, range, this.toList);
      made.setTable(this.asTables);
      return made;
    };
    const ownCards = own.map(cardOf);
    const trainerCards = shown.map(cardOf);
    this.cards = [...ownCards, ...trainerCards];
    for (const card of known.values()) card.destroy();
    const notes = this.notes(own);
    const now = JSON.stringify([
      ...this.cards.map(({ id }) => id),
      ...notes.map(({ textContent }) => textContent),
      trainer,
    ]);
    if (now === this.arranged) return;
    this.arranged = now;
    const focused = document.activeElement;
    const top = this.element.scrollTop;
    this.sight.disconnect();
    fill(this.element, ...notes, grid('', ownCards), ...this.trainerPart(trainerCards, trainer));
    for (const one of this.cards) this.sight.observe(one.element);
    this.element.scrollTop = top;
    // What was moved on the page has lost the keyboard.
    if (focused === this.element) this.focus();
    else if (focused instanceof HTMLElement && this.element.contains(focused)) focused.focus();
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
