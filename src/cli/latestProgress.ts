import type { TraceProgress } from '../protocol/data';

/** Milliseconds for which the whole of a trace is waited for where a part of it would do. */
const patience = 2000;

/** What the scan reported last. */
export class LatestProgress {
  private progress: TraceProgress | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(listen: (listener: (progress: TraceProgress) => void) => unknown) {
    listen((progress) => {
      this.progress = progress;
      for (const look of [...this.waiting]) look();
    });
  }

  /** The end of the scan; of one that takes longer than `patience` the first report with so many rows. */
  scanned(rows: number): Promise<TraceProgress> {
    return new Promise((resolve) => {
      let isLate = false;
      const look = () => {
        const { progress } = this;
        if (progress === null || !(progress.done || (isLate && progress.rollouts >= rows))) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(progress);
      };
      const timer = setTimeout(() => {
        isLate = true;
        look();
      }, patience);
      this.waiting.add(look);
      look();
    });
  }
}
