import type { ProposeAnswer, ProposeMethods, ProposeRequest } from '../protocol/propose';
import type {
  EmbedAnswer,
  EmbedRequest,
  InferenceState,
  ModelInfo,
  ModelsFound,
  PixelsAnswer,
  PixelsRequest,
  SegmentAnswer,
  SegmentEvents,
  SegmentMethods,
  SegmentParentMethods,
  SegmentRequest,
} from '../protocol/segment';
import type { ChildLog } from '../supervise/childHandle';
import { readyEvent } from '../supervise/childPort';
import { childLimits } from '../supervise/limits';
import { mended } from '../supervise/mended';
import { type ChildState, Supervisor } from '../supervise/supervisor';
import { type DeviceOptions, type InferenceOptions, inferenceVariable } from './options';

export interface InferenceClientOptions {
  /** The child's bundle: `dist/children/infer.js`. */
  readonly entry: string;
  readonly log: ChildLog;
  /** Folder for embeddings; created when needed, shared by windows. */
  readonly cacheDir: string;
  /** Pixels of an image: from the media child, or from a webview where sharp does not load. */
  readonly pixels: (request: PixelsRequest) => Promise<PixelsAnswer>;
  /** Byte budget of the cache folder. Default 2 GiB. */
  readonly cacheBytes?: number | undefined;
  readonly threads?: number | undefined;
  readonly memoryMb?: number | undefined;
  /** Null or absent: the CPU alone, whatever the machine has. */
  readonly device?: DeviceOptions | null | undefined;
  /** Milliseconds after which a model nobody asked is let go of. Default 10 min. */
  readonly idle?: number | undefined;
  /** Milliseconds a single run may take before the child is killed: ViT-H takes 40 s on a laptop's CPU. Default 5 min. */
  readonly runDeadline?: number | undefined;
}

/**
 * Segmentation through the inference child, which starts on the first call. What the user can mend rejects with `UserError`, what
 * was cancelled or replaced by a newer click with `ChannelError` (`cancelled`), a crash with `ChannelError` (`disposed`).
 */
export interface InferenceClient {
  /** Models that are part of Saccade, the one to begin with first. */
  builtInModels(): Promise<readonly ModelInfo[]>;
  findModels(path: string): Promise<ModelsFound>;
  segment(request: SegmentRequest, signal?: AbortSignal): Promise<SegmentAnswer>;
  embed(request: EmbedRequest, signal?: AbortSignal): Promise<EmbedAnswer>;
  /** Regions by the policy that ships. */
  propose(request: ProposeRequest, signal?: AbortSignal): Promise<ProposeAnswer>;
  state(): Promise<InferenceState>;
  /** What the process is at, each time it changes. */
  onActivity(listener: (state: InferenceState) => void): () => void;
  /** Lets go of models that nothing is asked of; does not start the process. */
  release(): Promise<void>;
  onState(listener: (state: ChildState, detail: string) => void): () => void;
  readonly childState: ChildState;
  readonly pid: number | undefined;
  restart(): Promise<void>;
  dispose(): void;
}

const defaultCacheBytes = 2 * 2 ** 30;
const defaultIdle = 10 * 60_000;
const defaultRunDeadline = 5 * 60_000;

export function createInferenceClient(options: InferenceClientOptions): InferenceClient {
  const { threads, heapMb } = childLimits(options);
  const { runDeadline = defaultRunDeadline } = options;
  const child: InferenceOptions = {
    cacheDir: options.cacheDir,
    cacheBytes: options.cacheBytes ?? defaultCacheBytes,
    threads,
    device: options.device ?? null,
    idle: options.idle ?? defaultIdle,
  };
  const supervisor = new Supervisor<
    SegmentParentMethods,
    SegmentMethods & ProposeMethods,
    Record<never, never>,
    SegmentEvents
  >({
    role: 'infer',
    entry: options.entry,
    env: { [inferenceVariable]: JSON.stringify(child) },
    handlers: { 'image/pixels': (request) => options.pixels(request) },
    heapMb,
    log: options.log,
    // A run blocks the child's loop: no answer for as long as a run may take is no sign of a hang.
    heartbeat: { every: Math.min(10_000, runDeadline), deadline: runDeadline },
  });
  supervisor.on(readyEvent, ({ versions }) => {
    if (versions.onnxruntime !== undefined) options.log.info(`[infer] ONNX Runtime ${versions.onnxruntime}`);
    else options.log.warn(`[infer] ${versions.problem}`);
  });
  // Work waits for its turn behind other work; what hangs is noticed by the heartbeat.
  const patient = (signal: AbortSignal | undefined) => ({
    deadline: Number.POSITIVE_INFINITY,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    builtInModels: () => mended(supervisor.call('models/builtIn', {}, patient(undefined))),
    findModels: (path) => mended(supervisor.call('models/find', { path })),
    segment: (request, signal) => mended(supervisor.call('segment/run', request, patient(signal))),
    embed: (request, signal) => mended(supervisor.call('segment/embed', request, patient(signal))),
    propose: (request, signal) => mended(supervisor.call('propose/run', request, patient(signal))),
    state: () => mended(supervisor.call('segment/state', {}, patient(undefined))),
    onActivity: (listener) => supervisor.on('segment/state', listener),
    release: async () => {
      if (supervisor.state === 'running') await mended(supervisor.call('models/release', {}, patient(undefined)));
    },
    onState: (listener) => supervisor.onState(listener),
    get childState() {
      return supervisor.state;
    },
    get pid() {
      return supervisor.pid;
    },
    restart: () => supervisor.restart(),
    dispose: () => supervisor.dispose(),
  };
}
