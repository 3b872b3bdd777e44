import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { Columns, isObject, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { objectIn } from './jsonLines';
import { type Conversation, messagesIn, readConversation } from './messages';
import { parquetColumns } from './parquetColumns';
import { counted } from './paths';
import { embeddedBytes, rowImages } from './rowImages';
import { pictureColumns, spokenRow, withCell } from './spokenRow';

/**
 * A parquet dataset of questions about images, as verl's `examples/data_preprocess` (`data_source`, `prompt` messages,
 * `images`, `reward_model.ground_truth`, `extra_info`) and Hugging Face's `datasets` write them. A row is a sample, or a
 * rollout where it holds an answer of a model. Image bytes are never in the row's text: they are read by row.
 */
export const datasetTable: TraceFormat = {
  id: 'dataset-table',
  title: 'dataset of images and questions',
  unit: 'table',
  // Training data has no steps, and asks a question as often as it likes.
  stepless: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
  embedded: async (text, place, _dir, index) => {
    const { row } = objectIn(text, place);
    if (row === null) return null;
    const columns = new Columns(row, place);
    const conversation = conversationIn(columns);
    return embeddedBytes(rowImages(columns, conversation?.slots ?? []), index);
  },
};

const filesTried = 3;
const messageColumns = ['messages', 'conversations', 'prompt'] as const;
/** Columns that hold the question as text, after the messages. */
const questionColumns = ['prompt', 'problem', 'question', 'query', 'instruction'] as const;
const answerColumns = ['solution', 'answer', 'ground_truth', 'gt'] as const;
const responseColumns = ['response', 'completion', 'output'] as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const files = file === null ? await tablesIn(dir) : file.toLowerCase().endsWith('.parquet') ? [file] : [];
  for (const name of files.slice(0, filesTried)) {
    const has = await parquetColumns(dir, name);
    if (has === null || !pictureColumns.some(has)) continue;
    if (![...messageColumns, ...questionColumns].some(has)) continue;
    const reason = `${counted(files.length, 'parquet file')} of questions about images.`;
    return { format: 'dataset-table', files, reason };
  }
  return null;
}

/**
 * Of `data/train-00000-of-00004.parquet` and the like the numbers sort by name. A folder with others in it is a run's: its
 * dumps are meant, not the data it was trained on.
 */
async function tablesIn(dir: DirSource): Promise<readonly string[]> {
  const entries = await dir.list('');
  if (entries.some(({ kind }) => kind === 'directory')) return [];
  return entries.filter(({ kind, name }) => kind === 'file' && /\.parquet$/i.test(name)).map(({ name }) => name);
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const columns = new Columns(line.row, place);
  const conversation = conversationIn(columns);
  if (conversation === null)
    return refused(place, `No column of the row holds the question (${questionColumns.join(', ')}).`, 'prompt');
  return withCell(spokenRow(columns, conversation, { column: 'prompt', groundTruth: truthIn(columns) }), line.row);
}

/** The messages, else the question as text, with the answer of a model where a column holds one. */
function conversationIn(columns: Columns): Conversation | null {
  const listed = messageColumns.find((name) => messagesIn(columns.peek(name)) !== null);
  const asked = listed ?? questionColumns.find((name) => isText(columns.peek(name)));
  if (asked === undefined) return null;
  const value = columns.take(asked);
  const messages = messagesIn(value) ?? [{ role: 'user', content: value ?? null }];
  const answered = responseColumns.find((name) => isText(columns.peek(name)));
  const answer = answered === undefined ? [] : [{ role: 'assistant', content: columns.take(answered) ?? null }];
  return readConversation([...messages, ...answer]);
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

/** verl's rule-based truth, else the answer. */
function truthIn(columns: Columns): JsonValue {
  const model = columns.peek('reward_model');
  if (isObject(model) && model.ground_truth !== undefined && model.ground_truth !== null) {
    columns.take('reward_model');
    return model.ground_truth;
  }
  for (const name of answerColumns) if (columns.has(name)) return columns.take(name) ?? null;
  const extra = columns.peek('extra_info');
  return isObject(extra) ? (extra.answer ?? null) : null;
}
