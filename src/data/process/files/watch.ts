/** Milliseconds between two looks at files that somebody sees, and at files that nobody does. */
const visibleInterval = 2000;
const hiddenInterval = 30_000;
/** A look takes at most one part in this many of the time: a folder of thousands on a network drive is looked at less often. */
const rest = 20;

/** Looks at files again and again. Polling, since notices of changes are not sent for what another machine writes. */
export class Watch {
  private timer: NodeJS.Timeout | null = null;
  private interval: number | null = null;
  private looking = false;
  private lastLook = performance.now();
  private lastCost = 0;

  constructor(private readonly look: () => Promise<void>) {}

  /** Null: nobody has said that they want to know. */
  get active(): boolean {
    return this.interval !== null;
  }

  start(visible: boolean): void {
    this.interval = visible ? visibleInterval : hiddenInterval;
    this.plan();
  }

  stop(): void {
    this.interval = null;
    this.plan();
  }

  private plan(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.interval === null || this.looking) return;
    const due = this.lastLook + Math.max(this.interval, this.lastCost * rest);
    this.timer = setTimeout(() => void this.run(), Math.max(0, due - performance.now()));
    this.timer.unref();
  }

  private async run(): Promise<void> {
    this.looking = true;
    const begun = performance.now();
    try {
      await this.look();
    } finally {
      this.looking = false;
      this.lastLook = performance.now();
      this.lastCost = this.lastLook - begun;
      this.plan();
    }
  }
}
