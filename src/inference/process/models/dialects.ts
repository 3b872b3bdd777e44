import type { Fit } from '../../../core/geometry/fitSide';
import { firstNamed, hasAll, named, type Signature } from './signature';

/** What a family of exports expects beyond what its names, shapes and types say. Sources: docs/models.md. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  /** Inputs of the graph that makes masks, all of them. */
  readonly needs: readonly string[];
  /** Inputs that other dialects have and this one has not. */
  readonly lacks: readonly string[];
  readonly fit: Fit;
  /** Side of the input where the encoder leaves it open. */
  readonly side: number;
  /** What an NCHW encoder of floats is given; one that takes rows of bytes normalises by itself. */
  readonly norm: Norm;
  /** A point at (0, 0) labelled −1 goes behind the clicks where there is no box. */
  readonly padPoint: boolean;
  /** Corners labelled 2 and 3 among the points, a tensor of their own, or none. */
  readonly box: 'points' | 'tensor' | 'none';
  readonly mostPoints: number | null;
  /** Whether the model was made to get its previous mask; it also needs an input for it. */
  readonly feedback: boolean;
  /** Which mask is shown first: SAM's own rule, or the steadiest where the scores were never trained. */
  readonly rank: 'score' | 'stability';
}

/** `imagenet`: mean and deviation of ImageNet. `half`: mean and deviation 0.5. `unit`: 0–1. `bytes`: 0–255. */
export type Norm = 'imagenet' | 'half' | 'unit' | 'bytes';

const sam: Omit<Dialect, 'id' | 'title' | 'needs' | 'lacks'> = {
  fit: 'longest',
  side: 1024,
  norm: 'imagenet',
  padPoint: true,
  box: 'points',
  mostPoints: null,
  feedback: true,
  rank: 'score',
};

const sam2: typeof sam = { ...sam, fit: 'stretch', padPoint: false };

/** In the order they are tried. */
export const dialects: readonly Dialect[] = [
  {
    ...sam,
    id: 'sam-hq',
    title: 'HQ-SAM',
    needs: ['image_embeddings', 'interm_embeddings', 'point_coords', 'point_labels', 'mask_input', 'orig_im_size'],
    lacks: [],
  },
  {
    ...sam,
    id: 'segnext',
    title: 'SegNext',
    needs: ['image_feats', 'point_coords', 'point_labels', 'prev_mask'],
    lacks: [],
    norm: 'unit',
    box: 'none',
  },
  {
    ...sam,
    id: 'efficientsam-whole',
    title: 'EfficientSAM (one graph)',
    needs: ['batched_images', 'batched_point_coords', 'batched_point_labels'],
    lacks: [],
    fit: 'atMost',
    norm: 'unit',
    padPoint: false,
    mostPoints: 6,
    feedback: false,
  },
  {
    ...sam,
    id: 'efficientsam',
    title: 'EfficientSAM',
    needs: ['image_embeddings', 'batched_point_coords', 'batched_point_labels', 'orig_im_size'],
    lacks: [],
    fit: 'atMost',
    norm: 'unit',
    padPoint: false,
    mostPoints: 6,
    feedback: false,
  },
  {
    ...sam2,
    id: 'sam2-transformers',
    title: 'SAM 2 (transformers.js)',
    needs: ['input_points', 'input_labels', 'image_embeddings.0', 'image_embeddings.1', 'image_embeddings.2'],
    lacks: [],
    box: 'tensor',
    feedback: false,
  },
  {
    ...sam,
    id: 'sam-transformers',
    title: 'SAM (transformers.js)',
    needs: ['input_points', 'input_labels', 'image_embeddings', 'image_positional_embeddings'],
    lacks: [],
    padPoint: false,
    box: 'tensor',
    feedback: false,
  },
  {
    ...sam2,
    id: 'sam2-samexporter',
    title: 'SAM 2 (samexporter)',
    needs: ['image_embed', 'high_res_feats_0', 'high_res_feats_1', 'point_coords', 'point_labels', 'mask_input'],
    lacks: [],
  },
  {
    ...sam2,
    id: 'sam2-osam',
    title: 'SAM 2 (osam)',
    needs: ['image_embeddings', 'high_res_features1', 'high_res_features2', 'point_coords', 'point_labels'],
    lacks: [],
  },
  {
    ...sam2,
    id: 'sam2-onnxruntime',
    title: 'SAM 2 (ONNX Runtime)',
    needs: ['image_features_0', 'image_features_1', 'image_embeddings', 'point_coords', 'point_labels', 'input_masks'],
    lacks: [],
  },
  {
    ...sam,
    id: 'sam',
    title: 'SAM',
    needs: ['image_embeddings', 'point_coords', 'point_labels', 'mask_input', 'has_mask_input', 'orig_im_size'],
    lacks: ['interm_embeddings', 'high_res_features1'],
  },
  {
    ...sam,
    id: 'edgesam',
    title: 'EdgeSAM',
    needs: ['image_embeddings', 'point_coords', 'point_labels'],
    lacks: ['mask_input', 'orig_im_size', 'input_masks', 'high_res_features1'],
    padPoint: false,
    feedback: false,
    rank: 'stability',
  },
  {
    ...sam,
    id: 'ritm',
    title: 'Click model (RITM, SimpleClick)',
    needs: ['image', 'points'],
    lacks: ['point_coords'],
    fit: 'atMost',
    side: 800,
    norm: 'unit',
    padPoint: false,
    box: 'none',
    feedback: true,
  },
];

