import type { Signal } from './signal';

/** Any editor's host. */
export interface LivingHost {
  call(method: 'editor/alive', params: Record<never, never>, options: { readonly deadline: number }): Promise<unknown>;
}

/** Milliseconds between two questions, and until an answer that does not come is missed. */
const every = 4000;
const deadline = 8000;

/**
 * Keeps `lost` true while the host does not answer. A host that died cannot say so, and VS Code neither opens its documents
 * again nor tells their pages. Hidden pages do not ask: their timers are slowed down.
 */
export function watchHost(host: LivingHost, lost: Signal<boolean>): void {
  const ask = async () => {
    if (document.visibilityState !== 'visible') return;
    const answered = await host.call('editor/alive', {}, { deadline }).then(
      () => true,
      () => false,
    );
    if (lost.value === answered) lost.set(!answered);
  };
  const again = () => void ask().finally(() => setTimeout(again, every));
  again();
}
