import { fitSide } from '../../../core/geometry/fitSide';
import type { Embedding, NamedTensor, Prompts } from '../../segmenter';
import type { Recipe } from '../models/recipe';
import { floatsOf, tensorOf } from './tensors';

/** Name under which the scaled image is kept as the embedding of a model of one graph. */
export const wholeImage = 'image';

/**
 * Inputs of RITM and its kin (`isegm/model/is_model.py`): `image` with the previous mask's probabilities as its fourth channel,
 * `points` as [1, 2N, 3] of row, column and number of the click; N positive ones first, then N negative ones, −1 where none is.
 */
export function clickModelInputs(
  { image, decoder }: Recipe,
  embedding: Embedding,
  prompts: Prompts,
  previous: NamedTensor | null,
): Record<string, NamedTensor> {
  const planes = embedding[wholeImage];
  if (planes === undefined) throw new Error('the embedding of a click model is its image');
  const [, , height = 0, width = 0] = planes.dims;
  const values = new Float32Array(4 * width * height);
  values.set(floatsOf(planes).subarray(0, 3 * width * height));
  if (previous !== null && previous.data.length === width * height) values.set(floatsOf(previous), 3 * width * height);
  const scaled = fitSide(prompts.seen, image.side, image.fit);
  const rows = prompts.clicks.map(({ x, y, positive }, order) => ({
    positive,
    triple: [(y * scaled.height) / prompts.seen.height, (x * scaled.width) / prompts.seen.width, order],
  }));
  const positive = rows.filter((row) => row.positive).map(({ triple }) => triple);
  const negative = rows.filter((row) => !row.positive).map(({ triple }) => triple);
  const half = Math.max(1, positive.length, negative.length);
  const filled = (triples: readonly number[][]) =>
    Array.from({ length: half }, (_, at) => triples[at] ?? [-1, -1, -1]).flat();
  const points = Float32Array.from([...filled(positive), ...filled(negative)]);
  const typeOf = (name: string) => decoder.inputs.find((input) => input.name === name)?.type ?? 'float32';
  return {
    image: tensorOf(typeOf('image'), [1, 4, height, width], values),
    points: tensorOf(typeOf('points'), [1, 2 * half, 3], points),
  };
}
