import type { Box } from '../core/geometry/box';
import type { MaskStep } from '../core/policy/maskSteps';
import type { PolicyRollout, SentMessage, TaskCall } from '../core/policy/policyRollout';
import type { LabelledBox } from '../core/reward/apAr';
import type { JsonValue } from '../core/text/jsonValue';
import { policyTraceMark, sizeText } from './policyTrace';

/** One rollout as a line of a policy trace, without the line break. Every value that is not known is null or absent. */
export function policyTraceLine(rollout: PolicyRollout): string {
  return JSON.stringify(rowOf(rollout));
}

function rowOf(rollout: PolicyRollout): { readonly [key: string]: JsonValue | undefined } {
  const { sample, reply, calls, policy, taskPolicy, took } = rollout;
  const { tokens, usage } = reply;
  const truth = sample.truth.map(labelled);
  return {
    saccade: policyTraceMark,
    input: promptText(rollout.messages),
    output: reply.text,
    gts: sample.answer ?? (truth.length > 0 ? truth : null),
    score: rollout.score,
    step: 0,
    uid: rolloutId(rollout),
    ...(sample.dataSource === null ? {} : { data_source: sample.dataSource }),
    sample: sample.key,
    image_path: sample.imageName,
    image_size: sizeText(rollout.imageSize),
    input_size: sizeText(rollout.inputSize),
    box_frame: rollout.frame,
    truth_frame: 'original',
    ...(truth.length > 0 ? { truth_boxes: truth } : {}),
    task: rollout.task,
    ...(sample.object === null ? {} : { object: sample.object }),
    ...(sample.question === null ? {} : { question: sample.question }),
    ...(sample.options.length === 0 ? {} : { options: sample.options, options_order: rollout.shuffle }),
    zoomed: rollout.zoomed,
    ...(rollout.malformed === null ? {} : { malformed: rollout.malformed }),
    regions: rollout.regions.map((box) => (box === null ? null : corners(box))),
    ...(calls.length === 0 ? {} : { calls: calls.map(callOf) }),
    ...(rollout.masks === undefined ? {} : { masks: rollout.masks.map(maskOf) }),
    ...(sample.truthMask == null ? {} : { truth_mask: { ...sample.truthMask } }),
    ...(taskPolicy === null || rollout.task !== 'detection' ? {} : { task_boxes: rollout.boxes.map(labelled) }),
    ...(rollout.answer === null ? {} : { answer: rollout.answer }),
    ...(sample.options.length === 0 ? {} : { chosen: rollout.chosen }),
    rewards: rollout.rewards,
    profile: rollout.profile,
    advantage: rollout.advantage,
    policy: { ...policy },
    ...(taskPolicy === null ? {} : { task_policy: { ...taskPolicy } }),
    seed: rollout.seed,
    finish_reason: reply.finish,
    seconds: took / 1000,
    sensing_seconds: reply.took / 1000,
    ...(reply.firstText === null ? {} : { first_text_seconds: reply.firstText / 1000 }),
    retries: reply.retries + calls.reduce((sum, call) => sum + call.reply.retries, 0),
    ...(usage === null ? {} : { input_tokens: usage.input, output_tokens: usage.output }),
    prompt_messages: rollout.messages.map(messageOf),
    ...(tokens === null
      ? {}
      : { tokens: tokens.map(({ text }) => text), logprobs: tokens.map(({ logprob }) => logprob) }),
  };
}

/** `uid` of a rollout's row, as verl's V1 trainer makes it: group, rollout and output. */
export function rolloutId({ group, index }: Pick<PolicyRollout, 'group' | 'index'>): string {
  return `${group}_${index}_0`;
}

/** Messages as one text, as verl logs a prompt: pictures by their mark. */
export function promptText(messages: readonly SentMessage[]): string {
  return messages
    .map(({ role, content }) => {
      const text = content.map((part) => (part.type === 'text' ? part.text : '<image>')).join('\n');
      return role === 'system' ? `system\n${text}` : `user\n${text}`;
    })
    .join('\n');
}

function messageOf({ role, content }: SentMessage): JsonValue {
  return {
    role,
    content: content.map(
      (part): JsonValue =>
        part.type === 'text'
          ? { type: 'text', text: part.text }
          : {
              type: 'image',
              image: part.image,
              ...(part.crop === null ? {} : { crop: corners(part.crop) }),
              size: sizeText(part.size),
            },
    ),
  };
}

function maskOf({ region, mask, iou }: MaskStep): JsonValue {
  return { region, size: mask.size, counts: mask.counts, iou };
}

function callOf({ region, cut, size, reply, boxes, points, malformed }: TaskCall): JsonValue {
  return {
    region,
    ...(cut === null ? {} : { crop: corners(cut) }),
    size: sizeText(size),
    output: reply.text,
    finish_reason: reply.finish,
    boxes: boxes.map(labelled),
    ...(points.length === 0 ? {} : { points: points.map((point) => ({ ...point })) }),
    ...(malformed === null ? {} : { malformed }),
    seconds: reply.took / 1000,
    retries: reply.retries,
    ...(reply.usage === null ? {} : { input_tokens: reply.usage.input, output_tokens: reply.usage.output }),
  };
}

function labelled({ box, label }: LabelledBox): { readonly bbox_2d: readonly number[]; readonly label?: string } {
  return label === null ? { bbox_2d: corners(box) } : { bbox_2d: corners(box), label };
}

/** Hundredths of a pixel are more than any model means. */
function corners({ x1, y1, x2, y2 }: Box): readonly number[] {
  return [x1, y1, x2, y2].map((side) => Math.round(side * 100) / 100);
}
