import uPlot from 'uplot';
import { type PlotTheme, readPlotTheme } from './plotTheme';

/** CSS pixels from which on a pressed pointer drags. */
const dragDistance = 4;

export interface PlotLine {
  readonly label: string;
  /** In step with the plot's `x`; NaN leaves a gap. */
  readonly values: Float64Array;
  /** Place in the page's palette. */
  readonly ink: number;
  readonly dashed?: boolean;
  /** Has values at few places only: they are joined across the gaps. */
  readonly sparse?: boolean;
}

/** An area between two lines. */
export interface PlotBand {
  readonly label: string;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly ink: number;
  /** Opacity, 0–1. */
  readonly wash: number;
}

export interface PlotData {
  /** Ascending. */
  readonly x: Float64Array;
  readonly lines: readonly PlotLine[];
  readonly bands: readonly PlotBand[];
}

export interface PlotOptions {
  readonly data: PlotData;
  /** Ends of the horizontal axis. */
  readonly xRange: readonly [number, number];
  /** Ends of the vertical axis; null for what the data need. */
  readonly yRange: readonly [number, number] | null;
  readonly format: (value: number) => string;
  /** The pointer is nearest to this place of `x`; null when it left. */
  readonly onHover: (at: number | null) => void;
  readonly onPick: (at: number) => void;
  /** A range was dragged. */
  readonly onRange: (from: number, to: number) => void;
}

export interface PlotRange {
  readonly from: number;
  readonly to: number;
}

/** A line plot that fills its container: one canvas, no legend, no zoom. Its owner keeps cursor and selection. */
export class Plot {
  private readonly observer: ResizeObserver;
  private plot: uPlot;
  private cursor: number | null = null;
  private selection: PlotRange | null = null;

  constructor(
    private readonly container: HTMLElement,
    private options: PlotOptions,
  ) {
    this.plot = this.make();
    this.observer = new ResizeObserver(() => {
      const { width, height } = this.size();
      if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
    });
    this.observer.observe(container);
  }

  /** Shows the cursor at a value of `x`; null hides it. */
  setCursor(x: number | null): void {
    this.cursor = x;
    this.applyCursor();
  }

  /** Marks a range of `x`, ends included; null unmarks. */
  setSelection(range: PlotRange | null): void {
    this.selection = range;
    this.applySelection();
  }

  /** Takes new data; cursor and selection stay. */
  update(options: PlotOptions): void {
    const { lines, bands } = this.options.data;
    const alike = lines.length === options.data.lines.length && bands.length === options.data.bands.length;
    this.options = options;
    if (!alike) this.repaint();
    else {
      this.plot.setData(alignedData(options.data));
      this.applyCursor();
      this.applySelection();
    }
  }

  /** Paints in the theme as it is now. */
  repaint(): void {
    this.plot.destroy();
    this.plot = this.make();
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }

  private applyCursor(): void {
    const { plot, cursor } = this;
    // Before its first commit a plot has no scales.
    if (plot.status !== 1) return;
    const left = cursor === null ? -10 : plot.valToPos(cursor, 'x');
    plot.setCursor({ left, top: cursor === null ? -10 : plot.over.clientHeight / 2 }, false);
  }

  private applySelection(): void {
    const { plot, selection } = this;
    if (plot.status !== 1) return;
    plot.root.classList.toggle('selected', selection !== null);
    const left = selection === null ? 0 : plot.valToPos(selection.from, 'x');
    const width = selection === null ? 0 : Math.max(2, plot.valToPos(selection.to, 'x') - left);
    plot.setSelect({ left, top: 0, width, height: plot.over.clientHeight }, false);
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(60, this.container.clientWidth), height: Math.max(60, this.container.clientHeight) };
  }

  private make(): uPlot {
    const { data, yRange, onHover, onPick, onRange } = this.options;
    const theme = readPlotTheme(this.container);
    const apply = () => {
      this.applyCursor();
      this.applySelection();
    };
    const plot = new uPlot(
      {
        ...this.size(),
        padding: [8, 12, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [...this.options.xRange] as uPlot.Range.MinMax },
          ...(yRange === null
            ? {}
            : { y: { range: () => [...(this.options.yRange ?? yRange)] as uPlot.Range.MinMax } }),
        },
        axes: this.axes(theme),
        series: seriesOf(data, theme),
        bands: data.bands.map(({ ink, wash }, i) => ({ series: [2 * i + 2, 2 * i + 1], fill: theme.wash(ink, wash) })),
        cursor: {
          y: false,
          points: { size: 6 },
          // What is a click is decided below: a cursor that snaps to a step looks like a drag to uPlot.
          drag: { x: true, y: false, setScale: false, dist: dragDistance, click: () => undefined },
          bind: { dblclick: () => null },
          move: (self, left, top) => (left < 0 ? [left, top] : [snapped(self, left), top]),
        },
        hooks: {
          ready: [apply],
          setSize: [apply],
          setSelect: [
            ({ select, posToVal }) => {
              if (select.width > 0) onRange(posToVal(select.left, 'x'), posToVal(select.left + select.width, 'x'));
            },
          ],
        },
      },
      alignedData(data),
      this.container,
    );
    // uPlot's own hook is called for every layout as well.
    plot.over.addEventListener('mousemove', (event) => onHover(plot.posToIdx(event.offsetX)));
    plot.over.addEventListener('mouseleave', () => onHover(null));
    let pressedAt = Number.NaN;
    plot.over.addEventListener('mousedown', (event) => {
      pressedAt = event.clientX;
    });
    plot.over.addEventListener('click', (event) => {
      if (Math.abs(event.clientX - pressedAt) < dragDistance) onPick(plot.posToIdx(event.offsetX));
    });
    return plot;
  }

  private axes(theme: PlotTheme): uPlot.Axis[] {
    const common = {
      stroke: theme.text,
      font: theme.font,
      ticks: { show: false },
      grid: { stroke: theme.grid, width: 1 },
    };
    const format = (tick: number) => this.options.format(tick);
    return [
      { ...common, grid: { show: false }, size: 22, gap: 4, space: 56, values: (_, ticks) => ticks.map(wholeOnly) },
      { ...common, size: 48, gap: 6, space: 32, values: (_, ticks) => ticks.map((tick) => format(tick)) },
    ];
  }
}

/** Steps are whole: a tick between two says nothing. */
function wholeOnly(tick: number): string {
  return Number.isInteger(tick) ? String(tick) : '';
}

function snapped(self: uPlot, left: number): number {
  return self.valToPos(self.data[0][self.posToIdx(left)] ?? 0, 'x');
}

/** The horizontal series first, then both edges of each band, then the lines. */
function seriesOf({ x, bands, lines }: PlotData, theme: PlotTheme): uPlot.Series[] {
  const few = x.length <= 24;
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return [
    {},
    ...bands.flatMap(() => [edge, edge]),
    ...lines.map(({ label, ink, dashed, sparse }): uPlot.Series => {
      const stroke = theme.ink(ink);
      return {
        label,
        stroke,
        width: 1.5,
        spanGaps: sparse ?? false,
        ...(dashed ? { dash: [5, 4] } : {}),
        points: { show: few || (sparse ?? false), size: 4, fill: stroke, stroke },
      };
    }),
  ];
}

function alignedData({ x, bands, lines }: PlotData): uPlot.AlignedData {
  const gaps = (values: Float64Array) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return [
    x,
    ...bands.flatMap(({ low, high }) => [gaps(low), gaps(high)]),
    ...lines.map(({ values }) => gaps(values)),
  ] as uPlot.AlignedData;
}
