import type { JsonValue } from '../core/text/jsonValue';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { type Conversation, messagesIn, readConversation } from './messages';
import { embeddedBytes, rowImages } from './rowImages';
import { idText, spokenRow } from './spokenRow';

/**
 * `results.jsonl` of verifiers (`state_to_output`): `example_id`, `prompt` and `completion` as messages (or both as text),
 * `answer`, `info`, `reward`, `metrics`, `is_completed`, … Rollouts of one example are a group.
 */
export const verifiersResults: TraceFormat = {
  id: 'verifiers-results',
  title: 'verifiers results',
  unit: 'line',
  stepless: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
  embedded: async (text, place, _dir, index) => {
    const { row } = objectIn(text, place);
    if (row === null) return null;
    return embeddedBytes(rowImages(new Columns(row, place), conversationOf(row).slots), index);
  },
};

const fileName = 'results.jsonl';
const firstKeys = /^\s*\{\s*"example_id"\s*:\s*(?:\d+|"[^"]{0,200}")\s*,\s*"prompt"\s*:/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const name = file ?? fileName;
  const head = await headRows(dir, name);
  if (head === null || !(head.rows.some(isResult) || firstKeys.test(head.cut))) return null;
  return { format: 'verifiers-results', files: [name], reason: 'Lines with "example_id", "completion" and "reward".' };
}

function isResult(row: JsonObject): boolean {
  return idText(row.example_id) !== null && isSaid(row.completion) && Object.hasOwn(row, 'reward');
}

function isSaid(value: JsonValue | undefined): boolean {
  return typeof value === 'string' || messagesIn(value) !== null;
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const { row } = line;
  if (!isSaid(row.completion)) {
    const why =
      typeof row.error === 'string' ? `The rollout failed when it was made: ${row.error.slice(0, 500)}` : null;
    return refused(place, why ?? `"completion" is ${kindOf(row.completion)}, neither messages nor text.`, 'completion');
  }
  const columns = new Columns(row, place);
  for (const name of ['prompt', 'completion', 'tool_defs']) columns.take(name);
  const answer = columns.take('answer');
  const metrics = columns.take('metrics');
  return spokenRow(columns, conversationOf(row), {
    column: 'completion',
    uid: idText(columns.take('example_id')),
    groundTruth: answer === undefined || answer === '' ? null : answer,
    reward: columns.number('reward'),
    fields: isObject(metrics) ? Object.entries(metrics).map(([name, value]) => ({ name, value })) : [],
  });
}

/** A completion as text follows a prompt as text. */
function conversationOf({ prompt, completion }: JsonObject): Conversation {
  const asked = messagesIn(prompt) ?? (typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : []);
  const said = messagesIn(completion) ?? [{ role: 'assistant', content: completion ?? null }];
  return readConversation([...asked, ...said]);
}
