import type { EmbeddingInfo } from '../../../../protocol/imageSetScores';

/** A vector an image: that of `images[i]` begins at `data[i * dimensions]`. */
export interface Embedding {
  readonly dimensions: number;
  readonly data: Float32Array;
  readonly images: Uint32Array;
}

export const embeddingInfo = (name: string, { dimensions, images }: Embedding): EmbeddingInfo => ({
  name,
  dimensions,
  images: images.length,
});
