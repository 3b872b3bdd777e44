import type { TraceProgress } from '../../../src/protocol/data';
import { type Host, isCancelled } from './host';
import { type FoundView, Listing } from './listing';
import { Signal } from './signal';

/** The lists of one trace: in the order of the file, and the one on show. */
export class Listings {
  /** Grows with the scan, whatever is on show. */
  readonly file: Listing;
  readonly shown: Signal<Listing>;
  /** Summaries or sizes changed: the list repaints. */
  readonly version = new Signal(0);
  /** Why the view on show cannot be read any further: the data process knows it no more. */
  readonly failure = new Signal<{ readonly error: unknown } | null>(null);
  private readonly closed = new Set<number>();

  constructor(
    private readonly host: Host,
    private readonly report: (error: unknown) => void,
  ) {
    this.file = this.list(null);
    this.shown = new Signal(this.file);
  }

  /** The whole group's size, as far as the scan has come. */
  readonly sizeOf = (group: number): number => this.file.layout.size(group);

  grow({ sizesFrom, sizes }: TraceProgress): void {
    this.file.layout.update(sizesFrom, sizes);
    this.changed();
  }

  /** Shows what a query found; null for everything as the file has it. */
  show(found: FoundView | null): void {
    this.failure.set(null);
    const next = found === null ? this.file : this.list(found);
    next.enter();
    this.shown.set(next);
    this.changed();
  }

  invalidate(): void {
    this.file.invalidate();
    if (this.shown.value !== this.file) this.shown.value.invalidate();
    this.changed();
  }

  private list(found: FoundView | null): Listing {
    const listing: Listing = new Listing(
      {
        host: this.host,
        closed: this.closed,
        sizeOf: (group) => this.sizeOf(group),
        onChange: () => {
          if (listing === this.shown.value) this.changed();
        },
        onError: (error) => {
          if (found === null || isCancelled(error)) this.report(error);
          else if (listing === this.shown.value) this.failure.set({ error });
        },
      },
      found,
    );
    return listing;
  }

  private changed(): void {
    this.version.set(this.version.value + 1);
  }
}
