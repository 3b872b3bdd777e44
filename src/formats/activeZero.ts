import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { RolloutRecord } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { objectIn, parsed } from './jsonLines';
import { textRollout } from './textRollout';

/**
 * Records of Active-Zero's self-play, JSON Lines whatever the file's ending: what a questioner asked (`generate.py`:
 * `question_type`, `question`, `answer`, `image_idx`), the same with what a solver answered (`evaluate.py` and the reward:
 * `results`, `score` the share of the majority's `answer`), what a searcher looked for (`query_generate.py`, `image_retrieve.py`:
 * `query`, `image_type`, `score`, `indices`), and validations (`dataset_index`, `prompt`, `response` and the reward's keys).
 * Answers of one question are its rollouts; of questions and queries only what was taken out of the response is logged.
 */
export const activeZero: TraceFormat = {
  id: 'active-zero',
  title: 'Active-Zero self-play',
  unit: 'line',
  stepless: true,
  frames: {},
  detect,
  read: async (text, place) => {
    const rows = rowsOf(text, place);
    const wanted = rows.find(({ element }) => element === (place.element ?? null));
    return wanted ?? refused(place, 'The line has no such answer.');
  },
  readAll: async (text, place) => rowsOf(text, place),
};

const logName = /\.(?:jsonl?|jsonl?\.shard\d{1,6}|shard\d{1,6}\.jsonl)$/;
const rowsTried = 20;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file === null || !logName.test(file)) return null;
  const kind = await kindOfLog(dir, file);
  return kind === null ? null : { format: 'active-zero', files: [file], reason: `Active-Zero: ${kind}.` };
}

async function kindOfLog(dir: DirSource, file: string): Promise<string | null> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  for (const line of head?.lines.slice(0, rowsTried) ?? []) {
    const row = parsed(line);
    const kind = isObject(row) ? writerOf(row) : null;
    if (kind !== null) return kind;
  }
  return null;
}

type Writer = 'what a solver answered' | 'what a questioner asked' | 'what a searcher looked for' | 'a validation';

/** By the keys that a writer always takes, and no others. */
function writerOf(row: JsonObject): Writer | null {
  const { question, answer, image_idx, query, image_type, prompt, response, dataset_index } = row;
  const keys = Object.keys(row);
  if (typeof question === 'string' && typeof answer === 'string' && typeof image_idx === 'number') {
    if (Array.isArray(row.results) && typeof row.score === 'number') return 'what a solver answered';
    return typeof row.question_type === 'string' && keys.length === 4 ? 'what a questioner asked' : null;
  }
  if (typeof query === 'string' && typeof image_type === 'string')
    return keys.length === 2 || Array.isArray(row.indices) ? 'what a searcher looked for' : null;
  const isValidation = typeof dataset_index === 'number' && typeof prompt === 'string' && typeof response === 'string';
  return isValidation ? 'a validation' : null;
}

function rowsOf(text: string, place: RecordPlace): readonly ElementRecord[] {
  const one = (read: ReadRecord): readonly ElementRecord[] => [{ ...read, element: null }];
  const line = objectIn(text, place);
  if (line.row === null) return one(line.refusal);
  const { row } = line;
  switch (writerOf(row)) {
    case 'what a solver answered':
      return answers(row, place);
    case 'what a questioner asked':
      return one(asked(row, place));
    case 'what a searcher looked for':
      return one(searched(row, place));
    case 'a validation':
      return one(validated(row, place));
    case null:
      return one(refused(place, 'The line holds none of the records that Active-Zero writes.'));
  }
}

/** A rollout an answer; a question that the solver was not given, or could not read, is a sample. */
function answers(row: JsonObject, place: RecordPlace): readonly ElementRecord[] {
  const results = Array.isArray(row.results) ? (row.results as readonly JsonValue[]) : [];
  const answerOf = (result: JsonValue, at: RecordPlace): ReadRecord => {
    const columns = new Columns(row, at);
    columns.take('results');
    if (typeof result !== 'string' && result !== null)
      return refused(at, `"results" holds ${kindOf(result)} where an answer is expected.`, 'results');
    const said = { prompt: columns.text('question') ?? '', response: result ?? '' };
    return aboutImage(columns, { ...said, groundTruth: columns.take('answer') ?? null, uid: null });
  };
  if (results.length > 0)
    return results.map((result, element) => ({ ...answerOf(result, { ...place, element }), element }));
  const { record, problems } = answerOf(null, place);
  return [{ record: record === null ? null : { ...record, kind: 'sample' }, problems, element: null }];
}

/** Questions about one image are a group: what the questioner was asked is the same for all. */
function asked(row: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns(row, place);
  const uid = String(row.image_idx);
  return aboutImage(columns, { prompt: '', response: columns.text('question') ?? '', groundTruth: null, uid });
}

function searched(row: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns(row, place);
  const response = columns.text('query') ?? '';
  return textRollout(columns, { step: null, uid: null, prompt: '', response, groundTruth: null, reward: null });
}

function validated(row: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns(row, place);
  return textRollout(columns, {
    step: null,
    uid: String(row.dataset_index),
    prompt: columns.text('prompt') ?? '',
    response: columns.text('response') ?? '',
    groundTruth: null,
    reward: columns.number('overall'),
  });
}

type Said = Pick<RolloutRecord, 'prompt' | 'response' | 'groundTruth' | 'uid'>;

function aboutImage(columns: Columns, said: Said): ReadRecord {
  const number = columns.peek('image_idx');
  const { record, problems } = textRollout(columns, { step: null, ...said, reward: null });
  if (record === null || record.imageName !== null) return { record, problems };
  const imageTrouble = `The log gives its image as number ${JSON.stringify(number)} of the run's data set`;
  return { record: { ...record, imageTrouble }, problems };
}
