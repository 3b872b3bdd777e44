import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { counted, fileName, folderOf, joined } from './paths';
import { textRollout } from './textRollout';

/**
 * SkyRL's `dumped_evals/global_step_{N}_evals/{data_source}.jsonl`: `input_prompt`, `output_response`, `score` (a number,
 * or one per token, whose sum SkyRL reports), `stop_reason`, `env_class`, `env_extras`, `data_source`. Special tokens are
 * kept.
 */
export const skyRlEvals: TraceFormat = {
  id: 'skyrl-evals',
  title: 'SkyRL evaluation',
  unit: 'line',
  verbatim: true,
  validates: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const stepFolder = /^global_step_(\d+)_evals$/;
/** Metrics, not rollouts. */
const aggregated = 'aggregated_results.jsonl';
const filesTried = 5;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const files = file === null ? await evalFiles(dir) : [file];
  for (const name of files.slice(0, filesTried)) {
    const head = await headRows(dir, name);
    const cut = head !== null && /^\s*\{\s*"input_prompt"\s*:\s*"/.test(head.cut);
    if (head === null || !(cut || head.rows.some(isRow))) continue;
    return { format: 'skyrl-evals', files, reason: `${counted(files.length, 'file')} of a SkyRL evaluation.` };
  }
  return null;
}

/** Files of one evaluation's folder, or of all evaluations below, by step. */
async function evalFiles(dir: DirSource): Promise<readonly string[]> {
  const folders = (await dir.list('')).filter(({ kind, name }) => kind === 'directory' && stepFolder.test(name));
  const found: string[] = [];
  for (const folder of ['', ...folders.map(({ name }) => name).sort((a, b) => (stepOf(a) ?? 0) - (stepOf(b) ?? 0))])
    for (const { kind, name } of await dir.list(folder))
      if (kind === 'file' && name.endsWith('.jsonl') && name !== aggregated) found.push(joined(folder, name));
  return found;
}

function isRow(row: JsonObject): boolean {
  return (
    typeof row.input_prompt === 'string' &&
    typeof row.output_response === 'string' &&
    Object.hasOwn(row, 'env_class') &&
    Object.hasOwn(row, 'stop_reason')
  );
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const { row } = line;
  if (typeof row.output_response !== 'string')
    return refused(
      place,
      `"output_response" is ${kindOf(row.output_response)}; a rollout needs its text.`,
      'output_response',
    );
  const columns = new Columns(row, place);
  const perToken = Array.isArray(row.score) ? [{ name: 'score', value: row.score }] : [];
  const read = textRollout(columns, {
    step: stepOf(fileName(folderOf(place.file))),
    uid: columns.text('group_id'),
    prompt: columns.text('input_prompt') ?? '',
    response: columns.text('output_response') ?? '',
    groundTruth: truthIn(row.env_extras),
    reward: scoreIn(columns),
  });
  return read.record === null
    ? read
    : { ...read, record: { ...read.record, fields: [...read.record.fields, ...perToken] } };
}

function scoreIn(columns: Columns): number | null {
  const score = columns.take('score');
  if (typeof score === 'number') return score;
  if (Array.isArray(score) && score.every((value: JsonValue) => typeof value === 'number'))
    return score.reduce((sum: number, value: number) => sum + value, 0);
  if (score !== null && score !== undefined)
    columns.note('warning', 'score', `is ${kindOf(score)}, not a number or one per token`);
  return null;
}

/** Where environments of SkyRL keep what the answer should be. */
function truthIn(extras: JsonValue | undefined): JsonValue {
  const spec = isObject(extras) ? (extras.reward_spec ?? extras.reward_model) : null;
  return isObject(spec) ? (spec.ground_truth ?? null) : null;
}

function stepOf(folder: string): number | null {
  const digits = stepFolder.exec(folder)?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 10);
}
