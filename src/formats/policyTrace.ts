import type { Size } from '../core/geometry/box';
import type { JsonValue } from '../core/text/jsonValue';
import type { CropOutput, RolloutRecord, TruthBox } from '../core/trajectory/rollout';
import { truthCorners } from '../core/trajectory/truthBoxes';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { withoutEmbedded } from './embedded';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { masksIn } from './policyTraceMasks';
import { inputSizeIn, statedFramesIn } from './selfDescription';
import { readTokens } from './tokenTrack';

/** What every line begins with; the number counts versions that an older reader would misread. */
export const policyTraceMark = 'policy-rollout/1';

/**
 * Rollouts that policies made here, one a line (`docs/policies.md`): verl's keys (`input`, `output`, `gts`, `score`, `step`, `uid`),
 * and beside them image, frames, messages, task calls, rewards and who answered.
 */
export const policyTrace: TraceFormat = {
  id: 'policy-trace',
  title: 'Saccade policy rollouts',
  unit: 'line',
  // One rollout is proposed here, a group sampled there.
  stepless: true,
  // Each row states its own.
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const reason = 'Rollouts that a policy made with Saccade.';
const firstKeys = new RegExp(`^\\s*\\{\\s*"saccade"\\s*:\\s*"${policyTraceMark}"`);
const tokenColumns = { tokens: 'tokens', logprobs: 'logprobs', rewards: '', values: '' } as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file === null) return null;
  const head = await headRows(dir, file);
  if (head === null) return null;
  const fits = head.rows.some(({ saccade }) => saccade === policyTraceMark) || firstKeys.test(head.cut);
  return fits ? { format: 'policy-trace', files: [file], reason } : null;
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  if (typeof line.row.output !== 'string')
    return refused(place, `"output" is ${kindOf(line.row.output)}; a rollout needs its text.`, 'output');
  const columns = new Columns(line.row, place);
  columns.take('saccade');
  // What was sent stands in `input` already, as text.
  columns.take('prompt_messages');
  const response = columns.text('output') ?? '';
  const tokens = readTokens(columns, tokenColumns, response);
  const zoomed = columns.peek('zoomed') !== false;
  const answer = columns.text('answer');
  const policy = nameOf(columns.peek('policy'));
  const calls = listOf(columns.take('calls'));
  const rewards = columns.take('rewards');
  const record: RolloutRecord = {
    kind: 'rollout',
    step: columns.integer('step'),
    uid: groupOf(columns),
    // Frames are decided by source, and models differ in what their numbers count in.
    dataSource: [columns.text('data_source'), policy].filter((part) => part !== null).join(' · ') || null,
    // Who reads no prompt was sent none; the question is still what the rollout is about.
    prompt: columns.text('input') || textOf(columns.peek('question')) || textOf(columns.peek('object')),
    response,
    groundTruth: columns.take('gts') ?? null,
    truthBoxes: boxesIn(columns.take('truth_boxes')),
    reward: columns.number('score'),
    imageName: columns.text('image_path'),
    loggedImageSize: null,
    inputSize: inputSizeIn(columns),
    statedFrames: statedFramesIn(columns),
    taskBoxes: boxesIn(columns.take('task_boxes')).map(({ box }) => box),
    cropOutputs: calls.flatMap(cropOutput),
    ...masksIn(columns, calls),
    options: listOf(columns.take('options')).filter((one): one is string => typeof one === 'string'),
    ...(answer === null ? {} : { taskAnswer: answer }),
    ...(tokens === undefined ? {} : { tokens }),
    // Without zoom the response is one turn, and its boxes are the answer rather than regions to look at.
    ...(zoomed ? {} : { statedTurns: [{ role: 'assistant', span: { start: 0, end: response.length } }] }),
    fields: [
      ...rewardFields(rewards),
      ...(answer === null ? [] : [{ name: 'answer', value: answer }]),
      ...together(calls),
      ...columns.rest().map(({ name, value }) => ({ name, value: withoutEmbedded(value) })),
    ],
  };
  return { record, problems: columns.problems };
}

/** As verl's V1 trainer: `{group}_{rollout}_{output}`, cut from the right. */
function groupOf(columns: Columns): string | null {
  const uid = columns.text('uid');
  return uid === null ? null : (/^(.+)_\d+_\d+$/s.exec(uid)?.[1] ?? uid);
}

function nameOf(policy: JsonValue | undefined): string | null {
  const name = isObject(policy) ? policy.name : null;
  return typeof name === 'string' && name !== '' ? name : null;
}

/** Components under their own names, as verl's reward functions return them. */
function rewardFields(rewards: JsonValue | undefined): readonly { readonly name: string; readonly value: JsonValue }[] {
  return isObject(rewards) ? Object.entries(rewards).map(([name, value]) => ({ name, value })) : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function boxesIn(value: JsonValue | undefined): readonly TruthBox[] {
  return listOf(value).flatMap((one) => {
    const box = isObject(one) && Array.isArray(one.bbox_2d) ? truthCorners(one.bbox_2d) : null;
    if (box === null || !isObject(one)) return [];
    return [{ box, label: typeof one.label === 'string' ? one.label : null }];
  });
}

function cropOutput(call: JsonValue): readonly CropOutput[] {
  if (!isObject(call)) return [];
  const { region, output } = call;
  if (typeof region !== 'number' || !Number.isSafeInteger(region) || region < 0) return [];
  return [{ region, text: typeof output === 'string' ? output : '', file: null }];
}

/** What was said about all regions together has no region to stand at. */
function together(calls: readonly JsonValue[]): readonly { readonly name: string; readonly value: JsonValue }[] {
  const whole = calls.filter(isObject).find((call: JsonObject) => call.region === null);
  return typeof whole?.output === 'string' ? [{ name: 'task_output', value: whole.output }] : [];
}

/** `"600x450"`, as `input_size` is written. */
export function sizeText({ width, height }: Size): string {
  return `${width}x${height}`;
}
