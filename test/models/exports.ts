import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxGraph } from '../../scripts/onnx/graph';
import { answered, cells, pooled, scaledToSize, scored } from './parts';

/** Files of one export by their names. */
export type Files = Readonly<Record<string, Uint8Array>>;

export async function writeExport(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
}

/** An encoder of the given output tensors: name → channels and pixels a cell. */
function encoder(
  input: string,
  side: number,
  outputs: Readonly<Record<string, readonly [channels: number, pool: number]>>,
): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input(input, 'float32', [1, 3, side, side]);
  for (const [name, [channels, pool]] of Object.entries(outputs))
    graph.output(pooled(graph, image, channels, pool), name, 'float32', [1, channels, side / pool, side / pool]);
  return graph.finish();
}

/** `point_coords`, `point_labels` of SAM as [N, 2] and [N]. */
function samPoints(graph: OnnxGraph, coords: string, labels: string, labelType: 'float32' | 'int32' = 'float32') {
  const points = graph.input(coords, 'float32', [1, 'num_points', 2]);
  const given = graph.input(labels, labelType, [1, 'num_points']);
  return {
    points: graph.op('Reshape', [points, graph.ints([-1, 2])]),
    labels: graph.op('Reshape', [graph.op('Cast', [given], { to: 1 }), graph.ints([-1])]),
  };
}

interface SamOptions {
  readonly masks?: number;
  /** HQ-SAM's layers, of this many channels. */
  readonly layers?: number;
}

/** segment-anything's `scripts/export_onnx_model.py`; with `layers` sam-hq's. */
function samDecoder({ masks = 4, layers }: SamOptions): Uint8Array {
  const graph = new OnnxGraph();
  const bright = graph.input('image_embeddings', 'float32', [1, 256, 64, 64]);
  if (layers !== undefined) graph.input('interm_embeddings', 'float32', [4, 1, 64, 64, layers]);
  const prompts = samPoints(graph, 'point_coords', 'point_labels');
  const mask = graph.input('mask_input', 'float32', [1, 1, cells, cells]);
  const has = graph.input('has_mask_input', 'float32', [1]);
  const size = graph.input('orig_im_size', 'float32', [2]);
  const low = answered(graph, { ...prompts, box: null, bright, previous: { mask, has }, side: 1024, masks });
  const whole = scaledToSize(graph, low, size, 1024, true);
  graph.output(whole, 'masks', 'float32', [1, masks, 'height', 'width']);
  graph.output(scored(graph, masks), 'iou_predictions', 'float32', [1, masks]);
  graph.output(low, 'low_res_masks', 'float32', [1, masks, cells, cells]);
  return graph.finish();
}

/** samexporter with `--use-preprocess`: rows of pixels, normalised and padded inside. */
function rowsEncoder(): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input('input_image', 'float32', ['image_height', 'image_width', 3]);
  const normal = graph.op('Div', [
    graph.op('Sub', [image, graph.floats([123.675, 116.28, 103.53])]),
    graph.floats([58.395, 57.12, 57.375]),
  ]);
  const planes = graph.op('Unsqueeze', [graph.op('Transpose', [normal], { perm: [2, 0, 1] }), graph.ints([0])]);
  const sides = graph.op('Slice', [graph.op('Shape', [image]), graph.ints([0]), graph.ints([2])]);
  const missing = graph.op('Sub', [graph.ints([1024, 1024]), sides]);
  const padded = graph.op('Pad', [planes, graph.op('Concat', [graph.ints([0, 0, 0, 0, 0, 0]), missing], { axis: 0 })]);
  graph.output(pooled(graph, padded, 256, 16), 'image_embeddings', 'float32', [1, 256, 64, 64]);
  return graph.finish();
}

/** sam-hq: four layers beside the embedding, stacked in one tensor. */
function hqEncoder(): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input('image', 'float32', [1, 3, 1024, 1024]);
  const embedding = pooled(graph, image, 256, 16);
  graph.output(embedding, 'image_embeddings', 'float32', [1, 256, 64, 64]);
  for (let layer = 0; layer < 4; layer++) {
    const cut = graph.op('Transpose', [pooled(graph, image, 768, 16)], { perm: [0, 2, 3, 1] });
    graph.output(cut, `interm_${layer}`, 'float32', [1, 64, 64, 768]);
  }
  return graph.finish();
}

