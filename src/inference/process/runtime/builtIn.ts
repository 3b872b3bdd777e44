import type { ModelInfo } from '../../../protocol/segment';
import type { Segmenter } from '../../segmenter';
import { BasicSegmenter } from '../segmenters/basic/basicSegmenter';

/** A segmenter that is part of Saccade rather than a file of the user's; it needs no ONNX Runtime of its own. */
export interface BuiltIn {
  readonly info: ModelInfo;
  /** Changes whenever its embeddings do: part of their key. */
  readonly version: string;
  create(): Segmenter;
}

/** In the order they are offered; the first is the one to begin with. */
export const builtIns: readonly BuiltIn[] = [
  {
    info: {
      id: 'basic',
      title: 'Basic',
      dialect: 'basic',
      encoder: null,
      decoder: null,
      inputSize: null,
      feedback: false,
      boxes: true,
      precision: 'uint8',
      bytes: 0,
    },
    version: 'basic-1',
    create: () => new BasicSegmenter(),
  },
];
