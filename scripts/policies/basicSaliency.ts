/**
 * The graph of the policy that ships: how much each part of a picture stands out,
 * after Itti, Koch & Niebur 1998 (contrast of centre and surround in brightness and opponent colours, at several scales) and
 * Lindeberg 1998 (blobs: the determinant of the Hessian, which is nothing along a straight edge), with the density of edges and the
 * rarity of colours beside it. Nothing in it is learnt.
 */
import { OnnxGraph } from '../onnx/graph';

/** Pixels of the picture a cell of the map stands for. */
export const cell = 8;
/** Sides of the windows that are compared, in pixels: what lies within with what lies around. */
const scales: readonly (readonly [centre: number, surround: number])[] = [
  [3, 17],
  [5, 33],
  [9, 65],
];

/** Sides of the windows that a picture is smoothed by before blobs are looked for. */
const blobScales: readonly number[] = [3, 7, 13];
/** How much each kind of map counts. */
const weights = { contrast: 1, blobs: 2, edges: 0.5, rarity: 0.5 } as const;

/** Input `image`: 1 × 3 × height × width, red, green and blue in 0–1. Output `saliency`: 1 × 1 × height / 8 × width / 8. */
export function basicSaliency(): Uint8Array {
  const graph = new OnnxGraph();
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  // Brightness, red against green, blue against yellow.
  const third = 1 / 3;
  const opponents = graph.floats([third, third, third, 1, -1, 0, -0.5, -0.5, 1], [3, 3, 1, 1]);
  const colours = graph.op('Conv', [image, opponents]);
  const contrasts = scales.map(([centre, surround]) =>
    channelSum(
      graph,
      graph.op('Abs', [graph.op('Sub', [mean(graph, colours, centre), mean(graph, colours, surround)])]),
    ),
  );
  const brightness = graph.op('Conv', [image, graph.floats([third, third, third], [1, 3, 1, 1])]);
  const blobs = blobScales.map((side) => blobsOf(graph, brightness, side));
  const sobel = graph.floats([-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1], [2, 1, 3, 3]);
  const slopes = graph.op('Conv', [bordered(graph, brightness, 1), sobel]);
  const edges = mean(graph, channelSum(graph, graph.op('Abs', [slopes]), 2), 9);
  const average = graph.op('ReduceMean', [colours], { axes: [2, 3], keepdims: 1 });
  const rarity = mean(graph, channelSum(graph, graph.op('Abs', [graph.op('Sub', [colours, average])])), 5);
  const parts = [
    ...contrasts.map((map) => scaled(graph, map, weights.contrast)),
    ...blobs.map((map) => scaled(graph, map, weights.blobs)),
    scaled(graph, edges, weights.edges),
    scaled(graph, rarity, weights.rarity),
  ];
  const sum = parts.reduce((a, b) => graph.op('Add', [a, b]));
  const cells = graph.op('AveragePool', [sum], { kernel_shape: [cell, cell], strides: [cell, cell] });
  graph.output(cells, 'saliency', 'float32', [1, 1, 'rows', 'columns']);
  return graph.finish();
}

/** Mean over a window around each pixel; beyond the picture nothing counts. One direction after the other: a window is wide. */
function mean(graph: OnnxGraph, value: string, side: number): string {
  const pad = (side - 1) / 2;
  const rows = graph.op('AveragePool', [value], { kernel_shape: [1, side], pads: [0, pad, 0, pad] });
  return graph.op('AveragePool', [rows], { kernel_shape: [side, 1], pads: [pad, 0, pad, 0] });
}

/** The map with its outermost pixels repeated outwards: beyond zeros every border would stand out. */
function bordered(graph: OnnxGraph, value: string, width: number): string {
  return graph.op('Pad', [value, graph.ints([0, 0, width, width, 0, 0, width, width])], { mode: 'edge' });
}

/** Square root of the Hessian's determinant where it is positive, of the picture smoothed by a window of `side`, twice. */
function blobsOf(graph: OnnxGraph, brightness: string, side: number): string {
  const smooth = mean(graph, mean(graph, brightness, side), side);
  const reach = (side - 1) / 2 + 1;
  const wide = bordered(graph, smooth, reach);
  const kernels = [
    [0, 0, 0, 1, -2, 1, 0, 0, 0],
    [0, 1, 0, 0, -2, 0, 0, 1, 0],
    [0.25, 0, -0.25, 0, 0, 0, -0.25, 0, 0.25],
  ];
  const [xx = '', yy = '', xy = ''] = kernels.map((kernel) =>
    graph.op('Conv', [wide, graph.floats(kernel, [1, 1, 3, 3])], { dilations: [reach, reach] }),
  );
  const determinant = graph.op('Sub', [graph.op('Mul', [xx, yy]), graph.op('Mul', [xy, xy])]);
  return mean(graph, graph.op('Sqrt', [graph.op('Relu', [determinant])]), 5);
}

function channelSum(graph: OnnxGraph, value: string, channels = 3): string {
  return graph.op('Conv', [
    value,
    graph.floats(
      Array.from({ length: channels }, () => 1),
      [1, channels, 1, 1],
    ),
  ]);
}

/** What is above the map's mean, over its largest value, times a weight: a map that is alike everywhere says nothing. */
function scaled(graph: OnnxGraph, map: string, weight: number): string {
  const axes = { axes: [2, 3], keepdims: 1 };
  const above = graph.op('Relu', [graph.op('Sub', [map, graph.op('ReduceMean', [map], axes)])]);
  const largest = graph.op('Add', [graph.op('ReduceMax', [above], axes), graph.float(1e-3)]);
  return graph.op('Mul', [graph.op('Div', [above, largest]), graph.float(weight)]);
}

/** The module that `src` imports. */
export function graphModule(): string {
  const text = Buffer.from(basicSaliency()).toString('base64');
  const lines = text.match(/.{1,110}/g) ?? [];
  return [
    '/** The ONNX graph of the policy that ships, written by `npm run policy` (scripts/policies/basicSaliency.ts). */',
    'export const basicGraph =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}
