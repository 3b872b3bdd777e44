import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DatasetImage, PixelFrame } from '../../core/dataset/datasetImage';
import type { Size } from '../../core/geometry/box';
import { findFrame } from '../../core/geometry/frameChoice';
import { toOriginal } from '../../core/geometry/frameMap';
import { type Asked, askedOf } from '../../core/policy/askedOf';
import type { PolicySample, PolicyTask } from '../../core/policy/policyRollout';
import type { Rollout, TruthBox } from '../../core/trajectory/rollout';
import type { GroupDetail } from '../../protocol/data';

/** What can be asked of an image of a trace's group. `image`: absolute path. `size`: its stored pixels. */
export function sampleOfGroup(detail: GroupDetail, image: string, size: Size): PolicySample {
  const [rollout] = detail.rollouts;
  const asked =
    rollout === undefined ? { object: null, question: null } : (statedIn(rollout) ?? askedOf(rollout.prompt));
  const truth = rollout?.groundTruth;
  const options = rollout?.options ?? [];
  return {
    key: detail.summary.key,
    image,
    imageName: image,
    ...asked,
    options,
    // V* has the right option first.
    answer: options[0] ?? (typeof truth === 'string' && truth.length < 500 ? truth : null),
    truth: rollout === undefined ? [] : truthOf(rollout, detail, size),
    dataSource: rollout?.dataSource ?? null,
  };
}

/** What a trace of Saccade's own says beside the prompt. */
function statedIn({ fields }: Rollout): Asked | null {
  const text = (name: string) => {
    const value = fields.find((field) => field.name === name)?.value;
    return typeof value === 'string' && value !== '' ? value : null;
  };
  if (text('task') === null) return null;
  const [object, question] = [text('object'), text('question')];
  return object === null && question === null ? null : { object, question };
}

/** In stored pixels; none where nobody knows which pixels the truth counts in. */
function truthOf(rollout: Rollout, { frames }: GroupDetail, size: Size): readonly TruthBox[] {
  const { spec } = findFrame(frames, rollout.dataSource, 'groundTruth');
  if (spec === null) return [];
  return rollout.truthBoxes.map(({ box, label }) => ({ box: toOriginal(box, spec, size, rollout), label }));
}

/** An image file and a question that the user typed. */
export function sampleOfFile(image: string, question: string): PolicySample {
  return {
    key: createHash('sha256').update(`${image}\n${question}`).digest('hex').slice(0, 16),
    image,
    imageName: image,
    object: null,
    question,
    options: [],
    answer: null,
    truth: [],
    dataSource: basename(image),
  };
}

/** What can be asked of an image of a set. Boxes that do not count in stored pixels are no truth to score against. */
export function sampleOfImage(image: DatasetImage, path: string, frame: PixelFrame): PolicySample {
  const [question] = image.questions;
  const boxes = image.annotations.flatMap(({ box, label }) => (box === null ? [] : [{ box, label }]));
  const labels = [...new Set(boxes.map(({ label }) => label))];
  const [object = null] = labels;
  return {
    key: image.key,
    image: path,
    imageName: path,
    // Of one kind of object: that is what is looked for.
    object: question === undefined && labels.length === 1 ? object : null,
    question: question?.text ?? null,
    options: question?.options ?? [],
    answer: question?.answer ?? null,
    truth: frame === 'stored' ? boxes : [],
    dataSource: null,
  };
}

/** An object is looked for, a question answered. */
export function taskOf({ object }: PolicySample): PolicyTask {
  return object === null ? 'question' : 'detection';
}

/** The reward that fits: what there is no truth for is not scored. */
export function profileOf(sample: PolicySample, answered: boolean): string {
  if (!answered) return 'active-o3-regions';
  if (sample.object !== null && sample.truth.length > 0) return 'active-o3-detection';
  return sample.answer !== null ? 'active-o3-question' : 'active-o3-regions';
}
