import type { Size } from '../../../core/geometry/box';
import { fitSide } from '../../../core/geometry/fitSide';
import { UserError } from '../../../core/text/userError';
import type { NamedTensor, Prompts } from '../../segmenter';
import { lowResNames, promptInputs } from '../models/dialects';
import type { Recipe } from '../models/recipe';
import { firstNamed, type TensorInfo } from '../models/signature';
import { tensorOf } from './tensors';

/** A point in the frame of the model's input, as SAM labels them: 1 adds, 0 takes away, 2 and 3 are corners of a box, −1 none. */
interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** All inputs of the decoder but the embedding, in the types and ranks that its graph asks for. */
export function promptTensors(
  { decoder: { inputs, outputs }, dialect, image }: Recipe,
  prompts: Prompts,
  previous: NamedTensor | null,
): Record<string, NamedTensor> {
  const scaled = fitSide(prompts.seen, image.side, image.fit);
  const points = pointsOf(prompts, scaled, dialect);
  if (dialect.mostPoints !== null && points.length > dialect.mostPoints)
    throw new UserError(`This model takes at most ${dialect.mostPoints} points, a box counting as two.`);
  const feeds: Record<string, NamedTensor> = {};
  const give = (names: readonly string[], make: (info: TensorInfo) => NamedTensor) => {
    const info = firstNamed(inputs, names);
    if (info !== undefined) feeds[info.name] = make(info);
  };
  // A rank above the usual one is a batch of prompts: one.
  const batch = (info: TensorInfo, usual: number) =>
    Array.from({ length: Math.max(1, info.dims.length - usual) }, () => 1);
  give(promptInputs.points, (info) =>
    tensorOf(info.type, [...batch(info, 2), points.length, 2], Float32Array.from(points.flatMap(({ x, y }) => [x, y]))),
  );
  give(promptInputs.labels, (info) =>
    tensorOf(
      info.type,
      [...batch(info, 1), points.length],
      Float32Array.from(points, ({ label }) => label),
    ),
  );
  give(promptInputs.boxes, (info) => boxTensor(info, prompts, scaled));
  give(promptInputs.mask, (info) => previous ?? noMask(info));
  give(promptInputs.hasMask, ({ type, dims }) =>
    tensorOf(
      type,
      dims.map(() => 1),
      Float32Array.of(previous === null ? 0 : 1),
    ),
  );
  // Graphs that scale their masks are asked for the model's own pixels, or for as few as may be: scaling is done on the way to runs.
  // EfficientSAM's counts its points in that size, and keeps it.
  const asked = image.fit !== 'atMost' && firstNamed(outputs, lowResNames) !== undefined ? leastAsked : scaled;
  give(promptInputs.size, ({ type }) => tensorOf(type, [2], Float32Array.of(asked.height, asked.width)));
  return feeds;
}

function pointsOf(prompts: Prompts, scaled: Size, { box, padPoint }: Recipe['dialect']): readonly Labelled[] {
  const { clicks, seen } = prompts;
  const points: Labelled[] = clicks.map(({ x, y, positive }) => ({
    x: (x * scaled.width) / seen.width,
    y: (y * scaled.height) / seen.height,
    label: positive ? 1 : 0,
  }));
  if (prompts.box !== null) {
    if (box === 'points') {
      const [x1, y1, x2, y2] = scaledBox(prompts, scaled);
      points.push({ x: x1, y: y1, label: 2 }, { x: x2, y: y2, label: 3 });
    }
  } else if (padPoint) points.push({ x: 0, y: 0, label: -1 });
  // Graphs with a tensor for boxes still want a point: one that counts for nothing.
  return points.length > 0 ? points : [{ x: 0, y: 0, label: -1 }];
}

/** Corners in the model's pixels; zeros without a box. */
function scaledBox({ box, seen }: Prompts, scaled: Size): readonly [number, number, number, number] {
  if (box === null) return [0, 0, 0, 0];
  const [across, down] = [scaled.width / seen.width, scaled.height / seen.height];
  return [box.x1 * across, box.y1 * down, box.x2 * across, box.y2 * down];
}

function boxTensor({ type }: TensorInfo, prompts: Prompts, scaled: Size): NamedTensor {
  return prompts.box === null
    ? tensorOf(type, [1, 0, 4], new Float32Array(0))
    : tensorOf(type, [1, 1, 4], Float32Array.from(scaledBox(prompts, scaled)));
}

/** Asked of a graph whose low-resolution masks are taken: it should not scale the others for nobody. */
const leastAsked: Size = { width: 256, height: 256 };

/** SAM's low-resolution masks have 256 cells a side where the graph leaves it open. */
const openMaskSide = 256;

function noMask({ type, dims }: TensorInfo): NamedTensor {
  const filled = dims.map((dim, at) => dim ?? (at >= dims.length - 2 ? openMaskSide : 1));
  return tensorOf(type, filled, new Float32Array(filled.reduce((product, dim) => product * dim, 1)));
}
