import { fitSide } from '../../../core/geometry/fitSide';
import { type LogitGrid, stabilityOf } from '../../../core/mask/logits';
import { UserError } from '../../../core/text/userError';
import type { Decoded, DecodedMask, NamedTensor, Prompts } from '../../segmenter';
import { lowResNames, promptInputs } from '../models/dialects';
import type { Recipe } from '../models/recipe';
import { firstNamed } from '../models/signature';
import { floatsOf } from './tensors';

const maskNames = ['masks', 'output_masks', 'pred_masks', 'mask'];
const scoreNames = ['iou_predictions', 'iou_scores', 'scores'];
/** What a mask of 0s and 1s becomes, for a threshold of 0. */
const sure = 10;

/** A decoder's outputs as masks over what the encoder saw. Throws a `UserError` where a graph gives something else. */
export function decodedMasks(
  recipe: Recipe,
  outputs: Readonly<Record<string, NamedTensor>>,
  prompts: Prompts,
): Decoded {
  const { image, dialect, threshold } = recipe;
  const scaled = fitSide(prompts.seen, image.side, image.fit);
  const low = pick(outputs, lowResNames);
  // The low-resolution masks hold all that the model knows: the others are these, scaled by the graph.
  const tensor = (image.fit === 'atMost' ? null : low) ?? pick(outputs, maskNames) ?? onlyOne(outputs);
  const grids = gridsOf(tensor);
  const lowGrids = low === null ? grids : gridsOf(low);
  const scores = pick(outputs, scoreNames);
  const numbers = scores === null ? null : floatsOf(scores);
  const isPadded = image.fit === 'longest' && (low !== null || !sizesAsked(recipe));
  const covered = ({ width, height }: LogitGrid) => ({
    width: (width * scaled.width) / image.side,
    height: (height * scaled.height) / image.side,
  });
  const masks = grids.map((grid, at): DecodedMask => {
    const fed = lowGrids[at] ?? grid;
    return {
      logits: isPadded ? { ...grid, covered: covered(grid) } : grid,
      lowRes: recipe.feedback ? fedBack(fed, dialect.id) : null,
      score: scoreOf(numbers?.[at]),
      stability: tensor.type === 'bool' ? null : stabilityOf(lowGrids[at] ?? grid, threshold),
    };
  });
  return shownFirst(masks, prompts, dialect.rank);
}

/**
 * SAM's single mask (the first of four) answers several prompts best, the others one click, whose meaning is open
 * (`SamOnnxModel.select_masks`); three are all open. Among equals the one that expects to be best.
 */
function shownFirst(masks: readonly DecodedMask[], { clicks, box }: Prompts, rank: 'score' | 'stability'): Decoded {
  const open = clicks.length === 1 && box === null;
  if (rank === 'stability') return { masks, best: highest(masks, 0, ({ stability }) => stability) };
  if (masks.length !== 4) return { masks, best: highest(masks, 0, ({ score }) => score) };
  return { masks, best: open ? highest(masks, 1, ({ score }) => score) : 0 };
}

function highest(masks: readonly DecodedMask[], from: number, by: (mask: DecodedMask) => number | null): number {
  let best = from;
  for (let at = from + 1; at < masks.length; at++) {
    const [one, other] = [masks[at], masks[best]];
    if (one !== undefined && other !== undefined && (by(one) ?? 0) > (by(other) ?? 0)) best = at;
  }
  return best;
}

function sizesAsked({ decoder }: Recipe): boolean {
  return firstNamed(decoder.inputs, promptInputs.size) !== undefined;
}

function pick(outputs: Readonly<Record<string, NamedTensor>>, names: readonly string[]): NamedTensor | null {
  for (const name of names) {
    const tensor = outputs[name];
    if (tensor !== undefined && tensor.dims.length >= 2) return tensor;
  }
  return null;
}

function onlyOne(outputs: Readonly<Record<string, NamedTensor>>): NamedTensor {
  const [first, ...more] = Object.values(outputs);
  if (first !== undefined && more.length === 0) return first;
  throw new UserError(`The model gives ${Object.keys(outputs).join(', ')}: none of them is known as a mask.`);
}

/** `[…, masks, height, width]`, or a single mask `[height, width]`. */
function gridsOf(tensor: NamedTensor): readonly LogitGrid[] {
  const { dims } = tensor;
  const [height = 0, width = 0] = dims.slice(-2);
  const count = dims.slice(0, -2).reduce((product, dim) => product * dim, 1);
  const values = tensor.type === 'bool' ? signed(tensor) : floatsOf(tensor);
  if (count === 0 || width === 0 || values.length !== count * width * height)
    throw new UserError(`The model gave masks of the shape [${dims.join(', ')}].`);
  return Array.from({ length: count }, (_, at) => ({
    width,
    height,
    data: values.subarray(at * width * height, (at + 1) * width * height),
  }));
}

function signed({ data }: NamedTensor): Float32Array {
  return Float32Array.from(data as Uint8Array, (value) => (value === 0 ? -sure : sure));
}

function scoreOf(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

/** SegNext and the RITM family take probabilities, SAM its logits. */
function fedBack(grid: LogitGrid, dialect: string): NamedTensor {
  const probabilities = dialect === 'segnext' || dialect === 'ritm';
  const data = probabilities ? grid.data.map((value) => 1 / (1 + Math.exp(-value))) : grid.data.slice();
  return { type: 'float32', dims: [1, 1, grid.height, grid.width], data };
}
