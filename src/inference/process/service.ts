import { ChannelError, type Handlers } from '../../protocol/channel';
import type { ProposeMethods } from '../../protocol/propose';
import type { InferenceState, PixelsAnswer, PixelsRequest, SegmentMethods } from '../../protocol/segment';
import type { InferenceOptions } from '../options';
import { Activity } from './activity';
import { ClickSegmenter } from './clickSegmenter';
import { ContentHashes } from './embeddings/contentHash';
import { EmbeddingStore } from './embeddings/embeddingStore';
import { ImageEncoder } from './imageEncoder';
import { findModels } from './models/find';
import { BasicPolicy } from './policies/basicPolicy';
import { Cancelled, RunQueue } from './runQueue';
import { builtIns } from './runtime/builtIn';
import { ModelShelf } from './runtime/modelShelf';
import type { Runtime } from './runtime/ort';

export interface Surroundings {
  readonly runtime: Runtime;
  readonly options: InferenceOptions;
  pixels(request: PixelsRequest): Promise<PixelsAnswer>;
  /** Told at once, whatever runs next. */
  changed(state: InferenceState): void;
  log(message: string): void;
}

/** How often it is looked for models that nobody uses, in milliseconds; no longer than they may be idle. */
const idleCheck = 30_000;

/** The methods of the inference child. Without ONNX Runtime files are still recognised, and not run. */
export function segmentService({
  runtime,
  options,
  pixels,
  changed,
  log,
}: Surroundings): Handlers<SegmentMethods & ProposeMethods> {
  const find: Handlers<SegmentMethods>['models/find'] = ({ path }) => {
    const { models, refused } = findModels(path);
    return { models: models.map(({ info }) => info), refused };
  };
  const state = (): InferenceState => ({
    loaded: shelf.loaded,
    providers: shelf.providers,
    now: activity.now,
    waiting: queue.length,
  });
  const tell = () => changed(state());
  const activity = new Activity(tell);
  const queue = new RunQueue();
  const hashes = new ContentHashes();
  const shelf = new ModelShelf({ runtime, options, hashes, activity, log });
  const store = new EmbeddingStore(options.cacheDir, options.cacheBytes, log);
  const images = new ImageEncoder({ store, hashes, queue, activity, pixels });
  const clicks = new ClickSegmenter({ shelf, images, queue, activity, changed: tell });
  const policy = new BasicPolicy({ runtime, threads: options.threads, queue, pixels });
  const never = new AbortController().signal;
  const release = (key: string, before: number) =>
    queue.run(key, 'upkeep', never, async () => {
      if (await shelf.releaseUnused(before)) tell();
    });
  setInterval(
    () => {
      release('idle', Date.now() - options.idle).catch((error: unknown) => log(String(error)));
    },
    Math.min(idleCheck, options.idle),
  ).unref();

  return {
    'models/builtIn': () => builtIns.map(({ info }) => info),
    'models/find': find,
    'segment/run': (request, signal) => unlessCancelled(clicks.segment(request, signal)),
    'segment/embed': ({ image, crop, upright, model: id, urgency }, signal) =>
      shelf.use(id, async (model) => {
        const start = performance.now();
        const { encoded, source, timings } = await unlessCancelled(
          images.encoded(model, { image, crop, upright, urgency }, signal),
        );
        return {
          embedding: source,
          provider: encoded.provider,
          precision: model.info.precision,
          timings: { ...timings, total: performance.now() - start },
        };
      }),
    'propose/run': (request, signal) => unlessCancelled(policy.propose(request, signal)),
    'segment/state': state,
    'models/release': async () => {
      await release('release', Number.POSITIVE_INFINITY);
      return null;
    },
  };
}

/** A request that a newer one replaced was cancelled, whoever did it. */
async function unlessCancelled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Cancelled) throw new ChannelError('cancelled', 'cancelled');
    throw error;
  }
}
