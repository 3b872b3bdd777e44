/** Work that several wait for: it goes on as long as one of them does, whoever began it. */
export class SharedWork<T> {
  private readonly stopping = new AbortController();
  private readonly result: Promise<T>;
  private waiting = 0;
  private over = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = work(this.stopping.signal).finally(() => {
      this.over = true;
    });
    // Told to everyone who waits; when nobody does any more, to none.
    this.result.catch(() => undefined);
  }

  /** Nobody waited any more: whoever comes now needs work of their own. */
  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** @throws the reason of `signal` once it is aborted, whatever becomes of the work. */
  async join(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    this.waiting++;
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    try {
      return await Promise.race([this.result, left]);
    } finally {
      this.waiting--;
      if (this.waiting === 0 && !this.over) this.stopping.abort(signal.reason);
    }
  }
}
