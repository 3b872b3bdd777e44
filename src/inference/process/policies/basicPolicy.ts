import { seededRandom } from '../../../core/collections/seededRandom';
import type { Box } from '../../../core/geometry/box';
import { type SaliencyMap, type SampledRegion, sampleRegions } from '../../../core/policy/regionSampler';
import { UserError } from '../../../core/text/userError';
import { mostRegions, type ProposeAnswer, type ProposedRegion, type ProposeRequest } from '../../../protocol/propose';
import type { PixelsAnswer, PixelsRequest } from '../../../protocol/segment';
import type { RunQueue } from '../runQueue';
import { openGraphBytes, type Runtime } from '../runtime/ort';
import { planes } from '../segmenters/imageTensor';
import type { Graph } from '../segmenters/onnxSegmenter';
import { tensorOf } from '../segmenters/tensors';
import { basicGraph } from './basicGraph';

/** Longer side of the picture that the graph looks at, in pixels. */
const side = 512;
/** A group larger than this is a mistake. */
const mostSamples = 1024;

export interface PolicyParts {
  readonly runtime: Runtime;
  readonly threads: number;
  readonly queue: RunQueue;
  pixels(request: PixelsRequest): Promise<PixelsAnswer>;
}

/** The policy that ships: a map of what stands out, by a graph of ONNX Runtime, and regions drawn from it. */
export class BasicPolicy {
  private graph: Promise<Graph> | null = null;

  constructor(private readonly parts: PolicyParts) {}

  /** Throws `UserError`, or `Cancelled`. */
  async propose(request: ProposeRequest, signal: AbortSignal): Promise<ProposeAnswer> {
    refuseNonsense(request);
    const start = performance.now();
    const { image: path, crop, regions, temperature, seed } = request;
    const answer = await this.parts.pixels({ path, crop, side, fit: 'longest' });
    const fetched = performance.now();
    const { map, ms } = await this.parts.queue.run(null, 'visible', signal, () => this.saliency(answer));
    const random = seededRandom(seed);
    const samples = Array.from({ length: request.samples }, () =>
      sampleRegions(map, { regions, temperature }, random).map((region) => placed(region, answer.cut)),
    );
    return { samples, imageSize: answer.imageSize, timings: { pixels: fetched - start, run: ms } };
  }

  private async saliency({ pixels }: PixelsAnswer): Promise<{ readonly map: SaliencyMap; readonly ms: number }> {
    const graph = await this.opened();
    const start = performance.now();
    const { width, height } = pixels;
    const image = planes(pixels, width, height, { mean: [0, 0, 0], deviation: [255, 255, 255] }, 3);
    const { saliency } = await graph.run({ image: tensorOf('float32', [1, 3, height, width], image) });
    const [, , rows = 0, columns = 0] = saliency?.dims ?? [];
    const values = saliency?.data;
    if (!(values instanceof Float32Array)) throw new Error('the graph gave no map');
    return { map: { width: columns, height: rows, values }, ms: performance.now() - start };
  }

  private opened(): Promise<Graph> {
    const { runtime, threads } = this.parts;
    if (runtime.ort === null) throw new UserError(`The policy that ships cannot run: ${runtime.reason}.`);
    this.graph ??= openGraphBytes(runtime.ort, Buffer.from(basicGraph, 'base64'), threads);
    return this.graph;
  }
}

/** Whole pixels inside the part that was looked at. */
function placed({ box, share }: SampledRegion, cut: Box): ProposedRegion {
  const x = (value: number) => Math.round(cut.x1 + value * (cut.x2 - cut.x1));
  const y = (value: number) => Math.round(cut.y1 + value * (cut.y2 - cut.y1));
  return { box: { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) }, score: share };
}

function refuseNonsense({ regions, temperature, seed, samples }: ProposeRequest): void {
  const isWhole = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!isWhole(regions, 1, mostRegions)) throw new UserError(`regions: expected 1 to ${mostRegions}`);
  if (!isWhole(samples, 1, mostSamples)) throw new UserError(`samples: expected 1 to ${mostSamples}`);
  if (!Number.isSafeInteger(seed)) throw new UserError('seed: expected a whole number');
  if (!(temperature >= 0 && temperature <= 100)) throw new UserError('temperature: expected 0 to 100');
}
