import { orderCorners } from '../core/geometry/box';
import type { JsonValue } from '../core/text/jsonValue';
import type { RolloutRecord, TruthBox } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import { withoutEmbedded } from './embedded';
import type { ReadRecord, RecordPlace } from './format';
import { objectIn } from './jsonLines';
import { type Conversation, messagesIn, readConversation } from './messages';
import { embeddedBytes, loggedImages, rowImages } from './rowImages';
import { inputSizeIn, statedFramesIn } from './selfDescription';

const truthColumns = ['solution', 'ground_truth', 'answer', 'gts', 'labels'] as const;
/** A row with more is broken throughout; its first troubles tell how. */
const troublesTold = 20;

/** Where a writer keeps what a row of messages needs. */
export interface MessageColumns {
  /** Columns that may hold the messages, the first that does. */
  readonly columns: readonly string[];
  /** Column that holds the total; null where the writer has none. */
  readonly reward: string | null;
}

/** A row whose turns are messages. One in which the assistant says nothing is a sample. */
export function readMessageRow(text: string, place: RecordPlace, writer: MessageColumns): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const { row } = line;
  const column = writer.columns.find((name) => messagesIn(row[name]) !== null);
  if (column === undefined) return refused(place, whyNone(row, writer.columns), writer.columns[0]);
  const columns = new Columns(row, place);
  const { prompt, response, turns, slots, troubles } = conversationIn(columns, column);
  for (const trouble of troubles.slice(0, troublesTold)) columns.note('warning', column, trouble);
  const truth = truthIn(columns);
  return {
    record: {
      kind: turns.length > 0 ? 'rollout' : 'sample',
      step: columns.integer('step'),
      uid: idIn(columns),
      dataSource: columns.text('data_source'),
      prompt,
      response,
      statedTurns: turns,
      ...truth,
      reward: writer.reward === null ? null : columns.number(writer.reward),
      ...loggedImages(rowImages(columns, slots)),
      loggedImageSize: null,
      inputSize: inputSizeIn(columns),
      statedFrames: { ...truth.statedFrames, ...statedFramesIn(columns) },
      fields: columns.rest().map(({ name, value }) => ({ name, value: withoutEmbedded(value) })),
      taskBoxes: [],
      cropOutputs: [],
      options: [],
    },
    problems: columns.problems,
  };
}

/** Bytes of the `index`-th image inside a row of messages; null when there is none. */
export function messageRowImage(
  text: string,
  place: RecordPlace,
  writer: MessageColumns,
  index: number,
): Uint8Array | null {
  const { row } = objectIn(text, place);
  const column = row === null ? undefined : writer.columns.find((name) => messagesIn(row[name]) !== null);
  if (row === null || column === undefined) return null;
  const columns = new Columns(row, place);
  return embeddedBytes(rowImages(columns, conversationIn(columns, column).slots), index);
}

function conversationIn(columns: Columns, column: string): Conversation {
  return readConversation(withResponse(messagesIn(columns.take(column)) ?? [], columns));
}

/** GeoVista writes a row for a rollout that failed, without messages. */
function whyNone(row: JsonObject, columns: readonly string[]): string {
  if (typeof row.error === 'string') return `The rollout failed when it was made: ${row.error.slice(0, 500)}`;
  const [first = 'messages'] = columns;
  return `"${first}" is ${kindOf(row[first])}; a list of messages is expected.`;
}

/** ms-swift's inference keeps the answer in `response`; where the messages end with the question, it is the rollout. */
function withResponse(messages: readonly JsonValue[], columns: Columns): readonly JsonValue[] {
  const last = messages.at(-1);
  const asked = isObject(last) && (last.role === 'user' || last.from === 'human');
  const response = asked && columns.has('response') ? columns.text('response') : null;
  return response === null ? messages : [...messages, { role: 'assistant', content: response }];
}

/** What groups the row beside its prompt: an id of the sample, as text or number. */
function idIn(columns: Columns): string | null {
  const group = columns.text('group_id');
  const uid = columns.take('uid');
  if (group !== null) return group;
  return typeof uid === 'number' || (typeof uid === 'string' && uid !== '') ? String(uid) : null;
}

function truthIn(columns: Columns): Pick<RolloutRecord, 'groundTruth' | 'truthBoxes' | 'statedFrames'> {
  const objects = columns.take('objects');
  let logged: JsonValue = null;
  for (const name of truthColumns) {
    if (logged !== null || !columns.has(name)) continue;
    logged = columns.take(name) ?? null;
  }
  if (!isObject(objects) || !Array.isArray(objects.bbox))
    return { groundTruth: logged, truthBoxes: readTruthBoxes(logged), statedFrames: {} };
  const frame = objects.bbox_type === 'norm1' ? 'relative1' : 'original';
  return {
    groundTruth: logged ?? objects,
    truthBoxes: groundingBoxes(objects, columns),
    statedFrames: { groundTruth: frame },
  };
}

/** ms-swift's `objects`: `bbox` and `ref` side by side; two numbers are a point, which is no box. */
function groundingBoxes({ bbox, ref }: JsonObject, columns: Columns): readonly TruthBox[] {
  const names = Array.isArray(ref) ? ref : [];
  const boxes: TruthBox[] = [];
  (Array.isArray(bbox) ? bbox : []).forEach((entry: JsonValue, i: number) => {
    const numbers = Array.isArray(entry) ? entry.filter((n): n is number => Number.isFinite(n)) : [];
    const [x1, y1, x2, y2] = numbers;
    const label = names[i];
    if (numbers.length === 4 && x1 !== undefined && y1 !== undefined && x2 !== undefined && y2 !== undefined)
      boxes.push({ box: orderCorners({ x1, y1, x2, y2 }), label: typeof label === 'string' ? label : null });
    else if (numbers.length !== 2) columns.note('warning', 'objects', `element ${i} of "bbox" is not [x1, y1, x2, y2]`);
  });
  return boxes;
}
