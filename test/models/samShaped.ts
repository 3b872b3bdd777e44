import { OnnxGraph } from '../../scripts/onnx/graph';

/**
 * SAM's decoder (segment-anything's `prompt_encoder.py`, `mask_decoder.py`, `transformer.py`) and a convolutional encoder, with random
 * weights: what a click costs does not depend on what the weights know. Names and shapes are the export's own.
 */

const width = 256;
const heads = 8;
const grid = 64;
const tokens = 5;

/** Weights around 0 that keep values in range; the same in every run. */
class Weights {
  private state = 12345;

  constructor(private readonly graph: OnnxGraph) {}

  of(dims: readonly number[], fanIn: number): string {
    const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    const scale = 1 / Math.sqrt(fanIn);
    for (let at = 0; at < values.length; at++) {
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      values[at] = (this.state / 2 ** 31 - 1) * scale;
    }
    return this.graph.floats(values, dims);
  }

  /** For a transposed convolution of 2×2: the same weights for its four pixels, so that masks are as smooth as those of a trained one. */
  tied(from: number, to: number): string {
    return this.graph.op('Expand', [this.of([from, to, 1, 1], from), this.graph.ints([from, to, 2, 2])]);
  }

  linear(x: string, from: number, to: number): string {
    return this.graph.op('Add', [this.graph.op('MatMul', [x, this.of([from, to], from)]), this.of([to], to)]);
  }

  norm(x: string): string {
    const one = this.graph.floats(new Float32Array(width).fill(1));
    return this.graph.op('LayerNormalization', [x, one, this.graph.floats(new Float32Array(width))], { axis: -1 });
  }
}

/** Multi-head attention of [1, n, 256] on [1, m, 256], inside in `inner` numbers. */
function attention(
  graph: OnnxGraph,
  weights: Weights,
  query: string,
  key: string,
  value: string,
  inner: number,
): string {
  const split = (x: string) => {
    const shaped = graph.op('Reshape', [x, graph.ints([0, -1, heads, inner / heads])]);
    return graph.op('Transpose', [shaped], { perm: [0, 2, 1, 3] });
  };
  const [q, k, v] = [query, key, value].map((x) => split(weights.linear(x, width, inner)));
  const turned = graph.op('Transpose', [k ?? ''], { perm: [0, 1, 3, 2] });
  const scores = graph.op('Mul', [graph.op('MatMul', [q ?? '', turned]), graph.float(1 / Math.sqrt(inner / heads))]);
  const mixed = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: -1 }), v ?? '']);
  const joined = graph.op('Reshape', [
    graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    graph.ints([0, -1, inner]),
  ]);
  return weights.linear(joined, inner, width);
}

