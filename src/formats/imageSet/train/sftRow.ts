import type { TrainingSample } from '../../../core/dataset/trainingSamples';
import type { Size } from '../../../core/geometry/box';
import type { FrameSpec } from '../../../core/geometry/frame';
import { frameExtent, fromOriginal } from '../../../core/geometry/frameMap';
import { imageMark } from '../../../core/trajectory/promptMessages';
import type { Conversation } from '../../export/conversation';
import { messagesRecord, shareGptRecord } from '../../export/sft';
import { answerNumbers, bboxNumbers } from './boxText';

/** A sample with what its record needs besides. */
export interface SftSample {
  readonly sample: TrainingSample;
  /** Stored pixels of its image. */
  readonly size: Size;
  /** Path, or data URI. */
  readonly image: string;
  readonly system: string;
  readonly frame: FrameSpec;
}

/**
 * A record of LLaMA-Factory (ShareGPT). Boxes in the answer count in the frame, which `box_frame` and `input_size` state
 * (docs/self-describing.md). Null without an answer.
 */
export function llamaFactoryRow(of: SftSample): object | null {
  const answer = answerText(of);
  return answer === null ? null : { ...shareGptRecord(conversation(of, answer)), ...statedFrame(of) };
}

/**
 * A record of ms-swift (*Custom dataset*, grounding): in the frames that it knows (`real`, pixels of the stored image, and `norm1`)
 * boxes stand in `objects`, and the trainer writes them into the answer as its model wants them. Null without an answer.
 */
export function swiftRow(of: SftSample): object | null {
  const { sample, size, frame } = of;
  const { truth, question } = sample;
  const knows = frame.kind === 'original' || frame.kind === 'relative1';
  if (question !== null || !knows) {
    const answer = answerText(of);
    return answer === null ? null : { ...messagesRecord(conversation(of, answer)), ...statedFrame(of) };
  }
  const bbox = truth.map(({ box }) =>
    frame.kind === 'original' ? bboxNumbers(box) : answerNumbers(fromOriginal(box, frame, size), true),
  );
  const marked = listText(truth.map(() => '{"bbox_2d": <bbox>, "label": "<ref-object>"}'));
  const objects = {
    ref: truth.map(({ label }) => label ?? ''),
    bbox,
    bbox_type: frame.kind === 'original' ? 'real' : 'norm1',
  };
  return { ...messagesRecord(conversation(of, marked)), objects };
}

function conversation({ sample, system, image }: SftSample, answer: string): Conversation {
  return {
    system,
    messages: [
      { role: 'user', content: `${imageMark}${sample.prompt}`, turns: [] },
      { role: 'assistant', content: answer, turns: [] },
    ],
    asked: 1,
    images: [image],
  };
}

function answerText({ sample: { question, truth, answer }, size, frame }: SftSample): string | null {
  if (question !== null) return answer;
  return listText(
    truth.map(({ box, label }) => {
      const numbers = answerNumbers(fromOriginal(box, frame, size), frame.kind === 'relative1');
      return `{"bbox_2d": [${numbers.join(', ')}], "label": ${JSON.stringify(label)}}`;
    }),
  );
}

const listText = (entries: readonly string[]) => `[${entries.join(', ')}]`;

/** Only of boxes that stand in the text: a question's answer is the set's own words. */
function statedFrame({ sample, size, frame }: SftSample): object {
  if (sample.question !== null) return {};
  if (frame.kind !== 'input') return { box_frame: frame.kind };
  const { width, height } = frameExtent(frame, size);
  return { box_frame: 'input', input_size: [width, height] };
}
