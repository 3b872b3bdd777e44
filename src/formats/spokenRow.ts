import type { JsonValue } from '../core/text/jsonValue';
import type { Field, RolloutRecord } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import type { Columns, JsonObject } from './columns';
import { withoutEmbedded } from './embedded';
import type { ReadRecord } from './format';
import { imageColumns } from './imageColumns';
import type { Conversation } from './messages';
import { loggedImages, rowImages } from './rowImages';
import { inputSizeIn, statedFramesIn } from './selfDescription';

/** A row with more is broken throughout; its first troubles tell how. */
const troublesTold = 20;

/** What a log says of a conversation beside its messages. */
export interface Said {
  /** Name of what held the messages, for problems. */
  readonly column: string;
  readonly step?: number | null;
  readonly uid?: string | null;
  readonly groundTruth?: JsonValue;
  readonly reward?: number | null;
  /** In front of the columns that nobody took. */
  readonly fields?: readonly Field[];
}

/** A rollout whose turns are messages; one in which the policy says nothing is a sample. Columns not taken are its fields. */
export function spokenRow(columns: Columns, conversation: Conversation, said: Said): ReadRecord {
  const { prompt, response, turns, slots, troubles } = conversation;
  for (const trouble of troubles.slice(0, troublesTold)) columns.note('warning', said.column, trouble);
  const truth = said.groundTruth ?? null;
  const record: RolloutRecord = {
    kind: turns.length > 0 ? 'rollout' : 'sample',
    step: said.step ?? null,
    uid: said.uid ?? null,
    dataSource: columns.text('data_source'),
    prompt,
    response,
    statedTurns: turns,
    groundTruth: truth,
    truthBoxes: readTruthBoxes(truth),
    reward: said.reward ?? null,
    ...loggedImages(rowImages(columns, slots)),
    loggedImageSize: null,
    inputSize: inputSizeIn(columns),
    statedFrames: statedFramesIn(columns),
    fields: [
      ...(said.fields ?? []),
      ...columns.rest().map(({ name, value }) => ({ name, value: withoutEmbedded(value) })),
    ],
    taskBoxes: [],
    cropOutputs: [],
    options: [],
  };
  return { record, problems: columns.problems };
}

/** Where a data set's images stand: what rows name them in, and what the join with a trace looks for besides. */
export const pictureColumns = [...imageColumns, 'image_file', 'img'] as const;

/** A row of a table: one whose text has no column of images has them in one of bytes, which tables are read without. */
export function withCell({ record, problems }: ReadRecord, row: JsonObject): ReadRecord {
  const inText = pictureColumns.some((name) => Object.hasOwn(row, name));
  if (record === null || inText || record.imageName !== null || record.imageView !== undefined)
    return { record, problems };
  return { record: { ...record, imageView: { kind: 'cell' } }, problems };
}

/** An id as text; null for what is none. */
export function idText(value: JsonValue | undefined): string | null {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null;
}
