import type { RolloutRecord } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import type { Columns } from './columns';
import { withoutEmbedded } from './embedded';
import type { ReadRecord } from './format';
import { imageIn } from './imageColumns';
import { inputSizeIn, statedFramesIn } from './selfDescription';

/** What a trainer that logs text says of a rollout. */
export type TextRollout = Pick<RolloutRecord, 'step' | 'uid' | 'prompt' | 'response' | 'groundTruth' | 'reward'>;

/** A rollout of a log that holds text and numbers only; columns that `said` did not take are its fields. */
export function textRollout(columns: Columns, said: TextRollout): ReadRecord {
  return {
    record: {
      kind: 'rollout',
      ...said,
      dataSource: columns.text('data_source'),
      truthBoxes: readTruthBoxes(said.groundTruth),
      ...imageIn(columns),
      loggedImageSize: null,
      inputSize: inputSizeIn(columns),
      statedFrames: statedFramesIn(columns),
      fields: columns.rest().map(({ name, value }) => ({ name, value: withoutEmbedded(value) })),
      taskBoxes: [],
      cropOutputs: [],
      options: [],
    },
    problems: columns.problems,
  };
}
