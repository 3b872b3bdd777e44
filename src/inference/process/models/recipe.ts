import type { Fit } from '../../../core/geometry/fitSide';
import { UserError } from '../../../core/text/userError';
import { type Dialect, dialectOf, embeddingInputs, imageInputs, type Norm, promptInputs } from './dialects';
import type { Manifest } from './manifest';
import { describeTensors, firstNamed, named, type Signature, type TensorInfo } from './signature';

/** How pixels become an encoder's input. */
export interface ImageInput {
  readonly name: string;
  readonly type: string;
  /** Planes of colours (`nchw`, `chw`) or rows of pixels (`hwc`). */
  readonly layout: 'nchw' | 'chw' | 'hwc';
  readonly side: number;
  readonly fit: Fit;
  /** Whether the rest of the square is filled with zeros after normalising. */
  readonly padded: boolean;
  /** Of 0–255 values: (value − mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** All that is needed to run one model: its dialect with what its own graphs and its `model.json` say. */
export interface Recipe {
  readonly dialect: Dialect;
  readonly image: ImageInput;
  /**
   * Which outputs of the encoder each embedding input of the decoder is fed from, several stacked along a new first side;
   * empty for a model of one graph.
   */
  readonly links: readonly { readonly from: readonly string[]; readonly to: string }[];
  readonly decoder: Signature;
  readonly feedback: boolean;
  readonly boxes: boolean;
  readonly threshold: number;
}

const imagenet = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;
const norms: Readonly<Record<Norm, Pick<ImageInput, 'mean' | 'deviation'>>> = {
  imagenet,
  half: { mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
  unit: { mean: [0, 0, 0], deviation: [255, 255, 255] },
  bytes: { mean: [0, 0, 0], deviation: [1, 1, 1] },
};

/**
 * The recipe of a pair of graphs, or of one graph alone (`encoder` null). Throws a `UserError` that says what was found and
 * what was expected.
 */
export function recipeOf(encoder: Signature | null, decoder: Signature, manifest: Manifest): Recipe {
  const dialect = manifest.dialect ?? dialectOf(decoder);
  if (dialect === null)
    throw new UserError(`no known graph that makes masks: it takes ${describeTensors(decoder.inputs)}`);
  const pixels = imageInputOf(encoder ?? decoder);
  if (pixels === null)
    throw new UserError(`no input for an image: it takes ${describeTensors((encoder ?? decoder).inputs)}`);
  const mask = firstNamed(decoder.inputs, promptInputs.mask);
  const canFeedBack = mask !== undefined || dialect.id === 'ritm';
  const hasBoxes = dialect.box === 'tensor' ? firstNamed(decoder.inputs, promptInputs.boxes) !== undefined : true;
  return {
    dialect: {
      ...dialect,
      padPoint: manifest.padPoint ?? dialect.padPoint,
      mostPoints: manifest.maxPoints ?? dialect.mostPoints,
    },
    image: imageInput(pixels, dialect, decoder, manifest),
    links: encoder === null ? [] : linksOf(encoder, decoder),
    decoder,
    feedback: canFeedBack && (manifest.maskFeedback ?? dialect.feedback),
    boxes: hasBoxes && dialect.box !== 'none',
    threshold: manifest.threshold ?? 0,
  };
}

/** The input that pixels go into, by name, or the only one that has the shape of an image. */
export function imageInputOf({ inputs }: Signature): TensorInfo | null {
  const known = inputs.find(({ name }) => imageInputs.has(name));
  if (known !== undefined) return known;
  return inputs.length === 1 && (inputs[0]?.dims.length ?? 0) >= 3 ? (inputs[0] ?? null) : null;
}

/** Whether this encoder makes all that this decoder needs. */
export function feeds(encoder: Signature, decoder: Signature): boolean {
  try {
    linksOf(encoder, decoder);
    return true;
  } catch (error) {
    if (UserError.is(error)) return false;
    throw error;
  }
}

/** By name; where names differ, by rank and sides, when only one output fits. */
function linksOf(encoder: Signature, decoder: Signature): Recipe['links'] {
  const wanted = embeddingInputs(decoder);
  const free = encoder.outputs.filter(({ name }) => !wanted.includes(name));
  return wanted.map((to) => {
    if (named(encoder.outputs, to) !== undefined) return { from: [to], to };
    const info = named(decoder.inputs, to);
    const fitting = info === undefined ? [] : free.filter((output) => sameShape(output, info));
    const [only] = fitting;
    const layers = info === undefined ? [] : layersOf(free, info);
    if (layers.length > 0) return { from: layers, to };
    if (only === undefined || fitting.length > 1)
      throw new UserError(
        `the decoder needs ${to}, which the encoder does not make: it makes ${describeTensors(encoder.outputs)}`,
      );
    return { from: [only.name], to };
  });
}

/** HQ-SAM's encoder may give the layers that `interm_embeddings` stacks one by one. */
function layersOf(outputs: readonly TensorInfo[], { name, dims }: TensorInfo): readonly string[] {
  if (name !== 'interm_embeddings') return [];
  const layers = outputs.filter(
    (output) => output.dims.length === dims.length - 1 && output.dims.at(-1) === dims.at(-1),
  );
  return dims[0] === null || layers.length === dims[0] ? layers.map((layer) => layer.name) : [];
}

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return (
    a.type === b.type &&
    a.dims.length === b.dims.length &&
    // One fixed side at least has to tell: open shapes fit anything.
    a.dims.some((side, i) => side !== null && side > 1 && side === b.dims[i]) &&
    a.dims.every((side, i) => side === null || b.dims[i] === null || side === b.dims[i])
  );
}

function imageInput(pixels: TensorInfo, dialect: Dialect, decoder: Signature, manifest: Manifest): ImageInput {
  const { name, type, dims } = pixels;
  const layout = layoutOf(pixels);
  const [height, width] = layout === 'hwc' ? dims : dims.slice(-2);
  const open = height == null || width == null;
  if (!open && height !== width)
    throw new UserError(`its image is ${width}×${height} pixels: only square inputs are known`);
  const side = manifest.inputSize ?? height ?? openSide(dialect, decoder);
  const base: Norm = normOf(dialect, layout, type, open, side);
  const { mean, deviation } = norms[base];
  const fit = manifest.resize ?? (dialect.id === 'ritm' && !open ? 'stretch' : dialect.fit);
  return {
    name,
    type,
    layout: manifest.layout ?? layout,
    side,
    fit,
    padded: fit === 'longest' && !open,
    mean: scaled(manifest.mean) ?? mean,
    deviation: scaled(manifest.std) ?? deviation,
  };
}

/** Manifests count as configs of models do: in 0–1 where all numbers are small. */
function scaled(values: Manifest['mean']): Manifest['mean'] {
  if (values === undefined) return undefined;
  const [r, g, b] = values;
  return values.every((value) => Math.abs(value) <= 1) ? [r * 255, g * 255, b * 255] : values;
}

function layoutOf({ name, dims }: TensorInfo): ImageInput['layout'] {
  if (dims.length === 4) return 'nchw';
  if (dims.length === 3) return dims[0] === 3 ? 'chw' : 'hwc';
  throw new UserError(`its input ${name} has ${dims.length} sides, an image has 3 or 4`);
}

/** SAM 3's tracker has the names of SAM 2, and tells itself by its coarser grid: 72 cells of 14 pixels. */
function openSide({ side }: Dialect, decoder: Signature): number {
  const grid = named(decoder.inputs, 'image_embeddings.2')?.dims.at(-1);
  return grid === 72 ? 1008 : side;
}

function normOf(dialect: Dialect, layout: ImageInput['layout'], type: string, open: boolean, side: number): Norm {
  // Encoders that take rows of pixels, bytes, or EdgeSAM's of any size, normalise inside.
  if (layout !== 'nchw' || type === 'uint8') return 'bytes';
  if (dialect.id === 'edgesam' && open) return 'bytes';
  if (dialect.id === 'sam2-transformers' && side === 1008) return 'half';
  return dialect.norm;
}