/** EdgeSAM's `scripts/export_onnx_model.py decoder`: scores come first, four low-resolution masks, no feedback. */
function edgeDecoder(side = 1024, channels = 256, grid = 64): Uint8Array {
  const graph = new OnnxGraph();
  const bright = graph.input('image_embeddings', 'float32', [1, channels, grid, grid]);
  const prompts = samPoints(graph, 'point_coords', 'point_labels');
  const low = answered(graph, { ...prompts, box: null, bright, previous: null, side, masks: 4 });
  graph.output(scored(graph, 4), 'scores', 'float32', [1, 4]);
  graph.output(low, 'masks', 'float32', [1, 4, cells, cells]);
  return graph.finish();
}

/** EfficientSAM's split export: any size in, points in the pixels of `orig_im_size`, three masks. */
function efficientEncoder(): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input('batched_images', 'float32', ['batch', 3, 'height', 'width']);
  const square = graph.op('Resize', [image, '', '', graph.ints([1, 3, 1024, 1024])], {
    mode: 'linear',
    coordinate_transformation_mode: 'pytorch_half_pixel',
  });
  const normal = graph.op('Sub', [square, graph.floats([0.456])]);
  graph.output(pooled(graph, normal, 256, 16), 'image_embeddings', 'float32', [1, 256, 64, 64]);
  return graph.finish();
}

function efficientDecoder(): Uint8Array {
  const graph = new OnnxGraph();
  const bright = graph.input('image_embeddings', 'float32', [1, 256, 64, 64]);
  const coords = graph.input('batched_point_coords', 'float32', [1, 1, 'num_points', 2]);
  const given = graph.input('batched_point_labels', 'float32', [1, 1, 'num_points']);
  const size = graph.input('orig_im_size', 'int64', [2]);
  // (height, width) → (width, height): points are scaled to the square.
  const sides = graph.op('Gather', [graph.op('Cast', [size], { to: 1 }), graph.ints([1, 0])], { axis: 0 });
  const scale = graph.op('Div', [graph.float(1024), sides]);
  const points = graph.op('Mul', [graph.op('Reshape', [coords, graph.ints([-1, 2])]), scale]);
  const labels = graph.op('Reshape', [given, graph.ints([-1])]);
  const low = answered(graph, { points, labels, box: null, bright, previous: null, side: 1024, masks: 3 });
  const whole = graph.op('Unsqueeze', [scaledToSize(graph, low, size, 1024, false), graph.ints([0])]);
  graph.output(whole, 'output_masks', 'float32', [1, 1, 3, 'h', 'w']);
  graph.output(graph.op('Unsqueeze', [scored(graph, 3), graph.ints([0])]), 'iou_predictions', 'float32', [1, 1, 3]);
  return graph.finish();
}

interface Sam2Names {
  readonly embedding: readonly [string, string, string];
  readonly mask: string;
  readonly has: string;
  readonly labels: 'float32' | 'int32';
  readonly size: { readonly name: string; readonly type: 'int64' | 'int32' } | null;
  readonly masks: number;
  readonly bool: boolean;
}

const sam2Tensors: readonly (readonly [channels: number, pool: number])[] = [
  [32, 4],
  [64, 8],
  [256, 16],
];

function sam2(input: string, names: Sam2Names): { encoder: Uint8Array; decoder: Uint8Array } {
  const outputs = Object.fromEntries(names.embedding.map((name, at) => [name, sam2Tensors[at] ?? ([1, 1] as const)]));
  const graph = new OnnxGraph();
  for (const [name, [channels, pool]] of Object.entries(outputs))
    graph.input(name, 'float32', [1, channels, 1024 / pool, 1024 / pool]);
  const prompts = samPoints(graph, 'point_coords', 'point_labels', names.labels);
  const mask = graph.input(names.mask, 'float32', ['num_labels', 1, cells, cells]);
  const has = graph.input(names.has, 'float32', ['num_labels']);
  const { masks, size } = names;
  const asked = { ...prompts, box: null, bright: names.embedding[2], previous: { mask, has }, side: 1024, masks };
  const low = answered(graph, asked);
  if (size === null) graph.output(low, 'masks', 'float32', ['num_labels', masks, cells, cells]);
  else {
    const whole = scaledToSize(graph, low, graph.input(size.name, size.type, [2]), 1024, false);
    const given = names.bool ? graph.op('Greater', [whole, graph.float(0)]) : whole;
    graph.output(given, 'masks', names.bool ? 'bool' : 'float32', [1, masks, 'height', 'width']);
    graph.output(low, 'low_res_masks', 'float32', [1, masks, cells, cells]);
  }
  graph.output(scored(graph, masks), 'iou_predictions', 'float32', [1, masks]);
  return { encoder: encoder(input, 1024, outputs), decoder: graph.finish() };
}

