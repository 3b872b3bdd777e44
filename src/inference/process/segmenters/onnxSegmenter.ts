import type { Size } from '../../../core/geometry/box';
import { UserError } from '../../../core/text/userError';
import type { Pixels } from '../../../protocol/segment';
import type { Decoded, Embedding, NamedTensor, Prompts, Segmenter, SegmenterFacts } from '../../segmenter';
import { promptInputs } from '../models/dialects';
import type { Recipe } from '../models/recipe';
import { firstNamed, named } from '../models/signature';
import { clickModelInputs, wholeImage } from './clickModel';
import { decodedMasks } from './decodedMasks';
import { imageTensor } from './imageTensor';
import { previousMask } from './previousMask';
import { promptTensors } from './promptTensors';
import { floatsOf, tensorOf } from './tensors';

/** A graph that is ready to run. */
export interface Graph {
  run(feeds: Readonly<Record<string, NamedTensor>>): Promise<Readonly<Record<string, NamedTensor>>>;
  release(): Promise<void>;
}

/** Any model of the SAM family, or a click model, by its recipe. A model of one graph has no encoder. */
export class OnnxSegmenter implements Segmenter {
  readonly facts: SegmenterFacts;

  constructor(
    private readonly recipe: Recipe,
    private readonly encoder: Graph | null,
    private readonly decoder: Graph,
  ) {
    const { image, feedback, boxes, threshold } = recipe;
    this.facts = { input: { side: image.side, fit: image.fit }, feedback, boxes, threshold };
  }

  async encode(pixels: Pixels): Promise<Embedding> {
    const { image, links } = this.recipe;
    const tensor = imageTensor(pixels, image);
    // One graph does all: what is kept of an image is the image as the graph wants it.
    if (this.encoder === null) return { [wholeImage]: tensor };
    const outputs = await this.encoder.run({ [image.name]: tensor });
    return Object.fromEntries(
      links.map(({ from, to }) => [
        to,
        stacked(
          from.map((name) => given(outputs, name)),
          named(this.recipe.decoder.inputs, to)?.type ?? 'float32',
        ),
      ]),
    );
  }

  async decode(embedding: Embedding, prompts: Prompts, previous: NamedTensor | null): Promise<Decoded> {
    if (prompts.clicks.length === 0 && prompts.box === null) throw new UserError('A mask needs a click or a box.');
    if (prompts.box !== null && !this.recipe.boxes) throw new UserError('This model takes clicks only, no box.');
    const fed = this.recipe.feedback ? this.fitting(previous) : null;
    const feeds = this.feeds(embedding, prompts, fed);
    return decodedMasks(this.recipe, await this.decoder.run(feeds), prompts);
  }

  previousOf(mask: Uint8Array, seen: Size): NamedTensor | null {
    return this.recipe.feedback ? previousMask(this.recipe, mask, seen) : null;
  }

  async release(): Promise<void> {
    await this.encoder?.release();
    await this.decoder.release();
  }

  private feeds(embedding: Embedding, prompts: Prompts, previous: NamedTensor | null) {
    const { recipe } = this;
    if (recipe.dialect.id === 'ritm') return clickModelInputs(recipe, embedding, prompts, previous);
    const own = promptTensors(recipe, prompts, previous);
    if (this.encoder !== null) return { ...embedding, ...own };
    return { ...own, [recipe.image.name]: given(embedding, wholeImage) };
  }

  /** The previous mask in the type and size that the graph takes; null for a mask of another model. */
  private fitting(previous: NamedTensor | null): NamedTensor | null {
    const info = firstNamed(this.recipe.decoder.inputs, promptInputs.mask);
    if (previous === null || info === undefined) return previous;
    const sides = info.dims.slice(-2);
    const fits = sides.every((side, at) => side === null || side === previous.dims.at(at - 2));
    const dims = [...info.dims.slice(0, -2).map((side) => side ?? 1), ...previous.dims.slice(-2)];
    return fits ? tensorOf(info.type, dims, floatsOf(previous)) : null;
  }
}

function given(tensors: Readonly<Record<string, NamedTensor>>, name: string): NamedTensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new UserError(`The encoder did not make ${name}, which its file promises.`);
  return tensor;
}

/** One tensor as it is, several along a new first side; in the type that the decoder takes. */
function stacked(tensors: readonly NamedTensor[], type: string): NamedTensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('an embedding of no tensors');
  if (tensors.length === 1) return first.type === type ? first : tensorOf(type, first.dims, floatsOf(first));
  const parts = tensors.map(floatsOf);
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return tensorOf(type, [tensors.length, ...first.dims], whole);
}
