import type { Box } from '../../core/geometry/box';
import type { EmbeddingSource, PixelsAnswer, PixelsRequest, SegmentTimings } from '../../protocol/segment';
import type { Activity } from './activity';
import type { ContentHashes } from './embeddings/contentHash';
import type { EncodedImage } from './embeddings/embeddingFile';
import type { EmbeddingStore } from './embeddings/embeddingStore';
import type { RunQueue, Urgency } from './runQueue';
import type { ShelvedModel } from './runtime/modelShelf';

/** What is encoded, and for whom. */
export interface EncodeRequest {
  readonly image: string;
  readonly upright?: boolean | undefined;
  readonly crop: Box | null;
  readonly urgency: Exclude<Urgency, 'decode' | 'upkeep'>;
}

export interface EncodeAnswer {
  readonly encoded: EncodedImage;
  readonly source: EmbeddingSource;
  readonly timings: Pick<SegmentTimings, 'waited' | 'pixels' | 'encode'>;
}

export interface EncoderParts {
  readonly store: EmbeddingStore;
  readonly hashes: ContentHashes;
  readonly queue: RunQueue;
  readonly activity: Activity;
  pixels(request: PixelsRequest): Promise<PixelsAnswer>;
}

/** Embeddings of images: from memory, from disk, or made. */
export class ImageEncoder {
  /** Embeddings on their way to the disk. */
  private readonly keeping = new Map<string, Promise<void>>();
  private readonly fetching = new Map<string, Promise<PixelsAnswer>>();

  constructor(private readonly parts: EncoderParts) {}

  async encoded(model: ShelvedModel, request: EncodeRequest, signal: AbortSignal): Promise<EncodeAnswer> {
    const { store, hashes, queue } = this.parts;
    const { image, urgency, upright = false } = request;
    const crop = request.crop === null ? null : wholePixels(request.crop);
    const name = store.nameOf({
      image: await hashes.whole(image),
      crop,
      upright,
      model: model.hash,
      input: model.input,
    });
    const found = await store.find(name);
    if (found !== null && urgency === 'batch') await this.keeping.get(name);
    if (found !== null)
      return { encoded: found.encoded, source: found.from, timings: { waited: 0, pixels: 0, encode: 0 } };
    const start = performance.now();
    const answer = await this.fetched(name, { path: image, crop, upright, ...model.segmenter.facts.input });
    const fetchedAt = performance.now();
    const { encoded, ms } = await queue.run(name, urgency, signal, () =>
      this.encode(model, { image, crop, urgency }, answer),
    );
    const waited = performance.now() - fetchedAt - ms;
    // A click that waits for this image must not wait for the disk; a batch is done when it is kept.
    store.remember(name, encoded);
    const kept = queue
      .run(`keep ${name}`, 'upkeep', never, () => store.keep(name, encoded))
      .finally(() => this.keeping.delete(name));
    this.keeping.set(name, kept);
    if (urgency === 'batch') await kept;
    return { encoded, source: 'encoded', timings: { waited, pixels: fetchedAt - start, encode: ms } };
  }

  private async encode(model: ShelvedModel, request: EncodeRequest, { pixels, cut, imageSize }: PixelsAnswer) {
    const { activity } = this.parts;
    const { id, title } = model.info;
    return activity.during({ kind: 'encoding', model: id, title, ...request }, async () => {
      const { result: tensors, ms } = await activity.timed(() => model.segmenter.encode(pixels));
      model.took.encode = ms;
      return { encoded: { tensors, cut, imageSize, provider: model.encoder?.provider ?? 'cpu' }, ms };
    });
  }

  /** Requests for one picture share it, and it is fetched to its end: whoever asks again is likely to be the same person. */
  private fetched(name: string, request: PixelsRequest): Promise<PixelsAnswer> {
    const under = this.fetching.get(name);
    if (under !== undefined) return under;
    const fetching = this.parts.pixels(request).finally(() => this.fetching.delete(name));
    this.fetching.set(name, fetching);
    return fetching;
  }
}

const never = new AbortController().signal;

/** As the image's reader cuts: every pixel that the box touches. */
function wholePixels({ x1, y1, x2, y2 }: Box): Box {
  return {
    x1: Math.max(0, Math.floor(Math.min(x1, x2))),
    y1: Math.max(0, Math.floor(Math.min(y1, y2))),
    x2: Math.ceil(Math.max(x1, x2)),
    y2: Math.ceil(Math.max(y1, y2)),
  };
}
