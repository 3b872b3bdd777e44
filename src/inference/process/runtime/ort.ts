import type * as Ort from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../../protocol/segment';
import type { DeviceOptions, InferenceOptions } from '../../options';
import type { NamedTensor } from '../../segmenter';
import type { Graph } from '../segmenters/onnxSegmenter';
import { loadCudaRuntime, whyNoCuda } from './cudaRuntime';

/** ONNX Runtime, or why it cannot be used here. */
export type Runtime =
  | { readonly ort: typeof Ort; readonly version: string }
  | { readonly ort: null; readonly reason: string };

/**
 * Never throws: there is no build for Intel Macs and for musl (Alpine), where everything else still works. With a folder of CUDA
 * libraries that the user set it is ONNX Runtime beside these.
 */
export async function loadRuntime(
  { device, cacheDir }: InferenceOptions,
  log: (message: string) => void,
): Promise<Runtime> {
  try {
    const ort = withCuda(device, cacheDir, log) ?? (await import('onnxruntime-node'));
    return { ort, version: ort.env.versions.node ?? 'unknown' };
  } catch (error) {
    return { ort: null, reason: `no ONNX Runtime for ${process.platform} on ${process.arch} (${firstLine(error)})` };
  }
}

/** Null where CUDA is not wanted, or cannot be had. */
function withCuda(device: DeviceOptions | null, cacheDir: string, log: (message: string) => void): typeof Ort | null {
  if (device?.cudaFolder == null || (device.provider !== null && device.provider !== 'cuda')) return null;
  const reason = whyNoCuda(device.cudaFolder);
  if (reason !== null) {
    log(`cuda: ${reason}`);
    return null;
  }
  try {
    return loadCudaRuntime(device.cudaFolder, cacheDir);
  } catch (error) {
    log(`cuda: ${firstLine(error)}`);
    return null;
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

export interface SessionOptions {
  readonly provider: Provider;
  readonly deviceIndex: number;
  readonly threads: number;
  /** `basic` for decoders: aggressive optimisation breaks some exports of SAM 2 with open sides. */
  readonly optimisation: 'all' | 'basic';
}

/** Loads one graph. Blocks while it does. */
export async function openGraph(ort: typeof Ort, path: string, options: SessionOptions): Promise<Graph> {
  return graphOf(ort, await ort.InferenceSession.create(path, sessionOptions(options)));
}

/** Loads a graph that is part of Saccade, on the CPU. */
export async function openGraphBytes(ort: typeof Ort, bytes: Uint8Array, threads: number): Promise<Graph> {
  const options = sessionOptions({ provider: 'cpu', deviceIndex: 0, threads, optimisation: 'all' });
  return graphOf(ort, await ort.InferenceSession.create(bytes, options));
}

function graphOf(ort: typeof Ort, session: InferenceSession): Graph {
  return {
    run: async (feeds) => {
      const given: Record<string, Ort.Tensor> = {};
      for (const [name, { type, dims, data }] of Object.entries(feeds)) {
        // What a graph does not take is left out: embeddings are kept whole.
        if (session.inputNames.includes(name)) given[name] = new ort.Tensor(type as 'float32', data as never, dims);
      }
      return named(await session.run(given));
    },
    release: () => session.release(),
  };
}

/**
 * One provider at a time, and the CPU behind it for operators that it lacks: a session says nothing of what it fell back to, so
 * whoever asks for a provider compares a run with the CPU's.
 */
function sessionOptions({
  provider,
  deviceIndex,
  threads,
  optimisation,
}: SessionOptions): InferenceSession.SessionOptions {
  const common: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    graphOptimizationLevel: optimisation,
    logSeverityLevel: 3,
    // Threads that wait for the next run would burn a core which images are decoded on; a run takes no longer without.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  switch (provider) {
    case 'cpu':
      return { ...common, executionProviders: ['cpu'] };
    case 'dml':
      // DirectML allows neither memory patterns nor parallel execution.
      return {
        ...common,
        executionProviders: [{ name: 'dml', deviceId: deviceIndex }, 'cpu'],
        enableMemPattern: false,
        executionMode: 'sequential',
      };
    case 'cuda':
      return { ...common, executionProviders: [{ name: 'cuda', deviceId: deviceIndex }, 'cpu'] };
    case 'webgpu':
    case 'coreml':
      return { ...common, executionProviders: [provider, 'cpu'] };
  }
}

function named(values: Awaited<ReturnType<InferenceSession['run']>>): Record<string, NamedTensor> {
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, value] of Object.entries(values)) {
    const { type, dims, data } = value as Ort.Tensor;
    tensors[name] = { type: type as NamedTensor['type'], dims, data: data as NamedTensor['data'] };
  }
  return tensors;
}