/** SAM 3's graphs for words and example boxes: known, but they are not asked with clicks. */
const sam3Words = ['backbone_fpn_0', 'language_features', 'language_embeds', 'tokens'];

/** The dialect of a graph that makes masks; null for any other graph. */
export function dialectOf(signature: Signature): Dialect | null {
  const { inputs } = signature;
  if (firstNamed(inputs, sam3Words) !== undefined) return null;
  const found = dialects.find(
    ({ needs, lacks }) => hasAll(inputs, needs) && lacks.every((name) => named(inputs, name) === undefined),
  );
  if (found?.id !== 'ritm') return found ?? null;
  // `image` and `points` are everybody's words: the fourth channel and the triples are this dialect's own.
  const image = named(inputs, 'image');
  const points = named(inputs, 'points');
  const fits = image?.dims.length === 4 && image.dims[1] === 4 && points?.dims.length === 3 && points.dims[2] === 3;
  return fits ? found : null;
}

/** Why a graph that speaks of SAM 3 is not taken; null for any other. */
export function sam3Reason({ inputs, outputs }: Signature): string | null {
  const words = firstNamed(inputs, sam3Words) ?? named(outputs, 'backbone_fpn_0');
  return words === undefined
    ? null
    : 'a graph of SAM 3 that is asked with words or example boxes; clicks need the export of its tracker';
}

/** Inputs that carry prompts; every other input of a decoder is part of the embedding. */
export const promptInputs = {
  points: ['point_coords', 'batched_point_coords', 'input_points', 'points'],
  labels: ['point_labels', 'batched_point_labels', 'input_labels'],
  boxes: ['input_boxes'],
  mask: ['mask_input', 'input_masks', 'prev_mask'],
  hasMask: ['has_mask_input', 'has_input_masks'],
  size: ['orig_im_size', 'original_image_size'],
} as const;

/** Outputs that hold masks as the model takes them back. */
export const lowResNames = ['low_res_masks', 'low_res_logits'] as const;

const prompts: ReadonlySet<string> = new Set(Object.values(promptInputs).flat());

/** Names of the tensors that an encoder has to make for this decoder. A graph that takes the image needs none. */
export function embeddingInputs({ inputs }: Signature): readonly string[] {
  return inputs.map(({ name }) => name).filter((name) => !prompts.has(name) && !imageInputs.has(name));
}

/** Names under which graphs take pixels. */
export const imageInputs: ReadonlySet<string> = new Set([
  'image',
  'images',
  'input',
  'input_image',
  'x',
  'batched_images',
  'pixel_values',
]);