/** `onnx-community`'s layout: `vision_encoder`, `prompt_encoder_mask_decoder`; the tracker of SAM 3 with 1008 pixels. */
function transformers(side: number, names: readonly string[]): Files {
  const isFirst = names.length === 2;
  const pools = isFirst ? [16, 16] : [4, 8, 16].map((pool) => (side === 1008 ? (pool * 14) / 16 : pool));
  const channels = isFirst ? [256, 256] : [32, 64, 256];
  // Pools of SAM 3 are no whole numbers but the last: its finer tensors are stood in for by coarser cells.
  const outputs = Object.fromEntries(
    names.map((name, at) => [name, [channels[at] ?? 1, Number.isInteger(pools[at]) ? (pools[at] ?? 1) : 14] as const]),
  );
  const graph = new OnnxGraph();
  for (const [name, [count, pool]] of Object.entries(outputs))
    graph.input(name, 'float32', ['batch_size', count, side / pool, side / pool]);
  const coords = graph.input('input_points', 'float32', ['batch_size', 'objects', 'num_points', 2]);
  const given = graph.input('input_labels', 'int64', ['batch_size', 'objects', 'num_points']);
  const boxes = graph.input('input_boxes', 'float32', ['batch_size', 'num_boxes', 4]);
  const none = graph.floats([0, 0, 0, 0], [4]);
  const all = graph.op('Concat', [graph.op('Reshape', [boxes, graph.ints([-1])]), none], { axis: 0 });
  const box = graph.op('Slice', [all, graph.ints([0]), graph.ints([4])]);
  const low = answered(graph, {
    points: graph.op('Reshape', [coords, graph.ints([-1, 2])]),
    labels: graph.op('Reshape', [graph.op('Cast', [given], { to: 1 }), graph.ints([-1])]),
    box,
    bright: names.at(isFirst ? 0 : -1) ?? '',
    previous: null,
    side,
    masks: 3,
  });
  graph.output(graph.op('Unsqueeze', [scored(graph, 3), graph.ints([0])]), 'iou_scores', 'float32', [1, 1, 3]);
  graph.output(graph.op('Unsqueeze', [low, graph.ints([0])]), 'pred_masks', 'float32', [1, 1, 3, cells, cells]);
  return {
    'vision_encoder.onnx': encoder('pixel_values', side, outputs),
    'prompt_encoder_mask_decoder.onnx': graph.finish(),
  };
}

/** RITM, FocalClick, SimpleClick as one graph: `isegm`'s forward with a fixed size, previous mask in the fourth channel. */
function clickModel(side: number): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input('image', 'float32', [1, 4, side, side]);
  const triples = graph.input('points', 'float32', [1, 'points', 3]);
  const rows = graph.op('Reshape', [triples, graph.ints([-1, 3])]);
  const points = graph.op('Gather', [rows, graph.ints([1, 0])], { axis: 1 });
  const order = graph.op('Reshape', [graph.op('Gather', [rows, graph.int(2)], { axis: 1 }), graph.ints([-1])]);
  // The first half adds; −1 is no click.
  const count = graph.op('Cast', [graph.op('Shape', [order])], { to: 1 });
  const at = graph.op('Range', [graph.float(0), graph.op('Squeeze', [count]), graph.float(1)]);
  const adds = graph.op('Cast', [graph.op('Less', [at, graph.op('Mul', [count, graph.float(0.5)])])], { to: 1 });
  const there = graph.op('Cast', [graph.op('Greater', [order, graph.float(-0.5)])], { to: 1 });
  const labels = graph.op('Sub', [graph.op('Mul', [graph.op('Add', [adds, graph.float(2)]), there]), graph.float(2)]);
  const colours = graph.op('Slice', [image, graph.ints([0]), graph.ints([3]), graph.ints([1])]);
  const bright = pooled(graph, graph.op('Sub', [colours, graph.float(0.45)]), 1, 1);
  const before = graph.op('Slice', [image, graph.ints([3]), graph.ints([4]), graph.ints([1])]);
  const low = answered(graph, { points, labels, box: null, bright, previous: null, side, masks: 1 });
  const whole = scaledToSize(graph, low, graph.ints([side, side]), side, false);
  const fed = graph.op('Mul', [graph.op('Sub', [before, graph.float(0.5)]), graph.float(100)]);
  graph.output(graph.op('Max', [whole, fed]), 'instances', 'float32', [1, 1, side, side]);
  return graph.finish();
}

