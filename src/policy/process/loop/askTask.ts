import type { ModelInput } from '../../../core/policy/convention';
import type { Reply, SentMessage, TaskCall } from '../../../core/policy/policyRollout';
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

export const boxList: AnswerSchema = listOf('boxes', 'bbox_2d', 4);
export const pointList: AnswerSchema = listOf('points', 'point_2d', 2);

function listOf(name: string, key: string, numbers: number): AnswerSchema {
  const place = { type: 'array', items: { type: 'number' }, minItems: numbers, maxItems: numbers };
  const properties = { [key]: place, label: { type: 'string' } };
  const items = { type: 'object', properties, required: [key, 'label'], additionalProperties: false };
  return { name, schema: { type: 'array', items } };
}

/** One call of a task model; `which` names it within its rollout. */
export function askTask(
  request: ProposeRequest,
  model: TaskModel,
  { rollout, calls }: TaskQuestion,
  pictures: readonly SentPicture[],
  text: string,
  which: { readonly call: number | 'all' | 'start'; readonly schema: AnswerSchema | null },
  signal: AbortSignal,
): Promise<Reply> {
  const messages = taskMessages(request, model, pictures, text);
  const call = taskCall(rollout, which.call);
  const { schema } = which;
  const seed = request.seed + rollout;
  return calls.once(call, () =>
    model.policy.answer({ messages, seed, schema, onText: calls.told(rollout, call), onWait: calls.onWait }, signal),
  );
}

/** Boxes of one object in one picture, on the original. `region` null: the whole image. */
export async function askForBoxes(
  request: ProposeRequest,
  model: TaskModel,
  question: TaskQuestion,
  picture: SentPicture,
  region: number | null,
  signal: AbortSignal,
): Promise<TaskCall> {
  const text = fillTemplate(model.template, question.words);
  const which = { call: region ?? ('all' as const), schema: boxList };
  const reply = await askTask(request, model, question, [picture], text, which, signal);
  const { boxes, malformed } = readTaskBoxes(reply.text, model.input, picture);
  const cut = region === null ? null : picture.cut;
  return { region, cut, size: picture.size, reply, boxes, points: [], malformed };
}

/** An answer in words from the whole image and the regions together: no region alone may show enough. */
export async function askForWords(
  request: ProposeRequest,
  model: TaskModel,
  question: TaskQuestion,
  pictures: readonly [SentPicture, ...SentPicture[]],
  signal: AbortSignal,
): Promise<TaskCall> {
  const text = fillTemplate(model.template, question.words);
  const reply = await askTask(request, model, question, pictures, text, { call: 'all', schema: null }, signal);
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
