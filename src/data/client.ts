import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RepaintMask } from '../core/dataset/repaintedMask';
import type { Size } from '../core/geometry/box';
import { UserError } from '../core/text/userError';
import type { CallOptions, ParamsOf, ResultOf } from '../protocol/channel';
import type { DataEvents, DataMethods, DataParentMethods } from '../protocol/data';
import type { MaskAnswer, MaskRequest } from '../protocol/media';
import type { ChildLog } from '../supervise/childHandle';
import { childLimits } from '../supervise/limits';
import { mended } from '../supervise/mended';
import { type ChildState, Supervisor } from '../supervise/supervisor';
import { type DataOptions, dataVariable } from './options';

export interface DataClientOptions {
  /** The child's bundle: `dist/children/data.js`. */
  readonly entry: string;
  /** The bundle of its scanning threads: `scan.js` beside it by default; without it, the child scans alone. */
  readonly scanEntry?: string;
  readonly log: ChildLog;
  /** Absolute folder for database files and images out of tables; never on a network drive. */
  readonly cacheDir: string;
  /** Most that unpacked logs and indexes of logs may take there. Default 8 GiB. */
  readonly cacheBytes?: number | undefined;
  /** Size of the stored pixels: only the media child decodes images. Null when it is no image. */
  readonly imageSize: (path: string) => Promise<Size | null>;
  /** Puts masks into pictures, for exports; without it they are refused. */
  readonly repaintMask?: RepaintMask;
  /** Reads masks out of pictures, for exports; without it they are left out. */
  readonly readMask?: (request: MaskRequest) => Promise<MaskAnswer>;
  /** Upper bounds from settings; undefined for the defaults of `childLimits`. */
  readonly memoryMb?: number | undefined;
  readonly threads?: number | undefined;
}

/**
 * Traces through the data child, which starts on the first call. What the user can mend rejects with `UserError`,
 * everything else with `ChannelError`. After a crash the next call starts the child again, but it knows no trace any more:
 * whoever opened one opens it again.
 */
export interface DataClient {
  call<K extends keyof DataMethods>(
    method: K,
    params: ParamsOf<DataMethods, K>,
    options?: CallOptions,
  ): Promise<ResultOf<DataMethods, K>>;
  /** Survives restarts of the child. Returns what ends the subscription. */
  on<K extends keyof DataEvents>(name: K, listener: (payload: DataEvents[K]) => void): () => void;
  onState(listener: (state: ChildState, detail: string) => void): () => void;
  readonly state: ChildState;
  readonly pid: number | undefined;
  restart(): Promise<void>;
  dispose(): void;
}

function refusedMask(): never {
  throw new UserError('Pictures of masks are neither read nor written here');
}

export function createDataClient(options: DataClientOptions): DataClient {
  const { entry, log, cacheDir, cacheBytes = 8 * 2 ** 30, imageSize } = options;
  const { threads, memoryMb, heapMb } = childLimits(options);
  const { scanEntry = join(dirname(entry), 'scan.js') } = options;
  const found = existsSync(scanEntry) ? scanEntry : null;
  const child: DataOptions = { cacheDir, cacheBytes, threads, memoryMb, scanEntry: found };
  const supervisor = new Supervisor<DataParentMethods, DataMethods, Record<never, never>, DataEvents>({
    role: 'data',
    entry,
    env: { [dataVariable]: JSON.stringify(child), UV_THREADPOOL_SIZE: String(threads) },
    handlers: {
      'image/size': ({ path }) => imageSize(path),
      'image/repaint': (request) => (options.repaintMask ?? refusedMask)(request),
      'image/mask': (request) => (options.readMask ?? refusedMask)(request),
    },
    heapMb,
    log,
  });
  return {
    call: (method, params, callOptions) => mended(supervisor.call(method, params, callOptions)),
    on: (name, listener) => supervisor.on(name, listener as never),
    onState: (listener) => supervisor.onState(listener),
    get state() {
      return supervisor.state;
    },
    get pid() {
      return supervisor.pid;
    },
    restart: () => supervisor.restart(),
    dispose: () => supervisor.dispose(),
  };
}
