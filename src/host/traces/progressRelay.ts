import type { TraceProgress } from '../../protocol/data';
import { GroupSizes } from './groupSizes';

/** Milliseconds between two progress events of one trace: ten a second are smooth, more only fill the wire. */
const interval = 100;

/**
 * Gathers a scan's progress and passes it on at most ten times a second: the first at once, so that first rows are not
 * held back, and the last without delay.
 */
export class ProgressRelay {
  private sizes = new GroupSizes();
  private latest: TraceProgress | null = null;
  private held = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastSent = Number.NEGATIVE_INFINITY;

  constructor(private readonly send: (progress: TraceProgress) => void) {}

  /** Counts of the last report, sizes of all groups; null before the first. */
  whole(): TraceProgress | null {
    return this.latest === null ? null : { ...this.latest, sizesFrom: 0, sizes: this.sizes.all() };
  }

  get done(): boolean {
    return this.latest?.done ?? false;
  }

  take(progress: TraceProgress): void {
    this.sizes.put(progress.sizesFrom, progress.sizes);
    this.latest = progress;
    const wait = this.lastSent + interval - performance.now();
    if (progress.done || wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** The trace is scanned anew. `hold`: nothing is sent until `release`, so that counts are not seen to fall. */
  restart({ hold }: { readonly hold: boolean }): void {
    this.cancel();
    this.held = hold;
    this.sizes = new GroupSizes();
    this.latest = null;
    this.lastSent = Number.NEGATIVE_INFINITY;
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    this.flush();
  }

  dispose(): void {
    this.cancel();
  }

  private flush(): void {
    this.cancel();
    if (this.latest === null || this.held) return;
    this.lastSent = performance.now();
    this.send({ ...this.latest, ...this.sizes.takeChanges() });
  }

  private cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
