import type { ModelInfo } from '../../../protocol/segment';
import type { Segmenter } from '../../segmenter';

/** A segmenter that is part of Saccade rather than a file of the user's; it needs no ONNX Runtime of its own. */
export interface BuiltIn {
  readonly info: ModelInfo;
  /** Changes whenever its embeddings do: part of their key. */
  readonly version: string;
  create(): Segmenter;
}

/** In the order they are offered; the first is the one to begin with. */
export const builtIns: readonly BuiltIn[] = [];
