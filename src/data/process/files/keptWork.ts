import { SharedWork } from './sharedWork';

/** Results by key. Work on one goes on as long as somebody waits for it; what was stopped, or failed, is begun anew. */
export class KeptWork<K, T extends object> {
  private readonly results = new Map<K, T>();
  private readonly running = new Map<K, SharedWork<T>>();

  /** @throws the reason of `signal` once it is aborted, and of no other's. */
  async of(key: K, signal: AbortSignal, begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const before = this.running.get(key);
    const work = before === undefined || before.isStopped ? this.begun(key, begin) : before;
    return work.join(signal);
  }

  private begun(key: K, begin: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
    const work = new SharedWork<T>(async (signal) => {
      try {
        const result = await begin(signal);
        this.results.set(key, result);
        return result;
      } finally {
        if (this.running.get(key) === work) this.running.delete(key);
      }
    });
    this.running.set(key, work);
    return work;
  }
}
