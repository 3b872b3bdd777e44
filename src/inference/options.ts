import type { Provider } from '../protocol/segment';

/** What the client tells the inference child through its environment. */
export interface InferenceOptions {
  /** Absolute folder for embeddings. */
  readonly cacheDir: string;
  /** Byte budget of that folder. */
  readonly cacheBytes: number;
  readonly threads: number;
  /** Null until the user allowed a device on this machine: then no provider but the CPU is ever asked for. */
  readonly device: DeviceOptions | null;
  /** Milliseconds after which a model nobody asked is let go of. */
  readonly idle: number;
}

/** What the user allows. */
export interface DeviceOptions {
  /** Null for the platform's order. */
  readonly provider: Provider | null;
  /** Of the devices that are visible to this process. */
  readonly index: number;
  /** MiB of the device that models may take; null for what is free. */
  readonly memoryMb: number | null;
  /** Absolute folder with ONNX Runtime's CUDA libraries; null without one. */
  readonly cudaFolder: string | null;
}

export const inferenceVariable = 'SACCADE_INFERENCE';

export function parseOptions(text: string | undefined): InferenceOptions {
  const options = JSON.parse(text ?? '{}') as Partial<InferenceOptions>;
  const { cacheDir, cacheBytes, threads, device = null, idle } = options;
  const numbers = [cacheBytes, threads, idle].every((value) => typeof value === 'number');
  if (typeof cacheDir !== 'string' || !numbers)
    throw new Error(`the inference process needs its options in ${inferenceVariable}`);
  return { cacheDir, cacheBytes, threads, device, idle } as InferenceOptions;
}
