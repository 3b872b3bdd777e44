import type { TraceOverview, TrainerMetrics } from '../../../src/protocol/overview';
import type { FilterChip, TraceQuery } from '../../../src/protocol/query';
import type { Session } from '../store/session';
import { Signal } from '../store/signal';

/** The list's filter, as far as the overview sets it. */
export interface ListFilter {
  readonly query: Signal<TraceQuery>;
  /** Puts a chip in the place of another, or behind all; null takes the other away. */
  put(chip: FilterChip | null, instead: FilterChip | null): void;
}

export type StepRange = FilterChip & { readonly kind: 'range' };
export type Lasso = FilterChip & { readonly kind: 'lasso' };

/** Milliseconds at least between two looks at a trace that grows; a large one, which takes long to count, is left alone longer. */
const interval = 2000;
const restPerWork = 5;

/** What the overview shows: numbers on loan from the data process, the step under the cursor, the steps the list is filtered to. */
export class OverviewStore {
  readonly overview = new Signal<TraceOverview | null>(null);
  readonly metrics = new Signal<TrainerMetrics | null>(null);
  /** From which reward on a rollout is right, as the user said; null for what the values say. */
  readonly right = new Signal<number | null>(null);
  /** The step that the pointer or the keys are at. */
  readonly cursor = new Signal<number | null>(null);
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = false;
  /** Rows of the trace when its numbers were last asked for. */
  private rows = -1;
  private resting = false;

  constructor(
    readonly session: Session,
    private readonly filter: ListFilter,
  ) {
    this.right.on(() => void this.load());
    session.progress.on(() => this.follow());
  }

  /** The steps that the list is filtered to; null when it is not. */
  get range(): StepRange | null {
    const isRange = (chip: FilterChip): chip is StepRange => chip.kind === 'range' && chip.column === 'step';
    return this.filter.query.value.chips.find(isRange) ?? null;
  }

  onRange(listener: () => void): void {
    this.filter.query.on(listener);
  }

  /** Asks for numbers while someone looks, and no longer. */
  setShown(shown: boolean): void {
    this.shown = shown;
    if (!shown) this.stop();
    else if (this.stale) void this.load();
  }

  /** Filters the list to the steps between two values, ends included; nothing happens when no step is there. */
  select(from: number, to: number): void {
    const steps = this.overview.value?.parts.flatMap((part) => [...part.steps]) ?? [];
    const inside = steps.filter((step) => step >= Math.min(from, to) && step <= Math.max(from, to));
    if (inside.length === 0) {
      this.session.say('No rollouts were logged at these steps.');
      return;
    }
    const low = inside.reduce((a, b) => Math.min(a, b));
    const high = inside.reduce((a, b) => Math.max(a, b));
    this.filter.put({ kind: 'range', column: 'step', from: low, to: high }, this.range);
  }

  clearRange(): boolean {
    const { range } = this;
    if (range !== null) this.filter.put(null, range);
    return range !== null;
  }

  /** Filters the list to points inside a polygon of a scatter. */
  lasso(x: string, y: string, points: readonly (readonly [number, number])[]): void {
    this.filter.put({ kind: 'lasso', x, y, points }, this.lassoed);
  }

  /** The lasso that the list is filtered to. */
  get lassoed(): Lasso | null {
    return this.filter.query.value.chips.find((chip) => chip.kind === 'lasso') ?? null;
  }

  clearLasso(): boolean {
    const { lassoed } = this;
    if (lassoed !== null) this.filter.put(null, lassoed);
    return lassoed !== null;
  }

  /** The trace has grown, or was still being read, since its numbers were asked for. */
  private get stale(): boolean {
    const { done, rollouts } = this.session.progress.value;
    return rollouts !== this.rows || (done && this.overview.value?.complete === false);
  }

  /** Keeps up with a scan and with a run that goes on. */
  private follow(): void {
    if (this.shown && !this.resting && this.running === null && this.stale) void this.load();
  }

  /** The reward first, so that there is something to see; then every column. */
  private async load(): Promise<void> {
    this.stop();
    if (!this.shown) return;
    const controller = new AbortController();
    this.running = controller;
    const { host } = this.session;
    const options = { signal: controller.signal, deadline: Number.POSITIVE_INFINITY };
    const right = this.right.value;
    const began = performance.now();
    this.rows = this.session.progress.value.rollouts;
    const mine = () => this.running === controller;
    try {
      if (this.overview.value === null) {
        const first = await host.call('overview/steps', { columns: ['reward'], right }, options);
        if (mine()) this.overview.set(first);
      }
      const all = await host.call('overview/steps', { columns: null, right }, options);
      if (!mine()) return;
      this.overview.set(all);
      if (this.metrics.value === null) this.metrics.set(await host.call('overview/metrics', {}, options));
    } catch (error) {
      if (mine()) this.session.report(error);
    } finally {
      if (mine()) this.rest(performance.now() - began);
    }
  }

  /** Leaves the data process to others for a while, then looks whether there is more. */
  private rest(took: number): void {
    this.running = null;
    this.resting = true;
    this.timer = setTimeout(
      () => {
        this.resting = false;
        this.follow();
      },
      Math.max(interval, restPerWork * took),
    );
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.resting = false;
    if (this.running !== null) this.rows = -1;
    this.running?.abort();
    this.running = null;
  }
}
