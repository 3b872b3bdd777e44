import type { JsonValue } from '../text/jsonValue';
import { normalisePrompt } from './promptKey';

/** What makes two prompts the same sample, whatever step, epoch or run they were asked in. */
export interface SampleFacts {
  readonly prompt: string;
  readonly groundTruth: JsonValue;
  /** Name of the image as logged, or a digest of its content; null when the log tells neither. */
  readonly image: string | null;
}

/** A sample as far as its row tells without its image: what its picture is, is looked at when samples are joined. */
export interface SampleKeys {
  /** Equal for equal prompts and ground truths. */
  readonly question: string;
  /** Equal, besides, for equal names of the image: what stands in for the image where it is not to be found. */
  readonly named: string;
}

/**
 * Texts equal for equal samples, to be hashed where many are kept. Kept apart from the group's key: a trainer's own group
 * id (verl's `uid`) is new at every step, the sample is not. Null for a row that says nothing about its prompt.
 */
export function sampleKeys({ prompt, groundTruth, image }: SampleFacts): SampleKeys | null {
  const normalised = normalisePrompt(prompt);
  // Folders differ between machines and epochs; the file's name does not.
  const name = image === null ? null : (image.split(/[\\/]/).at(-1) ?? image);
  if (normalised === '' && name === null) return null;
  return {
    question: JSON.stringify([normalised, groundTruth]),
    named: JSON.stringify([normalised, groundTruth, name]),
  };
}
