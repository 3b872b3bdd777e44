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
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
    });
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.result, left]);
    } finally {
      // A log's own signal is joined once for every row: adding to a list of thousands takes as long as the list is.
      signal.removeEventListener('abort', leave);
      this.waiting--;
      if (this.waiting === 0 && !this.over) this.stopping.abort(signal.reason);
    }
  }
}
