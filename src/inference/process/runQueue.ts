/** Who waits for a run: a click, an image somebody looks at, one somebody may look at soon, a batch; or nobody: the house is kept. */
export type Urgency = 'decode' | 'visible' | 'prefetch' | 'batch' | 'upkeep';

const order: readonly Urgency[] = ['decode', 'visible', 'prefetch', 'batch', 'upkeep'];

/** The caller no longer wants the answer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

interface Job {
  readonly key: string | null;
  urgency: Urgency;
  readonly result: Promise<unknown>;
  start(): Promise<unknown>;
  drop(): void;
  waiters: number;
}

/**
 * Runs one job at a time, the most urgent first and first come first served among equals: ONNX Runtime blocks this process
 * while it runs and cannot be interrupted. Between two runs messages are received, so that a click or a cancellation that came
 * meanwhile counts.
 */
export class RunQueue {
  private readonly waiting: Job[] = [];
  private readonly keyed = new Map<string, Job>();
  private running: Job | null = null;

  /** Jobs that somebody waits for. */
  get length(): number {
    return this.waiting.filter(({ urgency }) => urgency !== 'upkeep').length;
  }

  /**
   * Jobs with one key are one job, as urgent as the most urgent that asks for it. An aborted request rejects with `Cancelled`
   * at once; a job for which nobody waits any more is dropped, unless it runs.
   */
  run<T>(key: string | null, urgency: Urgency, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(new Cancelled());
    const job = (key === null ? undefined : this.keyed.get(key)) ?? this.add(key, urgency, work);
    if (order.indexOf(urgency) < order.indexOf(job.urgency)) job.urgency = urgency;
    job.waiters++;
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        this.leave(job);
        reject(new Cancelled());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = () => signal.removeEventListener('abort', onAbort);
      job.result.then(
        (value) => {
          settled();
          resolve(value as T);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }

  private add(key: string | null, urgency: Urgency, work: () => Promise<unknown>): Job {
    let settle: (outcome: Promise<unknown>) => void = () => undefined;
    const result = new Promise<unknown>((resolve) => {
      settle = resolve;
    });
    // Whoever waited may all be gone when it fails.
    result.catch(() => undefined);
    const job: Job = {
      key,
      urgency,
      result,
      start: () => {
        const outcome = work();
        settle(outcome);
        return outcome;
      },
      drop: () => settle(Promise.reject(new Cancelled())),
      waiters: 0,
    };
    if (key !== null) this.keyed.set(key, job);
    this.waiting.push(job);
    this.nextSoon();
    return job;
  }

  private leave(job: Job): void {
    job.waiters--;
    const at = this.waiting.indexOf(job);
    if (job.waiters > 0 || at < 0) return;
    this.waiting.splice(at, 1);
    this.forget(job);
    job.drop();
  }

  private forget(job: Job): void {
    if (job.key !== null) this.keyed.delete(job.key);
  }

  /** After what has arrived in the meantime was received. */
  private nextSoon(): void {
    setImmediate(() => this.next());
  }

  private next(): void {
    if (this.running !== null) return;
    const job = this.mostUrgent();
    if (job === undefined) return;
    this.waiting.splice(this.waiting.indexOf(job), 1);
    this.running = job;
    const done = () => {
      this.running = null;
      this.forget(job);
      this.nextSoon();
    };
    job.start().then(done, done);
  }

  private mostUrgent(): Job | undefined {
    for (const urgency of order) {
      const found = this.waiting.find((job) => job.urgency === urgency);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
