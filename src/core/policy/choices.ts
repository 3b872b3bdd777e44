import { answerOf, matchAnswer, normaliseAnswer } from '../reward/answerMatch';
import { seededOrder } from './shuffle';

const letters = 'ABCDEFGHIJ';

/** Options as a model is shown them. Files list the right one first (V*): in that order A would always be right. */
export interface ShownOptions {
  /** Index into the file's options by place. */
  readonly order: readonly number[];
  /** One line an option: `A. …`; '' without options. */
  readonly text: string;
}

/** Options in an order that the seed decides. */
export function showOptions(options: readonly string[], seed: number): ShownOptions {
  const order = seededOrder(options.length, seed);
  return { order, text: optionsInOrder(options, order) };
}

/** Options by letters, in an order that was decided before. */
export function optionsInOrder(options: readonly string[], order: readonly number[]): string {
  const lines = order.map((option, place) => `${optionLetter(place)}. ${options[option] ?? ''}`);
  const ask = options.length === 0 ? '' : '\nAnswer with the letter of the right option.';
  return `${lines.join('\n')}${ask}`;
}

/** What an option is called by its place. */
export function optionLetter(place: number): string {
  return letters[place] ?? String(place + 1);
}

/** What a model answered. */
export interface GivenAnswer {
  /** The option's own words where one was named, else the answer as it was written. */
  readonly text: string;
  /** Index into the file's options; null where none was named. */
  readonly option: number | null;
}

/** The answer of a reply: inside `<answer>`, or all of it behind the thought; null for a blank one. */
export function readAnswer(reply: string, options: readonly string[], order: readonly number[]): GivenAnswer | null {
  const thought = reply.lastIndexOf('</think>');
  const behind = thought < 0 ? reply : reply.slice(thought + '</think>'.length);
  const text = (answerOf(reply, 'last') ?? behind).trim();
  if (text === '') return null;
  const option = optionNamed(text, options, order);
  return { text: option === null ? text : (options[option] ?? text), option };
}

/** By the option's own words, else by its letter. */
function optionNamed(text: string, options: readonly string[], order: readonly number[]): number | null {
  if (options.length === 0) return null;
  const words = normaliseAnswer(text);
  const spelled = options.findIndex((option) => normaliseAnswer(option) === words);
  if (spelled >= 0) return spelled;
  const letter = matchAnswer(text, 'A', 'multipleChoice').predicted;
  const place = letter === null ? -1 : letters.indexOf(letter);
  return order[place] ?? null;
}
