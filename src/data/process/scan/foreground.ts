/**
 * Requests that a person waits for. Each step of one (open, read, close) would otherwise wait for a slice of the scan, and
 * a group of eight rows takes two dozen steps.
 */
export class Foreground {
  private running = 0;
  private waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      if (this.running === 0) for (const go of this.waiting.splice(0)) go();
    }
  }

  /** Resolves when no request runs, at the latest after `limit` milliseconds. */
  idle(limit: number): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limit);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
