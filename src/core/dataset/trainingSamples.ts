import { clampBox, type Size } from '../geometry/box';
import type { FrameSpec } from '../geometry/frame';
import { optionLetter, optionsInOrder, showOptions } from '../policy/choices';
import { fillTemplate } from '../policy/template';
import { matchAnswer, normaliseAnswer, ruleFor } from '../reward/answerMatch';
import type { TruthBox } from '../trajectory/rollout';
import type { DatasetImage, DatasetQuestion } from './datasetImage';

/**
 * What a model is trained to do with an image of a set. `detection`: the boxes of one label, `detection-image` those of all labels
 * of the image; `question`: the set's own questions; `sense-…`: where to look for a label, or for a question's answer (ACTIVE-O3's
 * sensing policy), of which no right answer is known but the boxes that should be found.
 */
export const trainingTasks = ['detection', 'detection-image', 'question', 'sense-detection', 'sense-question'] as const;
export type TrainingTask = (typeof trainingTasks)[number];

/** How samples are asked. */
export interface TrainingChoice {
  readonly task: TrainingTask;
  /** With `{object}`, `{question}`, `{options}` and `{count}`. */
  readonly prompt: string;
  /** '' for none. */
  readonly system: string;
  /** What boxes in an answer's text count in. */
  readonly frame: FrameSpec;
}

/** One thing that is asked about an image. */
export interface TrainingSample {
  /** Unique in the set, and equal over exports: the image's key with the label or the number of the question. */
  readonly id: string;
  readonly label: string | null;
  readonly question: DatasetQuestion | null;
  /** Without marks of images. */
  readonly prompt: string;
  /** What is to be found, in stored pixels of the image, inside it; of a question all that the image has. */
  readonly truth: readonly TruthBox[];
  /** The right answer to a question as it is asked: of options that are shown the letter. Null where boxes are the answer. */
  readonly answer: string | null;
}

export interface SamplesOfImage {
  readonly samples: readonly TrainingSample[];
  /** What of the image is in no sample, for people. */
  readonly omitted: readonly string[];
}

/** Regions that a sensing policy is asked for, as ACTIVE-O3 asks. */
const regions = '3';
/** What a consumer would take for an image, or for one of ms-swift's boxes and names. */
const marks = /<(?:image|video|audio|bbox|ref-object)>/i;

/** An image's samples. @param image with its size and annotations in stored pixels. */
export function trainingSamples(
  { key, index, annotations, questions }: Pick<DatasetImage, 'key' | 'index' | 'annotations' | 'questions'>,
  size: Size,
  { task, prompt }: TrainingChoice,
): SamplesOfImage {
  const omitted: string[] = [];
  const counted = annotations.filter(({ crowd, ignore }) => !crowd && !ignore);
  const truth = counted.flatMap(({ box, label }): TruthBox[] => {
    if (box === null) return [];
    const inside = clampBox(box, size);
    return inside.x1 < inside.x2 && inside.y1 < inside.y2 ? [{ box: inside, label }] : [];
  });
  const apart = annotations.length - counted.length;
  if (apart > 0) omitted.push(`${apart} crowds and annotations to be ignored`);
  if (truth.length < counted.length) omitted.push(`${counted.length - truth.length} annotations without a box in it`);
  const senses = task === 'sense-question';
  const asks = senses || task === 'question';
  const drafts = asks
    ? questions.map((question, at) => asked(question, `${key}?${at}`, index + at, prompt, truth, senses))
    : found(key, prompt, truth, task === 'detection-image', omitted);
  const known = asks ? drafts.filter(({ answer }) => (senses ? truth.length > 0 : answer !== null)) : drafts;
  const isStrange = ({ answer, question }: TrainingSample) => answer === null && (question?.answer ?? null) !== null;
  const strange = senses ? 0 : drafts.filter(isStrange).length;
  const lacking = drafts.length - known.length - strange;
  if (lacking > 0) omitted.push(`${lacking} questions without ${senses ? 'boxes' : 'an answer'}`);
  if (strange > 0) omitted.push(`${strange} questions whose answer is none of their options`);
  const samples = known.filter(
    ({ prompt: text, answer, label }) => !marks.test(`${text}${answer ?? ''}${label ?? ''}`),
  );
  if (samples.length < known.length)
    omitted.push(`${known.length - samples.length} samples whose text holds a mark that stands for an image or a box`);
  return { samples, omitted };
}

function found(
  key: string,
  prompt: string,
  truth: readonly TruthBox[],
  together: boolean,
  omitted: string[],
): readonly TrainingSample[] {
  const named = truth.filter(({ label }) => label !== null && label !== '');
  if (named.length < truth.length) omitted.push(`${truth.length - named.length} boxes without a label`);
  const labels = [...new Set(named.flatMap(({ label }) => label ?? []))];
  const sample = (id: string, label: string, own: readonly TruthBox[]): TrainingSample => ({
    id,
    label,
    question: null,
    prompt: fillTemplate(prompt, { object: label, count: regions }),
    truth: own,
    answer: null,
  });
  if (together) return labels.length === 0 ? [] : [sample(key, labels.join(', '), named)];
  return labels.map((label) =>
    sample(
      `${key}/${label}`,
      label,
      named.filter((one) => one.label === label),
    ),
  );
}

/** Options are shown in an order of their own: files list the right one first (V*). */
function asked(
  question: DatasetQuestion,
  id: string,
  seed: number,
  prompt: string,
  truth: readonly TruthBox[],
  senses: boolean,
): TrainingSample {
  const { text, options, answer } = question;
  const { order } = showOptions(options, seed);
  const right = answer === null ? -1 : rightOption(answer, options);
  // Options that nobody sees have no letters.
  const isLettered = options.length > 0 && prompt.includes('{options}');
  const words = options[right] ?? answer;
  const filled = fillTemplate(prompt, { question: text, options: optionsInOrder(options, order), count: regions });
  return {
    id,
    label: null,
    question,
    prompt: filled.trimEnd(),
    truth,
    answer: senses ? null : !isLettered ? words : right < 0 ? null : optionLetter(order.indexOf(right)),
  };
}

/** Index of the option that an answer names by its words, or by its letter in the file's order; −1 for none. */
function rightOption(answer: string, options: readonly string[]): number {
  const same = options.indexOf(answer);
  if (same >= 0) return same;
  const letter = ruleFor(answer) === 'multipleChoice' ? matchAnswer(answer, answer, 'multipleChoice').predicted : null;
  if (letter !== null) return options.findIndex((_, place) => optionLetter(place) === letter);
  const words = normaliseAnswer(answer);
  return words === '' ? -1 : options.findIndex((option) => normaliseAnswer(option) === words);
}
