import type { TrainingSample } from '../../../core/dataset/trainingSamples';
import type { Size } from '../../../core/geometry/box';
import { imageMark } from '../../../core/trajectory/promptMessages';
import { openAiMessages } from '../../export/sft';
import { bboxNumbers } from './boxText';
import { type Cell, image, listOf, structOf, type TableColumn, text, whole } from './tableColumn';

const messages = listOf(structOf({ role: text, content: text }));
const extraInfo = structOf({
  split: text,
  index: whole,
  id: text,
  image_id: text,
  image_path: text,
  width: whole,
  height: whole,
  truth_frame: text,
  label: text,
  question: text,
  options: listOf(text),
  answer: text,
});

/**
 * Columns that verl's loader reads (`rl_dataset.py`, `vision_utils.py`): images as bytes with a path, or as an object whose
 * `image` is a path, since bytes that are null would be opened.
 */
export function verlColumns(embeds: boolean): Readonly<Record<string, TableColumn>> {
  return {
    data_source: text,
    prompt: messages,
    images: listOf(embeds ? image : structOf({ image: text })),
    ability: text,
    reward_model: structOf({ style: text, ground_truth: text }),
    extra_info: extraInfo,
  };
}

/** What is the same for all rows of a file. */
export interface VerlRun {
  /** Name of the set. */
  readonly source: string;
  readonly system: string;
  readonly split: string;
}

/** Where a sample's image is. */
export interface VerlImage {
  readonly key: string;
  readonly name: string;
  /** Of the stored pixels. */
  readonly size: Size;
  /** As one of `verlColumns` takes it. */
  readonly cell: Cell;
}

/**
 * One sample as verl has it. The ground truth is the answer, or JSON text of boxes with labels in pixels of the stored image, which
 * verl does not turn; `extra_info.truth_frame` says so to whoever reads a dump.
 */
export function verlRow(
  { id, label, question, prompt, truth, answer }: TrainingSample,
  index: number,
  { source, system, split }: VerlRun,
  { key, name, size, cell }: VerlImage,
): Readonly<Record<string, Cell>> {
  const boxes = truth.map((one) => ({ bbox_2d: bboxNumbers(one.box), label: one.label }));
  const said = [{ role: 'user', content: `${imageMark}${prompt}` }] as const;
  return {
    data_source: source,
    prompt: openAiMessages({ system, messages: said.map((one) => ({ ...one, turns: [] })) }).map((one) => ({ ...one })),
    images: [cell],
    ability: question === null ? 'grounding' : 'vqa',
    reward_model: { style: 'rule', ground_truth: answer ?? JSON.stringify(boxes) },
    extra_info: {
      split,
      index,
      id,
      image_id: key,
      image_path: name,
      width: size.width,
      height: size.height,
      truth_frame: 'original',
      label,
      question: question?.text ?? null,
      options: question?.options ?? [],
      answer: question?.answer ?? null,
    },
  };
}
