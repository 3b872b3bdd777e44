import type { JsonValue } from '../core/text/jsonValue';
import type { Field, RolloutRecord } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { withoutEmbedded } from './embedded';
import type { ReadRecord, RecordPlace } from './format';
import { messagesIn, readConversation } from './messages';
import { loggedImages, type RowImages, rowImages } from './rowImages';

/** Columns of a sample that say nothing of what the policy did, or say it again at length. */
const passedOver = [
  'attachments',
  'completed_at',
  'events',
  'events_data',
  'files',
  'message_refs',
  'output',
  'role_usage',
  'sandbox',
  'setup',
  'started_at',
  'store',
  'timelines',
  'uuid',
] as const;
const reference = /^(?:attachment|tc):\/\/(.{1,128})$/;
const troublesTold = 20;

/**
 * A sample of Inspect (`EvalSample`): its messages are the turns, epochs of one `id` a group. Every score is a field of
 * its scorer's name, as logged (`"C"`, `"I"`, a number, an object's entries one by one): Inspect has no total.
 */
export function readSample(sample: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns(sample, place);
  const id = columns.take('id');
  const messages = messagesOf(sample);
  columns.take('messages');
  columns.take('input');
  if (messages === null)
    return refused(place, `"messages" is ${kindOf(sample.messages)}; a sample has a list of them.`, 'messages');
  const { prompt, response, turns, slots, troubles } = readConversation(messages);
  for (const trouble of troubles.slice(0, troublesTold)) columns.note('warning', 'messages', trouble);
  const target = columns.take('target') ?? null;
  for (const name of passedOver) columns.take(name);
  const scores = scoresIn(columns.take('scores'));
  const record: RolloutRecord = {
    kind: turns.length > 0 ? 'rollout' : 'sample',
    step: null,
    uid: typeof id === 'string' || typeof id === 'number' ? String(id) : null,
    dataSource: null,
    prompt,
    response,
    statedTurns: turns,
    groundTruth: target,
    truthBoxes: readTruthBoxes(target),
    reward: null,
    fields: [
      ...scores,
      ...columns.rest().flatMap(({ name, value }) => {
        const empty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
        return empty ? [] : [{ name, value: withoutEmbedded(value) }];
      }),
    ],
    ...loggedImages(rowImages(noColumns(place), slots)),
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    taskBoxes: [],
    cropOutputs: [],
    options: optionsIn(columns.peek('choices')),
  };
  return { record, problems: columns.problems };
}

/** Images of a sample in the order in which `readSample` counts them. */
export function imagesOfSample(sample: JsonObject, place: RecordPlace): RowImages {
  return rowImages(noColumns(place), readConversation(messagesOf(sample) ?? []).slots);
}

/** A sample names no image beside its messages. */
function noColumns(place: RecordPlace): Columns {
  return new Columns({}, place);
}

/** A sample that failed before the model was asked has no messages: then its input is what was asked. */
function messagesOf(sample: JsonObject): readonly JsonValue[] | null {
  const { input } = sample;
  const listed = messagesIn(sample.messages) ?? messagesIn(input);
  const list = listed ?? (typeof input === 'string' ? [{ role: 'user', content: input }] : null);
  const attachments = isObject(sample.attachments) ? sample.attachments : {};
  return list === null ? null : list.map((message) => (isObject(message) ? readable(message, attachments) : message));
}

/** A message with its attachments in place, in the words that `readConversation` knows. */
function readable(message: JsonObject, attachments: JsonObject): JsonObject {
  const { content, error, tool_calls: calls } = message;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  const failure = isObject(error) && typeof error.message === 'string' ? [{ type: 'text', text: error.message }] : [];
  return {
    role: message.role ?? null,
    content: [...parts, ...failure].map((part: JsonValue) => readablePart(part, attachments)),
    ...(calls === undefined ? {} : { tool_calls: Array.isArray(calls) ? calls.map(readableCall) : calls }),
  };
}

function readablePart(part: JsonValue, attachments: JsonObject): JsonValue {
  if (!isObject(part)) return part;
  const { type } = part;
  if (type === 'image') return { type, image: attached(part.image, attachments) };
  if (type === 'text') return { type, text: attached(part.text, attachments) };
  if (type === 'reasoning') {
    const said = part.redacted === true ? (part.summary ?? '') : part.reasoning;
    return { type: 'text', text: `<think>\n${String(attached(said, attachments))}\n</think>\n` };
  }
  if (type === 'tool_use')
    return { type: 'text', text: `<tool_call>\n${callText(part.name, part.arguments)}\n</tool_call>\n` };
  return part;
}

/** Inspect's call holds its function's name where OpenAI's holds an object. */
function readableCall(call: JsonValue): JsonValue {
  if (!isObject(call)) return call;
  return { name: call.function ?? null, arguments: call.arguments ?? null };
}

function callText(name: JsonValue | undefined, given: JsonValue | undefined): string {
  const text = typeof given === 'string' && given.trim() !== '' ? given : JSON.stringify(given ?? {});
  return `{"name": ${JSON.stringify(name ?? null)}, "arguments": ${text}}`;
}

/** The content a reference stands for; one whose attachment is missing stays as it is. */
function attached(value: JsonValue | undefined, attachments: JsonObject): JsonValue {
  const key = typeof value === 'string' ? reference.exec(value)?.[1] : undefined;
  if (key === undefined || !Object.hasOwn(attachments, key)) return value ?? null;
  return attachments[key] ?? null;
}

/** `{scorer: {value, answer, explanation}}`: the value as the scorer's field, an answer beside it. */
function scoresIn(scores: JsonValue | undefined): readonly Field[] {
  if (!isObject(scores)) return [];
  return Object.entries(scores).flatMap(([name, score]) => {
    if (!isObject(score)) return [{ name, value: score }];
    const { value, answer, explanation } = score;
    const values = isObject(value)
      ? Object.entries(value).map(([key, one]) => ({ name: `${name}.${key}`, value: one }))
      : [{ name, value: value ?? null }];
    const said = { answer, explanation };
    const more = Object.entries(said).flatMap(([key, text]) =>
      typeof text === 'string' && text !== '' ? [{ name: `${name}.${key}`, value: withoutEmbedded(text) }] : [],
    );
    return [...values, ...more];
  });
}

function optionsIn(choices: JsonValue | undefined): readonly string[] {
  return Array.isArray(choices) ? choices.filter((choice): choice is string => typeof choice === 'string') : [];
}
