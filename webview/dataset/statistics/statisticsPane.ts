import { below } from '../../../src/core/dataset/presets';
import type { Histogram, ImageSetStatistics, LabelCount } from '../../../src/protocol/imageSet';
import type { FilterChip } from '../../../src/protocol/query';
import { errorText, isCancelled } from '../../rollouts/store/host';
import { onAny, Signal } from '../../rollouts/store/signal';
import { count, counted, shortNumber } from '../../rollouts/words';
import { type Bar, BarPlot } from '../../ui/barPlot';
import { div, el, fill, span } from '../../ui/dom';
import { HeatMap } from '../../ui/heatMap';
import { type Section, section } from '../../ui/section';
import type { ColumnChip, FindStore } from '../find/findStore';
import { labelInk } from '../grid/boxOverlay';

/** Labels listed at most; the filter's menu has all of them. */
const mostLabels = 300;

/** What the images on show come to. A click on a bar, a label or a place of the map filters by it; another takes it back. */
export class StatisticsPane {
  readonly element: HTMLElement;
  readonly shown = new Signal(false);
  private readonly summary = div('statistics-summary quiet');
  private readonly labels: Section;
  private readonly labelRows = el('div', { class: 'label-rows', role: 'list', aria: { label: 'Labels' } });
  private readonly areas: BarPlot;
  private readonly perImage: BarPlot;
  private readonly centres: HeatMap;
  private statistics: ImageSetStatistics | null = null;
  private running: AbortController | null = null;

  constructor(private readonly store: FindStore) {
    const { session } = store;
    this.areas = new BarPlot({ label: 'Box areas', onPick: (at) => this.pickArea(at) });
    this.perImage = new BarPlot({ label: 'Images by annotations', onPick: (at) => this.pickCount(at) });
    this.centres = new HeatMap({
      label: 'Centres of boxes',
      onPick: ({ x1, y1, x2, y2 }) => this.pickCentres(x1, y1, x2, y2),
      words: ({ x1, y1, x2, y2 }) => this.centreWords(x1, y1, x2, y2),
    });
    const part = (title: string, ...content: HTMLElement[]): Section => {
      const made = section(title, true, () => undefined);
      made.body.append(...content);
      return made;
    };
    this.labels = part('Labels', this.labelRows);
    this.element = el(
      'aside',
      { class: 'statistics', aria: { label: 'Statistics' }, hidden: true },
      this.summary,
      this.labels.element,
      part('Box areas (px², doubling)', this.areas.element).element,
      part('Centres of boxes', this.centres.element).element,
      part('Images by annotations', this.perImage.element).element,
    );
    this.shown.on((shown) => {
      this.element.hidden = !shown;
      if (shown) void this.load();
    });
    onAny(() => {
      if (this.shown.value) void this.load();
    }, [session.listing, session.stale, session.edits]);
    let read = session.progress.value.done;
    session.progress.on(({ done }) => {
      if (done && !read && this.shown.value) void this.load();
      read = done;
    });
    store.query.on(() => this.paint());
  }

  /** What is there stays on show until the next numbers came. */
  private async load(): Promise<void> {
    const { session } = this.store;
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    const view = session.listing.value.found?.view.view ?? null;
    try {
      const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
      this.statistics = await session.host.call('set/statistics', { view }, options);
      if (this.running === controller) this.paint();
    } catch (error) {
      if (!isCancelled(error) && this.running === controller) fill(this.summary, errorText(error));
    }
  }

  private paint(): void {
    const { statistics } = this;
    if (statistics === null) return;
    const { images, annotations, labels, boxAreas, perImage, centres } = statistics;
    fill(this.summary, `${counted(images, 'image')} · ${counted(annotations, 'annotation')}`);
    this.paintLabels(labels);
    this.areas.paint(
      barsOf(
        boxAreas,
        'annotation',
        (at) => `${areaWords(boxAreas, at)} px²`,
        (at) => this.store.has(areaChip(boxAreas, at)),
      ),
      ticksOf(boxAreas),
    );
    this.perImage.paint(
      barsOf(
        perImage,
        'image',
        (at) => countWords(perImage, at),
        (at) => this.store.has(countChip(perImage, at)),
      ),
      ticksOf(perImage),
    );
    this.centres.paint(centres.side, centres.counts, this.chosenCentres(centres.side));
  }

