import type { JsonValue } from '../core/text/jsonValue';
import type { RolloutRecord } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, refused } from './columns';
import type { ElementRecord, FormatId, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headElements } from './jsonArrays';
import { headRows, objectIn } from './jsonLines';
import { messagesIn, readConversation } from './messages';
import { parquetColumns } from './parquetColumns';
import { embeddedBytes, rowImages } from './rowImages';
import { spokenRow, withCell } from './spokenRow';

/**
 * Preference data, two rows a pair. TRL: `prompt`, `chosen`, `rejected` (text or messages; without `prompt` both hold it).
 * LLaMA-Factory: `conversations` or `messages` with `chosen` and `rejected` as one message, or `chosen_messages` and
 * `rejected_messages`. ms-swift: `messages` with `rejected_response` or `rejected_messages`. One row where an answer is
 * judged alone (KTO): `completion`, or messages, with a boolean `label`. Kept as JSON Lines, one JSON array, or parquet.
 */
export const preferencePairs = pairFormat('preference-pairs', 'line');
export const preferencePairsJson = pairFormat('preference-pairs-json', 'element');
export const preferencePairsTable = pairFormat('preference-pairs-table', 'table');

type Side = NonNullable<RolloutRecord['preference']>;

/** One side: what was asked and answered, as messages. */
interface Answer {
  readonly side: Side;
  readonly messages: readonly JsonValue[];
}

const askedColumns = ['prompt', 'messages', 'conversations'] as const;
/** Columns that hold a side's messages. */
const sideColumns = [
  'chosen',
  'rejected',
  'chosen_messages',
  'rejected_messages',
  'rejected_response',
  'completion',
  'label',
] as const;

function pairFormat(id: FormatId, unit: 'line' | 'element' | 'table'): TraceFormat {
  const reason = 'Rows with a chosen and a rejected answer.';
  return {
    id,
    title: 'preference data',
    unit,
    ...(unit === 'element' ? { arrayAt: [] } : {}),
    // A data set asks a question as often as it likes.
    stepless: true,
    frames: {},
    detect: async (target) => {
      const fits = unit === 'table' ? await isPairTable(target) : await isPairText(target, unit);
      return fits && target.file !== null ? { format: id, files: [target.file], reason } : null;
    },
    read: async (text, place) => sideAt(readAll(text, place, unit), place) ?? refused(place, noAnswer),
    readAll: async (text, place) => readAll(text, place, unit),
    embedded: async (text, place, _dir, index) => {
      const { row } = objectIn(text, place);
      const answer = row === null ? undefined : sideAt(answersIn(row), place);
      if (row === null || answer === undefined) return null;
      return embeddedBytes(rowImages(new Columns(row, place), readConversation(answer.messages).slots), index);
    },
  };
}

async function isPairText({ dir, file }: OpenTarget, unit: 'line' | 'element'): Promise<boolean> {
  const head = file === null ? null : await (unit === 'line' ? headRows : headElements)(dir, file);
  if (head === null) return false;
  const cut = /"(?:rejected|rejected_response|rejected_messages)"\s*:/.test(head.cut);
  return cut || head.rows.some((row) => answersIn(row).length > 0);
}

async function isPairTable({ dir, file }: OpenTarget): Promise<boolean> {
  const has = file?.toLowerCase().endsWith('.parquet') ? await parquetColumns(dir, file) : null;
  return has === null ? false : ['chosen', 'rejected'].every(has);
}

/** A row that is one side alone may be any element of its array. */
function sideAt<T>(sides: readonly T[], { element }: RecordPlace): T | undefined {
  return sides[sides.length === 1 ? 0 : (element ?? 0)];
}

const noAnswer = 'The row holds no chosen and rejected answer, and no answer with a "label".';

function readAll(text: string, place: RecordPlace, unit: TraceFormat['unit']): readonly ElementRecord[] {
  const line = objectIn(text, place);
  if (line.row === null) return [{ ...line.refusal, element: null }];
  const { row } = line;
  const answers = answersIn(row);
  if (answers.length === 0) return [{ ...refused(place, noAnswer), element: null }];
  return answers.map((answer, element) => {
    const at = answers.length === 1 ? place : { ...place, element };
    return { ...readAnswer(row, answer, at, unit), element: answers.length === 1 ? (place.element ?? null) : element };
  });
}

function readAnswer(
  row: JsonObject,
  { side, messages }: Answer,
  place: RecordPlace,
  unit: TraceFormat['unit'],
): ReadRecord {
  const columns = new Columns(row, place);
  for (const name of [...askedColumns, ...sideColumns]) columns.take(name);
  const { record, problems } = spokenRow(columns, readConversation(messages), { column: side });
  if (record === null) return { record, problems };
  const sided = { record: { ...record, preference: side }, problems };
  return unit === 'table' ? withCell(sided, row) : sided;
}

/** Chosen, then rejected; empty for a row that is no preference. */
function answersIn(row: JsonObject): readonly Answer[] {
  const asked = askedIn(row);
  const { label } = row;
  if (Object.hasOwn(row, 'rejected_response')) return swiftAnswers(asked, row.rejected_response);
  const chosen =
    saidIn(row.chosen_messages) ?? saidIn(row.chosen) ?? (Object.hasOwn(row, 'rejected_messages') ? asked : null);
  const rejected = saidIn(row.rejected_messages) ?? saidIn(row.rejected);
  if (chosen !== null && rejected !== null)
    return [
      { side: 'chosen', messages: after(asked, chosen) },
      { side: 'rejected', messages: after(asked, rejected) },
    ];
  const said = saidIn(row.completion) ?? (answers(asked) ? [] : null);
  if (typeof label !== 'boolean' || said === null) return [];
  return [{ side: label ? 'chosen' : 'rejected', messages: [...asked, ...said] }];
}

/** ms-swift's chosen answer is the last message; the rejected one stands in its place. */
function swiftAnswers(asked: readonly JsonValue[], response: JsonValue | undefined): readonly Answer[] {
  const rejected = saidIn(response);
  if (rejected === null || !answers(asked)) return [];
  return [
    { side: 'chosen', messages: asked },
    { side: 'rejected', messages: [...asked.slice(0, -1), ...rejected] },
  ];
}

function askedIn(row: JsonObject): readonly JsonValue[] {
  for (const name of askedColumns) {
    const list = messagesIn(row[name]);
    if (list !== null) return list;
  }
  return typeof row.prompt === 'string' ? [{ role: 'user', content: row.prompt }] : [];
}

/** An answer as messages: a list of them, one, or a text. */
function saidIn(value: JsonValue | undefined): readonly JsonValue[] | null {
  if (typeof value === 'string') return [{ role: 'assistant', content: value }];
  return messagesIn(value) ?? (isObject(value) ? messagesIn([value]) : null);
}

/** A side that begins with the question itself is whole. */
function after(asked: readonly JsonValue[], said: readonly JsonValue[]): readonly JsonValue[] {
  if (said === asked || asked.length === 0) return said;
  const [first] = said;
  const role = isObject(first) ? (first.role ?? first.from) : null;
  return role === 'assistant' || role === 'gpt' ? [...asked, ...said] : said;
}

/** The last message is the assistant's. */
function answers(messages: readonly JsonValue[]): boolean {
  const last = messages.at(-1);
  return isObject(last) && (last.role === 'assistant' || last.from === 'gpt');
}
