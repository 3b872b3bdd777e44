import type { Box } from '../../core/geometry/box';
import { type CocoMask, countsOf, pixelsOfRuns } from '../../core/mask/cocoMask';
import { runsOfLogits } from '../../core/mask/logits';
import { runsOf } from '../../core/mask/rle';
import { UserError } from '../../core/text/userError';
import type { PreviousMask, SegmentAnswer, SegmentRequest } from '../../protocol/segment';
import type { NamedTensor, Prompts } from '../segmenter';
import type { Activity } from './activity';
import type { EncodedImage } from './embeddings/embeddingFile';
import type { ImageEncoder } from './imageEncoder';
import type { RunQueue } from './runQueue';
import type { ModelShelf, ShelvedModel } from './runtime/modelShelf';

/** Low-resolution masks that requests may name: those of the last clicks of a few canvases. */
const rememberedMasks = 64;
const mostClicks = 1000;

export interface ClickParts {
  readonly shelf: ModelShelf;
  readonly images: ImageEncoder;
  readonly queue: RunQueue;
  readonly activity: Activity;
  /** After a click's run. */
  changed(): void;
}

/** Clicks and boxes to masks of the whole image. */
export class ClickSegmenter {
  private readonly lanes = new Map<string, AbortController>();
  private readonly previous = new Map<string, { readonly model: string; readonly mask: NamedTensor }>();
  private handles = 0;

  constructor(private readonly parts: ClickParts) {}

  /** Throws `UserError`, or `Cancelled` when a newer request of the same lane came. */
  segment(request: SegmentRequest, caller: AbortSignal): Promise<SegmentAnswer> {
    refuseNonsense(request);
    const signal = this.newest(request.lane, caller);
    return this.parts.shelf.use(request.model, (model) => this.answer(model, request, signal));
  }

  private async answer(model: ShelvedModel, request: SegmentRequest, signal: AbortSignal): Promise<SegmentAnswer> {
    const arrived = performance.now();
    const { images, queue, activity, changed } = this.parts;
    const { encoded, source, timings } = await images.encoded(model, { ...request, urgency: 'visible' }, signal);
    const prompts = promptsOf(request, encoded.cut);
    const given = this.previousMask(request.previous, model, encoded);
    const asked = performance.now();
    const { result: decoded, ms } = await queue.run(null, 'decode', signal, () =>
      activity.timed(() => model.segmenter.decode(encoded.tensors, prompts, given)),
    );
    model.took.decode = ms;
    changed();
    const waited = timings.waited + performance.now() - asked - ms;
    const { threshold, feedback } = model.segmenter.facts;
    const { imageSize, cut } = encoded;
    return {
      candidates: decoded.masks.map(({ logits, lowRes, score, stability }) => ({
        mask: {
          size: [imageSize.height, imageSize.width],
          counts: countsOf(runsOfLogits(logits, cut, imageSize, threshold)),
        },
        score,
        stability,
        handle: this.remember(model.info.id, lowRes),
      })),
      best: decoded.best,
      imageSize,
      model: model.info.id,
      provider: encoded.provider,
      precision: model.info.precision,
      embedding: source,
      fedBack: feedback && given !== null,
      timings: { ...timings, waited, decode: ms, total: performance.now() - arrived },
    };
  }

  /** Cancels what the lane asked before, and is cancelled by what it asks next. */
  private newest(lane: string, caller: AbortSignal): AbortSignal {
    this.lanes.get(lane)?.abort();
    const controller = new AbortController();
    this.lanes.set(lane, controller);
    return AbortSignal.any([caller, controller.signal]);
  }

  private remember(model: string, mask: NamedTensor | null): string {
    const handle = `${process.pid}-${this.handles++}`;
    if (mask === null) return handle;
    this.previous.set(handle, { model, mask });
    for (const oldest of this.previous.keys()) {
      if (this.previous.size <= rememberedMasks) break;
      this.previous.delete(oldest);
    }
    return handle;
  }

  /** Null for one that was forgotten, or that another model made: then the clicks alone decide. */
  private previousMask(wanted: PreviousMask | null, model: ShelvedModel, encoded: EncodedImage): NamedTensor | null {
    if (wanted === null) return null;
    if (wanted.kind === 'mask') {
      const mask = partOf(wanted.mask, encoded);
      return wanted.guess && !model.segmenter.facts.feedback
        ? null
        : model.segmenter.previousOf(mask, sizeOf(encoded.cut));
    }
    const known = this.previous.get(wanted.handle);
    return known === undefined || known.model !== model.info.id ? null : known.mask;
  }
}

function refuseNonsense({ clicks, box }: SegmentRequest): void {
  if (clicks.length > mostClicks) throw new UserError(`A mask takes at most ${mostClicks} clicks.`);
  if (clicks.length === 0 && box === null) throw new UserError('A mask needs a click or a box.');
  const numbers = [...clicks.flatMap(({ x, y }) => [x, y]), ...(box === null ? [] : Object.values(box))];
  if (!numbers.every(Number.isFinite)) throw new UserError('A click or box holds what is not a number.');
}

/** In pixels of what the model sees. */
function promptsOf({ clicks, box }: SegmentRequest, cut: Box): Prompts {
  const ordered =
    box === null
      ? null
      : {
          x1: Math.min(box.x1, box.x2) - cut.x1,
          y1: Math.min(box.y1, box.y2) - cut.y1,
          x2: Math.max(box.x1, box.x2) - cut.x1,
          y2: Math.max(box.y1, box.y2) - cut.y1,
        };
  return {
    clicks: clicks.map(({ x, y, positive }) => ({ x: x - cut.x1, y: y - cut.y1, positive })),
    box: ordered,
    seen: sizeOf(cut),
  };
}

function sizeOf({ x1, y1, x2, y2 }: Box) {
  return { width: x2 - x1, height: y2 - y1 };
}

/** The mask's pixels inside the cut, row by row. Throws a `UserError` for a mask of another image. */
function partOf({ size, counts }: CocoMask, { cut, imageSize }: EncodedImage): Uint8Array {
  const [height, width] = size;
  if (height !== imageSize.height || width !== imageSize.width)
    throw new UserError(`The mask has ${width}×${height} pixels, the image ${imageSize.width}×${imageSize.height}.`);
  const whole = pixelsOfRuns(runsOf(counts, size), width, height);
  const part = sizeOf(cut);
  const pixels = new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = (cut.y1 + y) * width + cut.x1;
    pixels.set(whole.subarray(from, from + part.width), y * part.width);
  }
  return pixels;
}