  private paintLabels(labels: readonly LabelCount[]): void {
    const there = labels.map((label, at) => ({ ...label, at })).filter(({ annotations }) => annotations > 0);
    there.sort((a, b) => b.annotations - a.annotations);
    const most = Math.max(1, there[0]?.annotations ?? 1);
    const chosen = this.store.on('label');
    const names = chosen?.kind === 'category' ? chosen.values : [];
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.label : undefined;
    const rows = there.slice(0, mostLabels).map(({ label, images, annotations, at }) => {
      const title = `${label}: ${counted(annotations, 'annotation')} in ${counted(images, 'image')}`;
      const bar = div('label-bar');
      bar.style.width = `${(100 * annotations) / most}%`;
      const node = el(
        'button',
        {
          class: 'label-row',
          title,
          aria: { label: title, pressed: names.includes(label) },
          data: { label, ink: labelInk(at) },
        },
        bar,
        span('label-swatch'),
        span('label-name', label),
        span('label-count', count(annotations)),
      );
      node.type = 'button';
      node.addEventListener('click', (event) => this.pickLabel(label, event.ctrlKey || event.metaKey));
      return el('div', { role: 'listitem' }, node);
    });
    fill(this.labelRows, ...rows);
    this.labels.setNote(count(there.length));
    if (focused !== undefined)
      [...this.labelRows.querySelectorAll<HTMLElement>('.label-row')]
        .find((node) => node.dataset.label === focused)
        ?.focus();
  }

  /** Alone, or with Ctrl beside the others that are chosen. */
  private pickLabel(label: string, also: boolean): void {
    const chosen = this.store.on('label');
    const names = chosen?.kind === 'category' ? chosen.values : [];
    const others = names.filter((name) => name !== label);
    const next = also
      ? names.includes(label)
        ? others
        : [...names, label]
      : names.length === 1 && others.length === 0
        ? []
        : [label];
    this.store.put(next.length === 0 ? null : { kind: 'category', column: 'label', values: next }, chosen);
  }

  private pickArea(at: number): void {
    if (this.statistics !== null) this.store.toggle(areaChip(this.statistics.boxAreas, at));
  }

  private pickCount(at: number): void {
    if (this.statistics !== null) this.store.toggle(countChip(this.statistics.perImage, at));
  }

  private pickCentres(x1: number, y1: number, x2: number, y2: number): void {
    const side = this.statistics?.centres.side ?? 1;
    const [x, y] = [centreChip('centreX', x1, x2, side), centreChip('centreY', y1, y2, side)];
    const both = this.store.has(x) && this.store.has(y);
    const others = this.store.query.value.chips.filter(
      (chip) => chip !== this.store.on('centreX') && chip !== this.store.on('centreY'),
    );
    this.store.apply({ ...this.store.query.value, chips: both ? others : [...others, x, y] });
  }

  /** The cells that the filter's ranges of centres cover; null where it has none. */
  private chosenCentres(side: number) {
    const [x1, x2] = cellsOf(this.store.on('centreX'), side);
    const [y1, y2] = cellsOf(this.store.on('centreY'), side);
    return this.store.on('centreX') === null && this.store.on('centreY') === null ? null : { x1, y1, x2, y2 };
  }

  private centreWords(x1: number, y1: number, x2: number, y2: number): string {
    const { side, counts } = this.statistics?.centres ?? { side: 1, counts: new Uint32Array(1) };
    let sum = 0;
    for (let y = y1; y <= y2; y++) for (let x = x1; x <= x2; x++) sum += counts[y * side + x] ?? 0;
    const percent = (cell: number) => `${Math.round((100 * cell) / side)} %`;
    return `${counted(sum, 'centre')}, ${percent(x1)} – ${percent(x2 + 1)} from the left, ${percent(y1)} – ${percent(y2 + 1)} from the top`;
  }
}

function barsOf(
  { counts }: Histogram,
  noun: string,
  words: (at: number) => string,
  chosen: (at: number) => boolean,
): readonly Bar[] {
  return Array.from(counts, (value, at) => ({
    label: words(at),
    value,
    words: counted(value, noun),
    chosen: chosen(at),
  }));
}

const edge = ({ edges }: Histogram, at: number): number => edges[at] ?? 0;

const areaWords = (of: Histogram, at: number): string =>
  `${shortNumber(edge(of, at))} – ${shortNumber(edge(of, at + 1))}`;

const areaChip = (of: Histogram, at: number): ColumnChip => ({
  kind: 'range',
  column: 'boxArea',
  from: edge(of, at),
  to: below(edge(of, at + 1)),
});

function countWords(of: Histogram, at: number): string {
  const [from, to] = [edge(of, at), edge(of, at + 1) - 1];
  return to > from ? `${count(from)} – ${count(to)} annotations` : counted(from, 'annotation');
}

const countChip = (of: Histogram, at: number): ColumnChip => ({
  kind: 'range',
  column: 'annotations',
  from: edge(of, at),
  to: edge(of, at + 1) - 1,
});

const centreChip = (column: string, from: number, to: number, side: number): ColumnChip => ({
  kind: 'range',
  column,
  from: from / side,
  to: below((to + 1) / side),
});

function cellsOf(chip: FilterChip | null, side: number): readonly [number, number] {
  if (chip?.kind !== 'range') return [0, side - 1];
  return [Math.floor((chip.from ?? 0) * side), Math.min(side - 1, Math.floor((chip.to ?? 1) * side))];
}

function ticksOf(of: Histogram): readonly string[] {
  const last = of.edges.length - 1;
  return [0, Math.round(last / 2), last].map((at) => shortNumber(edge(of, at)));
}
