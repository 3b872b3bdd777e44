import type { InferenceWork } from '../../protocol/segment';

type Begun = {
  [K in InferenceWork['kind']]: Omit<Extract<InferenceWork, { kind: K }>, 'since'>;
}[InferenceWork['kind']];

/**
 * What the process is at. It is told before a run, which blocks the process: nobody could be told during one. One run at a time;
 * a model may be loaded within one.
 */
export class Activity {
  private readonly under: InferenceWork[] = [];
  private loaded = 0;

  constructor(private readonly changed: () => void) {}

  get now(): InferenceWork | null {
    return this.under.at(-1) ?? null;
  }

  async during<T>(work: Begun, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const entry: InferenceWork = { ...work, since: Date.now() };
    this.under.push(entry);
    this.changed();
    try {
      return await run();
    } finally {
      this.under.splice(this.under.indexOf(entry), 1);
      if (work.kind === 'loading') this.loaded += performance.now() - start;
      this.changed();
    }
  }

  /** Milliseconds that `run` took, those without in which a model was loaded. */
  async timed<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
    const [start, before] = [performance.now(), this.loaded];
    const result = await run();
    return { result, ms: performance.now() - start - (this.loaded - before) };
  }
}
