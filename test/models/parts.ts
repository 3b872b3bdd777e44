import type { OnnxGraph } from '../../scripts/onnx/graph';

/**
 * Pieces of graphs that have the names, shapes and types of real exports and an arithmetic that makes masks foreseeable: the mask of
 * a click is a disk around it in the model's own pixels, of a box the rectangle, taken away from by negative clicks, kept where
 * the image is brighter than the mean, and joined with the previous mask.
 */

/** Radius of the disks by mask, in pixels of the model's input. */
export const radii = [60, 30, 60, 90] as const;
/** Expected IoU by mask: of the open three the second is best. */
export const scores = [0.5, 0.2, 0.9, 0.7] as const;

export const cells = 256;

/** Brightness in the first of `channels`, averaged over `pool`² pixels; `image` is [1, 3, H, W], normalised. */
export function pooled(graph: OnnxGraph, image: string, channels: number, pool: number): string {
  const averaged = graph.op('AveragePool', [image], { kernel_shape: [pool, pool], strides: [pool, pool] });
  const weights = new Float32Array(channels * 3);
  weights.fill(1 / 3, 0, 3);
  return graph.op('Conv', [averaged, graph.floats(weights, [channels, 3, 1, 1])]);
}

export interface Asked {
  /** [N, 2] in pixels of the model's input. */
  readonly points: string;
  /** [N] as floats. */
  readonly labels: string;
  /** Corners [4], or null where they come among the points. */
  readonly box: string | null;
  /** [1, C, h, w] with brightness in the first channel. */
  readonly bright: string;
  /** [1, 1, cells, cells] of logits with what they are multiplied by, 0 or 1; null where there is no feedback. */
  readonly previous: { readonly mask: string; readonly has: string } | null;
  readonly side: number;
  readonly masks: number;
}

/** Logits [1, masks, cells, cells] in pixels of the model's input. */
export function answered(graph: OnnxGraph, asked: Asked): string {
  const { side, masks } = asked;
  const first = masks === 4 ? 0 : 1;
  const centre = (at: number) => ((at + 0.5) * side) / cells;
  const xs = graph.floats(
    Array.from({ length: cells }, (_, at) => centre(at)),
    [1, 1, 1, cells],
  );
  const ys = graph.floats(
    Array.from({ length: cells }, (_, at) => centre(at)),
    [1, 1, cells, 1],
  );
  const column = (value: string, at: number) =>
    graph.op('Reshape', [graph.op('Gather', [value, graph.int(at)], { axis: 1 }), graph.ints([-1, 1, 1, 1])]);
  // As SAM's prompt encoder: a coordinate names the middle of its pixel.
  const points = graph.op('Add', [asked.points, graph.float(0.5)]);
  const dx = graph.op('Sub', [xs, column(points, 0)]);
  const dy = graph.op('Sub', [ys, column(points, 1)]);
  const distance = graph.op('Sqrt', [graph.op('Add', [graph.op('Mul', [dx, dx]), graph.op('Mul', [dy, dy])])]);
  const labels = graph.op('Reshape', [asked.labels, graph.ints([-1, 1, 1, 1])]);
  const is = (label: number) => graph.op('Cast', [graph.op('Equal', [labels, graph.float(label)])], { to: 1 });
  const near = (label: number, radius: string) => {
    const inside = graph.op('Sub', [radius, distance]);
    // Of points with another label: far away.
    const far = graph.op('Mul', [graph.op('Sub', [is(label), graph.float(1)]), graph.float(1e4)]);
    return graph.op('ReduceMax', [graph.op('Add', [inside, far])], { axes: [0], keepdims: 1 });
  };
  const radius = graph.floats(radii.slice(first, first + masks), [1, masks, 1, 1]);
  let mask = near(1, radius);
  mask = graph.op('Max', [mask, rectangle(graph, xs, ys, corners(graph, asked, points, is))]);
  mask = graph.op('Min', [mask, graph.op('Neg', [near(0, graph.floats([20], [1, 1, 1, 1]))])]);
  mask = graph.op('Min', [mask, brightness(graph, asked.bright)]);
  if (asked.previous === null) return mask;
  const fed = graph.op('Sub', [
    graph.op('Mul', [asked.previous.mask, asked.previous.has]),
    graph.op('Mul', [graph.op('Sub', [graph.float(1), asked.previous.has]), graph.float(1e4)]),
  ]);
  return graph.op('Max', [mask, fed]);
}