export function samShapedDecoder(): Uint8Array {
  const graph = new OnnxGraph();
  const weights = new Weights(graph);
  const embedding = graph.input('image_embeddings', 'float32', [1, width, grid, grid]);
  const coords = graph.input('point_coords', 'float32', [1, 'num_points', 2]);
  const labels = graph.input('point_labels', 'float32', [1, 'num_points']);
  const mask = graph.input('mask_input', 'float32', [1, 1, 256, 256]);
  const has = graph.input('has_mask_input', 'float32', [1]);
  const size = graph.input('orig_im_size', 'float32', [2]);
  // Points: random Fourier features of their places, and what their labels mean.
  const turned = graph.op('MatMul', [graph.op('Div', [coords, graph.float(1024)]), weights.of([2, width / 2], 1)]);
  const places = graph.op('Concat', [graph.op('Sin', [turned]), graph.op('Cos', [turned])], { axis: 2 });
  const meant = graph.op('MatMul', [graph.op('Unsqueeze', [labels, graph.ints([2])]), weights.of([1, width], 1)]);
  let points = graph.op('Concat', [weights.of([1, tokens, width], 1), graph.op('Add', [places, meant])], { axis: 1 });
  // The previous mask, brought to the grid.
  const stepped = graph.op('Relu', [
    graph.op('Conv', [mask, weights.of([16, 1, 4, 4], 16)], { kernel_shape: [4, 4], strides: [4, 4] }),
  ]);
  const dense = graph.op('Conv', [stepped, weights.of([width, 16, 1, 1], 16)]);
  const source = graph.op('Add', [embedding, graph.op('Mul', [dense, has])]);
  const flat = graph.op('Reshape', [source, graph.ints([1, width, grid * grid])]);
  let image = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  const position = weights.of([1, grid * grid, width], 1);
  for (let layer = 0; layer < 2; layer++) {
    points = weights.norm(graph.op('Add', [points, attention(graph, weights, points, points, points, width)]));
    const keys = graph.op('Add', [image, position]);
    points = weights.norm(graph.op('Add', [points, attention(graph, weights, points, keys, image, width / 2)]));
    const wide = graph.op('Relu', [weights.linear(points, width, 2048)]);
    points = weights.norm(graph.op('Add', [points, weights.linear(wide, 2048, width)]));
    image = weights.norm(graph.op('Add', [image, attention(graph, weights, keys, points, points, width / 2)]));
  }
  points = weights.norm(graph.op('Add', [points, attention(graph, weights, points, image, image, width / 2)]));
  // Masks: the image four times finer, weighed by what each token became.
  const back = graph.op('Reshape', [
    graph.op('Transpose', [image], { perm: [0, 2, 1] }),
    graph.ints([1, width, grid, grid]),
  ]);
  const finer = graph.op('Relu', [
    graph.op('ConvTranspose', [back, weights.tied(width, 64)], { kernel_shape: [2, 2], strides: [2, 2] }),
  ]);
  const finest = graph.op('Relu', [
    graph.op('ConvTranspose', [finer, weights.tied(64, 32)], { kernel_shape: [2, 2], strides: [2, 2] }),
  ]);
  const asked = graph.op('Slice', [points, graph.ints([1]), graph.ints([tokens]), graph.ints([1])]);
  const hyper = weights.linear(graph.op('Relu', [weights.linear(asked, width, width)]), width, 32);
  const pixels = graph.op('Reshape', [finest, graph.ints([1, 32, 65_536])]);
  const low = graph.op('Reshape', [graph.op('MatMul', [hyper, pixels]), graph.ints([1, 4, 256, 256])]);
  const score = weights.linear(
    graph.op('Relu', [weights.linear(graph.op('Gather', [points, graph.int(0)], { axis: 1 }), width, width)]),
    width,
    4,
  );
  const linear = { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' };
  const square = graph.op('Resize', [low, '', '', graph.ints([1, 4, 1024, 1024])], linear);
  const whole = graph.op('Cast', [size], { to: 7 });
  const cut = graph.op('Slice', [square, graph.ints([0, 0]), whole, graph.ints([2, 3])]);
  graph.output(cut, 'masks', 'float32', [1, 4, 'height', 'width']);
  graph.output(score, 'iou_predictions', 'float32', [1, 4]);
  graph.output(low, 'low_res_masks', 'float32', [1, 4, 256, 256]);
  return graph.finish();
}

/** A plain stack of convolutions from [1, 3, 1024, 1024] to [1, 256, 64, 64]. */
export function convolutionEncoder(): Uint8Array {
  const graph = new OnnxGraph();
  const weights = new Weights(graph);
  let x = graph.input('image', 'float32', [1, 3, 1024, 1024]);
  const convolve = (from: number, to: number, stride: number) => {
    const kernel = { kernel_shape: [3, 3], strides: [stride, stride], pads: [1, 1, 1, 1] };
    x = graph.op('Relu', [graph.op('Conv', [x, weights.of([to, from, 3, 3], from * 9)], kernel)]);
  };
  convolve(3, 32, 2);
  convolve(32, 64, 2);
  convolve(64, 64, 1);
  convolve(64, 128, 2);
  convolve(128, 128, 1);
  convolve(128, 256, 2);
  convolve(256, 256, 1);
  graph.output(x, 'image_embeddings', 'float32', [1, 256, 64, 64]);
  return graph.finish();
}
