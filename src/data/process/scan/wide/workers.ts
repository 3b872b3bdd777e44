import { Worker } from 'node:worker_threads';
import type { ResultOf, ScanTask } from './segment';
import type { WorkerAnswer } from './worker';

/** MiB of a thread's heap: a row of the longest kind and what is made of it. */
const heapMb = 384;
/** MiB of it for what is young: a thread's garbage is little and dies at once. */
const youngMb = 8;

interface Job {
  readonly task: ScanTask;
  resolve(result: never): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** Tasks it was given, the one it works on first. */
  readonly jobs: Job[];
}

/** Tasks given to a thread at a time: it must not wait for the next while this one is busy. */
const atOnce = 2;

/** Threads that read stretches of files. */
export class Workers {
  private readonly threads: Thread[] = [];
  private readonly waiting: Job[] = [];
  /** Why no task is taken any more. */
  private over: unknown = null;

  constructor(
    /** The threads' bundle. */
    entry: string,
    readonly count: number,
  ) {
    for (let i = 0; i < count; i++) this.threads.push(this.begin(entry));
  }

  /** Tasks begin in the order in which they come. Rejects when the thread ends over it; others go on. */
  run<T extends ScanTask>(task: T): Promise<ResultOf<T>> {
    return new Promise((resolve, reject) => {
      if (this.over !== null) {
        reject(this.over);
        return;
      }
      this.waiting.push({ task, resolve: resolve as Job['resolve'], reject });
      this.hand();
    });
  }

  /** Ends the threads; tasks under way reject. */
  async dispose(): Promise<void> {
    const threads = this.threads.splice(0);
    this.end(new Error('the scanning threads were ended'));
    for (const { jobs } of threads) for (const job of jobs) job.reject(this.over);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  private begin(entry: string): Thread {
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb };
    const thread: Thread = { worker: new Worker(entry, { resourceLimits }), jobs: [] };
    thread.worker.on('message', (answer: WorkerAnswer) => {
      const job = thread.jobs.shift();
      if ('error' in answer) job?.reject(new Error(answer.error));
      else job?.resolve(answer.result as never);
      this.hand();
    });
    thread.worker.on('error', (error) => this.lost(thread, error));
    thread.worker.on('exit', (code) => this.lost(thread, new Error(`a scanning thread ended with code ${code}`)));
    return thread;
  }

  /** A thread that ended is not started again: what it did not do is done without threads. */
  private lost(thread: Thread, error: unknown): void {
    const at = this.threads.indexOf(thread);
    if (at < 0) return;
    this.threads.splice(at, 1);
    for (const job of thread.jobs) job.reject(error);
    if (this.threads.length === 0) this.end(error);
  }

  private end(reason: unknown): void {
    this.over ??= reason;
    for (const job of this.waiting.splice(0)) job.reject(this.over);
  }

  private hand(): void {
    for (let round = 1; round <= atOnce; round++) {
      for (const { worker, jobs } of this.threads) {
        if (jobs.length >= round) continue;
        const job = this.waiting.shift();
        if (job === undefined) return;
        jobs.push(job);
        worker.postMessage(job.task);
      }
    }
  }
}
