import type { Disposable } from 'vscode';

/** Disposables registered where they are made; disposed last in, first out. */
export class DisposableStore implements Disposable {
  private readonly items: { dispose(): unknown }[] = [];
  private disposed = false;

  /** Disposes at once when the store is gone already. */
  add<T extends { dispose(): unknown }>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  /** For listeners that answer a function which ends them. */
  addOff(off: () => unknown): void {
    this.add({ dispose: off });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
