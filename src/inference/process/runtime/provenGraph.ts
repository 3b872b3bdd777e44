import { UserError } from '../../../core/text/userError';
import type { Provider, ProviderReport } from '../../../protocol/segment';
import type { Embedding, NamedTensor } from '../../segmenter';
import type { Graph } from '../segmenters/onnxSegmenter';
import { differenceOf } from './probe';

/** What a run on a provider showed, kept so that the next start need not show it again. */
export interface Proof {
  readonly usable: boolean;
  readonly reason: string;
}

export interface ProvenGraphOptions {
  /** To try in this order; the CPU last. */
  readonly providers: readonly Provider[];
  /** The user named one: it is used however slow it is. */
  readonly pinned: boolean;
  open(provider: Provider): Promise<Graph>;
  /** Why the device cannot take it now; null when it can. Asked before every session that is not the CPU's. */
  roomFor(provider: Provider): Promise<string | null>;
  /** What every provider is compared on. */
  probe(): Readonly<Record<string, NamedTensor>>;
  remembered(provider: Provider): Promise<Proof | null>;
  remember(provider: Provider, proof: Proof): Promise<void>;
  report(report: ProviderReport): void;
}

/**
 * A graph that is loaded on its first run, on the first provider that is shown to compute what the CPU computes, and no slower unless it was named.
 * When the provider fails later, the CPU takes over.
 */
export class ProvenGraph implements Graph {
  private opened: { readonly graph: Graph; readonly provider: Provider } | null = null;
  private failed: ReadonlySet<Provider> = new Set();

  constructor(private readonly options: ProvenGraphOptions) {}

  /** What runs it; null before the first run. */
  get provider(): Provider | null {
    return this.opened?.provider ?? null;
  }

  async run(feeds: Readonly<Record<string, NamedTensor>>): Promise<Readonly<Record<string, NamedTensor>>> {
    this.opened ??= await this.open();
    const { graph, provider } = this.opened;
    try {
      return await graph.run(feeds);
    } catch (error) {
      if (provider === 'cpu') throw error;
      this.options.report({ provider, usable: false, reason: messageOf(error) });
      this.failed = new Set([...this.failed, provider]);
      await this.release();
      return this.run(feeds);
    }
  }

  async release(): Promise<void> {
    const { opened } = this;
    this.opened = null;
    await opened?.graph.release();
  }

  private async open(): Promise<{ readonly graph: Graph; readonly provider: Provider }> {
    const { providers, open, report } = this.options;
    let reference: Reference | null = null;
    for (const provider of providers) {
      if (provider === 'cpu' || this.failed.has(provider)) continue;
      const room = await this.options.roomFor(provider);
      if (room !== null) {
        report({ provider, usable: false, reason: room });
        continue;
      }
      const before = await this.options.remembered(provider);
      if (before !== null && !before.usable) {
        report({ provider, ...before });
        continue;
      }
      try {
        const graph = await open(provider);
        if (before === null) reference ??= await this.reference();
        const proof = before ?? (await this.prove(provider, graph, reference as Reference));
        report({ provider, ...proof });
        if (proof.usable) {
          await reference?.graph.release();
          return { graph, provider };
        }
        await graph.release();
      } catch (error) {
        // Not remembered: a driver may be there tomorrow, and memory in a minute.
        report({ provider, usable: false, reason: messageOf(error) });
      }
    }
    return { graph: reference?.graph ?? (await open('cpu')), provider: 'cpu' };
  }

  private async reference(): Promise<Reference> {
    const graph = await this.options.open('cpu');
    const feeds = this.options.probe();
    return { graph, feeds, ...(await timedRun(graph, feeds)) };
  }

  private async prove(provider: Provider, graph: Graph, { feeds, outputs, ms: cpuMs }: Reference): Promise<Proof> {
    // The first run compiles shaders and kernels.
    await graph.run(feeds);
    const run = await timedRun(graph, feeds);
    const difference = differenceOf(run.outputs, outputs);
    const times = `${Math.round(run.ms)} ms, on the CPU ${Math.round(cpuMs)} ms`;
    const slower = run.ms > cpuMs && !this.options.pinned;
    const proof: Proof =
      difference !== null
        ? { usable: false, reason: difference }
        : slower
          ? { usable: false, reason: `it is slower: ${times}` }
          : { usable: true, reason: `it computes what the CPU computes: ${times}` };
    await this.options.remember(provider, proof);
    return proof;
  }
}

interface Reference {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, NamedTensor>>;
  readonly outputs: Embedding;
  readonly ms: number;
}

async function timedRun(graph: Graph, feeds: Readonly<Record<string, NamedTensor>>) {
  const start = performance.now();
  const outputs = await graph.run(feeds);
  return { outputs, ms: performance.now() - start };
}

function messageOf(error: unknown): string {
  if (UserError.is(error)) return error.message;
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? '';
}
