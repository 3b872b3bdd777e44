/** A value that tells its listeners when it changes. Listeners run at once, in the order they came. */
export class Signal<T> {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(next: T): void {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener(next);
  }

  on(listener: (value: T) => void): void {
    this.listeners.add(listener);
  }
}

/** Calls `listener` whenever any of the signals changes. */
export function onAny(listener: () => void, signals: readonly { on(listener: () => void): void }[]): void {
  for (const signal of signals) signal.on(listener);
}

/** Wraps `paint` so that any number of calls before the next animation frame run it once. */
export function oncePerFrame(paint: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      paint();
    });
  };
}

/** As `oncePerFrame`, but behind the frame: for work that what the user did must not wait for. */
export function afterPaint(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        asked = false;
        work();
      }),
    );
  };
}