const samEncoder = (input: string) => encoder(input, 1024, { image_embeddings: [256, 16] });

/** As EdgeSAM's, but of a size that a device in software can run. */
export function tinyModel(): Files {
  return {
    'tiny_encoder.onnx': encoder('image', 64, { image_embeddings: [8, 4] }),
    'tiny_decoder.onnx': edgeDecoder(64, 8, 16),
  };
}

/** One export of each dialect, with the file names its exporter gives. */
export const exports = {
  sam: (options: SamOptions = {}): Files => ({
    'sam_vit_b.encoder.onnx': samEncoder('x'),
    'sam_vit_b.decoder.onnx': samDecoder(options),
  }),
  mobileSam: (): Files => ({
    'mobile_sam.encoder.onnx': rowsEncoder(),
    'mobile_sam.decoder.onnx': samDecoder({ masks: 1 }),
  }),
  hqSam: (): Files => ({
    'sam_hq_vit_b_encoder.onnx': hqEncoder(),
    'sam_hq_vit_b_decoder.onnx': samDecoder({ masks: 1, layers: 768 }),
  }),
  edgeSam: (): Files => ({ 'edge_sam_encoder.onnx': samEncoder('image'), 'edge_sam_decoder.onnx': edgeDecoder() }),
  efficientSam: (): Files => ({
    'efficient_sam_vitt_encoder.onnx': efficientEncoder(),
    'efficient_sam_vitt_decoder.onnx': efficientDecoder(),
  }),
  sam2Samexporter: (): Files => {
    const embedding = ['high_res_feats_0', 'high_res_feats_1', 'image_embed'] as const;
    const common = { mask: 'mask_input', has: 'has_mask_input', labels: 'float32', masks: 3, bool: false } as const;
    const { encoder: first, decoder: second } = sam2('image', { ...common, embedding, size: null });
    return { 'sam2_hiera_tiny.encoder.onnx': first, 'sam2_hiera_tiny.decoder.onnx': second };
  },
  sam2Osam: (): Files => {
    const embedding = ['high_res_features1', 'high_res_features2', 'image_embeddings'] as const;
    const common = { mask: 'mask_input', has: 'has_mask_input', labels: 'float32', masks: 4, bool: false } as const;
    const size = { name: 'orig_im_size', type: 'int64' } as const;
    const { encoder: first, decoder: second } = sam2('input', { ...common, embedding, size });
    return { 'sam2.1_tiny_preprocess.onnx': first, 'sam2.1_tiny.onnx': second };
  },
  sam2Onnxruntime: (): Files => {
    const embedding = ['image_features_0', 'image_features_1', 'image_embeddings'] as const;
    const common = { mask: 'input_masks', has: 'has_input_masks', labels: 'int32', masks: 3, bool: true } as const;
    const size = { name: 'original_image_size', type: 'int32' } as const;
    const { encoder: first, decoder: second } = sam2('image', { ...common, embedding, size });
    return { 'sam2_hiera_large_image_encoder.onnx': first, 'sam2_hiera_large_decoder.onnx': second };
  },
  sam2Transformers: () => transformers(1024, ['image_embeddings.0', 'image_embeddings.1', 'image_embeddings.2']),
  sam3Tracker: () => transformers(1008, ['image_embeddings.0', 'image_embeddings.1', 'image_embeddings.2']),
  samTransformers: () => transformers(1024, ['image_embeddings', 'image_positional_embeddings']),
  simpleClick: (): Files => ({ 'simpleclick_vitb.onnx': clickModel(448) }),
} as const satisfies Readonly<Record<string, (options?: SamOptions) => Files>>;
