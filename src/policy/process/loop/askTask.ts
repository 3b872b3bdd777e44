import type { ModelInput } from '../../../core/policy/convention';
import type { SentMessage, TaskCall } from '../../../core/policy/policyRollout';
import { readTaskBoxes } from '../../../core/policy/readReply';
import { fillTemplate, type TemplateWord } from '../../../core/policy/template';
import type { ProposeRequest } from '../../../protocol/policy';
import type { AnswerSchema, Policy, ReadyMessage } from '../policy';
import { type GroupCalls, taskCall } from './calls';
import type { SentPicture } from './pictures';

/** The task model of a group, with its prompt. */
export interface TaskModel {
  readonly policy: Policy;
  readonly input: ModelInput;
  readonly template: string;
  readonly system: string | null;
}

/** What one rollout asks the task model. */
export interface TaskQuestion {
  readonly rollout: number;
  readonly calls: GroupCalls;
  readonly words: Partial<Readonly<Record<TemplateWord, string>>>;
}

const boxList: AnswerSchema = {
  name: 'boxes',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        bbox_2d: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 },
        label: { type: 'string' },
      },
      required: ['bbox_2d', 'label'],
      additionalProperties: false,
    },
  },
};

/** Boxes of one object in one picture, on the original. `region` null: the whole image. */
export async function askForBoxes(
  request: ProposeRequest,
  model: TaskModel,
  { rollout, calls, words }: TaskQuestion,
  picture: SentPicture,
  region: number | null,
  signal: AbortSignal,
): Promise<TaskCall> {
  const messages = taskMessages(request, model, [picture], fillTemplate(model.template, words));
  const call = taskCall(rollout, region);
  const reply = await calls.once(call, () =>
    model.policy.answer(
      {
        messages,
        seed: request.seed + rollout,
        schema: boxList,
        onText: calls.told(rollout, call),
        onWait: calls.onWait,
      },
      signal,
    ),
  );
  const { boxes, malformed } = readTaskBoxes(reply.text, model.input, picture);
  const cut = region === null ? null : picture.cut;
  return { region, cut, size: picture.size, reply, boxes, points: [], malformed };
}

/** An answer in words from the whole image and the regions together: no region alone may show enough. */
export async function askForWords(
  request: ProposeRequest,
  model: TaskModel,
  { rollout, calls, words }: TaskQuestion,
  pictures: readonly [SentPicture, ...SentPicture[]],
  signal: AbortSignal,
): Promise<TaskCall> {
  const messages = taskMessages(request, model, pictures, fillTemplate(model.template, words));
  const call = taskCall(rollout, null);
  const reply = await calls.once(call, () =>
    model.policy.answer(
      { messages, seed: request.seed + rollout, schema: null, onText: calls.told(rollout, call), onWait: calls.onWait },
      signal,
    ),
  );
  return { region: null, cut: null, size: pictures[0].size, reply, boxes: [], points: [], malformed: null };
}

/** Pictures before the text, as the paper's demo asks its task model. */
function taskMessages(
  { sample }: ProposeRequest,
  { system }: TaskModel,
  pictures: readonly SentPicture[],
  text: string,
): readonly ReadyMessage[] {
  const shown = pictures.map(({ cut, size }, i) => ({
    type: 'image' as const,
    image: sample.imageName,
    crop: i === 0 && pictures.length > 1 ? null : cut,
    size,
  }));
  const sent: SentMessage = { role: 'user', content: [...shown, { type: 'text', text }] };
  return [...systemMessage(system), { sent, pictures: pictures.map(({ uri }) => uri) }];
}

export function systemMessage(system: string | null): readonly ReadyMessage[] {
  if (system === null) return [];
  return [{ sent: { role: 'system', content: [{ type: 'text', text: system }] }, pictures: [] }];
}
