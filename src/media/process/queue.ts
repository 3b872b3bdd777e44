/** Runs at most `lanes` jobs at once, first come first served; those in the background once nothing else waits. */

interface Job {
  readonly key: string;
  readonly run: () => Promise<unknown>;
  readonly result: Promise<unknown>;
  settle(outcome: Promise<unknown>): void;
  refuse(error: Error): void;
  waiters: number;
}

/** The caller no longer wants the answer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export class SharedQueue {
  private readonly jobs = new Map<string, Job>();
  private readonly waiting: Job[] = [];
  private readonly background: Job[] = [];
  private running = 0;

  constructor(private readonly lanes: number) {}

  /**
   * Requests with the same key share one run. An aborted request rejects with `Cancelled` at once; when nobody waits
   * for a queued job any more it is dropped, while one that runs is finished, since its picture goes to the cache.
   */
  run<T>(key: string, signal: AbortSignal, run: () => Promise<T>, rank: 'now' | 'background' = 'now'): Promise<T> {
    if (signal.aborted) return Promise.reject(new Cancelled());
    const job = this.jobs.get(key) ?? this.add(key, run, rank);
    job.waiters++;
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        this.leave(job);
        reject(new Cancelled());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      job.result.then(
        (value) => {
          signal.removeEventListener('abort', onAbort);
          resolve(value as T);
        },
        (error: unknown) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      );
    });
  }

  private add(key: string, run: () => Promise<unknown>, rank: 'now' | 'background'): Job {
    let settle: Job['settle'] = () => undefined;
    let refuse: Job['refuse'] = () => undefined;
    const result = new Promise<unknown>((resolve, reject) => {
      settle = resolve;
      refuse = reject;
    });
    const job: Job = { key, run, result, settle, refuse, waiters: 0 };
    this.jobs.set(key, job);
    (rank === 'now' ? this.waiting : this.background).push(job);
    this.next();
    return job;
  }

  private leave(job: Job): void {
    job.waiters--;
    const line = [this.waiting, this.background].find((one) => one.includes(job));
    if (job.waiters > 0 || line === undefined) return;
    line.splice(line.indexOf(job), 1);
    this.jobs.delete(job.key);
    job.refuse(new Cancelled());
  }

  private next(): void {
    if (this.running >= this.lanes) return;
    const job = this.waiting.shift() ?? this.background.shift();
    if (job === undefined) return;
    this.running++;
    const outcome = job.run();
    const done = () => {
      this.running--;
      this.jobs.delete(job.key);
      this.next();
    };
    outcome.then(done, done);
    job.settle(outcome);
  }
}