/** x1, y1, x2, y2, each [1, 1, 1, 1]. */
function corners(graph: OnnxGraph, asked: Asked, points: string, is: (label: number) => string): readonly string[] {
  const flat = graph.ints([1, 1, 1, 1]);
  if (asked.box !== null)
    return [0, 1, 2, 3].map((at) =>
      graph.op('Reshape', [graph.op('Gather', [asked.box ?? '', graph.int(at)], { axis: 0 }), flat]),
    );
  const of = (label: number, axis: number) => {
    const values = graph.op('Reshape', [
      graph.op('Gather', [points, graph.int(axis)], { axis: 1 }),
      graph.ints([-1, 1, 1, 1]),
    ]);
    return graph.op('ReduceSum', [graph.op('Mul', [values, is(label)]), graph.ints([0])], { keepdims: 1 });
  };
  return [of(2, 0), of(2, 1), of(3, 0), of(3, 1)];
}

function rectangle(
  graph: OnnxGraph,
  xs: string,
  ys: string,
  [x1 = '', y1 = '', x2 = '', y2 = '']: readonly string[],
): string {
  const sides = [
    graph.op('Sub', [xs, x1]),
    graph.op('Sub', [x2, xs]),
    graph.op('Sub', [ys, y1]),
    graph.op('Sub', [y2, ys]),
  ];
  return graph.op('Min', sides);
}

/** +100 where the image is brighter than the mean, −100 elsewhere; [1, 1, cells, cells]. */
function brightness(graph: OnnxGraph, bright: string): string {
  const first = graph.op('Slice', [bright, graph.ints([0]), graph.ints([1]), graph.ints([1])]);
  const sign = graph.op('Mul', [graph.op('Sign', [first]), graph.float(100)]);
  return graph.op('Resize', [sign, '', '', graph.ints([1, 1, cells, cells])], {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  });
}

/** Scores [1, masks]. */
export function scored(graph: OnnxGraph, masks: number): string {
  const first = masks === 4 ? 0 : 1;
  return graph.floats(scores.slice(first, first + masks), [1, masks]);
}

/** Logits at the size that is asked, as SAM's own export: to the padded square, cut, to the size. `size` is [2] of any type. */
export function scaledToSize(graph: OnnxGraph, low: string, size: string, side: number, padded: boolean): string {
  const linear = { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' };
  const whole = graph.op('Cast', [size], { to: 7 });
  const count = graph.op('Slice', [graph.op('Shape', [low]), graph.ints([0]), graph.ints([2])]);
  const wanted = graph.op('Concat', [count, whole], { axis: 0 });
  if (!padded) return graph.op('Resize', [low, '', '', wanted], linear);
  const floats = graph.op('Cast', [size], { to: 1 });
  const scale = graph.op('Div', [graph.float(side), graph.op('ReduceMax', [floats], { keepdims: 1 })]);
  const kept = graph.op(
    'Cast',
    [graph.op('Floor', [graph.op('Add', [graph.op('Mul', [floats, scale]), graph.float(0.5)])])],
    { to: 7 },
  );
  const square = graph.op(
    'Resize',
    [low, '', '', graph.op('Concat', [count, graph.ints([side, side])], { axis: 0 })],
    linear,
  );
  const cut = graph.op('Slice', [square, graph.ints([0, 0]), kept, graph.ints([2, 3])]);
  return graph.op('Resize', [cut, '', '', wanted], linear);
}
