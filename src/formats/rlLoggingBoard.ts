import { Columns, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { counted, fileName } from './paths';
import { textRollout } from './textRollout';
import { readTokens } from './tokenTrack';
import { framesShown } from './videoFrames';

/**
 * RLLoggingBoard's `rollout_data_rank{n}.jsonl` as DeepEyes, DeepEyesV2 and GeoVista write it: every step appended to one
 * file, `step`, `prompt`, `response`, `reward` (without the KL penalty), per token `response_tokens`, `logprobs` and
 * `token_rewards` (with it), where there are any `ground_truth`, `values`, `rm_response`. Special tokens are kept. Each
 * token was decoded by itself; the per-token lists become the rollout's token track. FrameThinker writes through it too.
 */
export const rlLoggingBoard: TraceFormat = {
  id: 'rl-logging-board',
  title: 'RLLoggingBoard rollouts',
  unit: 'line',
  appendsSteps: true,
  verbatim: true,
  // Trainers with different tools write through the same logger.
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const tokenColumns = {
  tokens: 'response_tokens',
  rewards: 'token_rewards',
  logprobs: 'logprobs',
  values: 'values',
} as const;
const named = /^rollout_data_rank\d+\.jsonl$/;
const firstKeys = /^\s*\{\s*"step"\s*:\s*\d+\s*,\s*"prompt"\s*:\s*"/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const names =
    file === null
      ? (await dir.list('')).filter(({ kind, name }) => kind === 'file' && named.test(name)).map(({ name }) => name)
      : [file];
  for (const name of names.slice(0, 5)) {
    const head = await headRows(dir, name);
    if (head === null) continue;
    const own = named.test(fileName(name));
    const cut = firstKeys.test(head.cut) && (own || head.cut.includes('"response_tokens"'));
    if (cut || head.rows.some((row) => isRow(row, own)))
      return {
        format: 'rl-logging-board',
        files: names,
        reason: `${counted(names.length, 'file')} of RLLoggingBoard.`,
      };
  }
  return null;
}

/** Validation rows have no lists per token: the file's name must tell them. */
function isRow(row: JsonObject, named: boolean): boolean {
  if (typeof row.step !== 'number' || typeof row.prompt !== 'string' || typeof row.response !== 'string') return false;
  return typeof row.reward === 'number' && (named || Array.isArray(row.response_tokens));
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  if (typeof line.row.response !== 'string')
    return refused(place, `"response" is ${kindOf(line.row.response)}; a rollout needs its text.`, 'response');
  const columns = new Columns(line.row, place);
  const response = line.row.response;
  const tokens = readTokens(columns, tokenColumns, response);
  const read = textRollout(columns, {
    step: columns.integer('step'),
    uid: columns.text('group_id'),
    prompt: columns.text('prompt') ?? '',
    response: columns.text('response') ?? '',
    groundTruth: columns.take('ground_truth') ?? null,
    reward: columns.number('reward'),
  });
  if (read.record === null) return read;
  const observations = framesShown(read.record.prompt, response);
  const more = { ...(tokens === undefined ? {} : { tokens }), ...(observations.length === 0 ? {} : { observations }) };
  return { ...read, record: { ...read.record, ...more } };
}
