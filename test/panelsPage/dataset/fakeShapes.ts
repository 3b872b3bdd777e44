import type { DatasetAnnotation, DatasetImage } from '../../../src/core/dataset/datasetImage';
import { newAnnotation } from '../../../src/core/dataset/edit/imageEdits';
import type { Point, Shape, Skeleton } from '../../../src/core/dataset/shape';
import { countsOf, runsOfPixels } from '../../../src/core/mask/cocoMask';
import type { ProposedBox } from '../../../src/core/policy/proposals';
import { sizeOf } from './fakeImages';

/** What the category `person` has. */
export const fakeSkeleton: Skeleton = {
  names: ['head', 'neck', 'left hand', 'right hand', 'hip'],
  skeleton: [
    [0, 1],
    [1, 2],
    [1, 3],
    [1, 4],
  ],
};

/** Of every kind one, over a made-up picture; `crowd` adds that many small boxes, every fourth a polygon. */
export function manyShapes(image: DatasetImage, crowd: number): DatasetImage {
  const { width, height } = sizeOf(image.index);
  const at = (x: number, y: number): Point => ({ x: x * width, y: y * height });
  const keypoint = (x: number, y: number, visibility: 0 | 1 | 2) => ({ ...at(x, y), visibility });
  const shapes: readonly (readonly [string, Shape, Partial<DatasetAnnotation>?])[] = [
    ['boat', { kind: 'turnedBox', box: boxAt(0.12, 0.2, 0.3, 0.3, width, height), angle: 0.4 }],
    ['kite', { kind: 'quad', points: [at(0.4, 0.08), at(0.52, 0.12), at(0.5, 0.3), at(0.37, 0.24)] }],
    ['umbrella', { kind: 'polygons', rings: [star(at(0.72, 0.24), width * 0.09)] }],
    ['dog', { kind: 'mask', mask: blob(at(0.22, 0.68), width * 0.1, width, height) }],
    ['surfboard', { kind: 'box', box: boxAt(0.4, 0.5, 0.6, 0.92, width, height) }, { crowd: true }],
    [
      'person',
      {
        kind: 'keypoints',
        ...fakeSkeleton,
        points: [
          keypoint(0.8, 0.5, 2),
          keypoint(0.8, 0.6, 2),
          keypoint(0.74, 0.68, 1),
          keypoint(0.86, 0.7, 2),
          keypoint(0.8, 0.8, 2),
        ],
      },
    ],
    ['bird', { kind: 'points', points: [at(0.62, 0.4), at(0.66, 0.42)] }],
    ['bicycle', { kind: 'line', points: [at(0.06, 0.9), at(0.2, 0.86), at(0.32, 0.94)] }],
    ['kite', { kind: 'circle', centre: at(0.9, 0.14), radius: width * 0.05 }, { ignore: true }],
  ];
  const annotations = shapes.map(([label, shape, more], i): DatasetAnnotation => {
    return { id: `s${i}`, ...newAnnotation(label, shape), ...more };
  });
  const side = Math.ceil(Math.sqrt(crowd));
  const small = Array.from({ length: crowd }, (_, i): DatasetAnnotation => {
    const [x, y] = [((i % side) + 0.1) / side, (Math.floor(i / side) + 0.1) / side];
    const box = boxAt(x, y, x + 0.7 / side, y + 0.7 / side, width, height);
    const middle = { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 };
    const shape: Shape =
      i % 4 === 2 ? { kind: 'polygons', rings: [star(middle, (box.y2 - box.y1) / 2)] } : { kind: 'box', box };
    return { id: `c${i}`, ...newAnnotation(i % 3 === 0 ? 'bird' : 'person', shape) };
  });
  const questions = [
    { text: 'What is the dog lying on?', options: ['sand', 'a towel', 'a boat', 'grass'], answer: 'sand' },
  ];
  const attributes = { license: 3, date_captured: '2013-11-14 17:02:52', coco_url: 'http://example.org/1.jpg' };
  return { ...image, annotations: [...annotations, ...small], questions, attributes };
}

/** Two things that a policy found, and a region that it looked at. */
export function fakeProposals(index: number): readonly ProposedBox[] {
  const { width, height } = sizeOf(index);
  return [
    { box: boxAt(0.05, 0.6, 0.2, 0.8, width, height), label: 'dog' },
    { box: boxAt(0.3, 0.7, 0.38, 0.8, width, height), label: 'bird' },
    { box: boxAt(0.5, 0.02, 0.7, 0.4, width, height), label: null },
  ];
}

function boxAt(x1: number, y1: number, x2: number, y2: number, width: number, height: number) {
  return { x1: x1 * width, y1: y1 * height, x2: x2 * width, y2: y2 * height };
}

function star({ x, y }: Point, radius: number): readonly Point[] {
  return Array.from({ length: 10 }, (_, i) => {
    const [angle, reach] = [(i / 10) * 2 * Math.PI, i % 2 === 0 ? radius : radius * 0.55];
    return { x: x + Math.cos(angle) * reach, y: y + Math.sin(angle) * reach };
  });
}

function blob({ x, y }: Point, radius: number, width: number, height: number) {
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [column - x, (row - y) * 1.5];
      const wave = 1 + 0.2 * Math.sin(Math.atan2(dy, dx) * 5);
      if (Math.hypot(dx, dy) < radius * wave) pixels[row * width + column] = 1;
    }
  return { size: [height, width] as const, counts: countsOf(runsOfPixels(pixels, width, height)) };
}
