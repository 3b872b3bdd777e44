import type { ByteSource, DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { type Head, readHead } from './head';
import { counted } from './paths';
import { inputSizeIn, statedFramesIn } from './selfDescription';
import { withFramesBeside } from './videoFrames';

/**
 * What verl's trainers dump with `trainer.rollout_data_dir` and `trainer.validation_data_dir`: one file per step named
 * `{step}.jsonl`, one line per rollout with `input`, `output`, `score`, `step`, and depending on age and trainer `gts`,
 * `uid`, `request_id`, `reward` and every key the reward function returned.
 */
export const verlDump: TraceFormat = {
  id: 'verl-dump',
  title: 'verl rollout dump',
  unit: 'line',
  verbatim: true,
  objectLines: { response: 'output', read: readRow },
  // Tools that verl runs use original, resized or relative pixels: the dump does not say which.
  frames: {},
  detect,
  read: async (text, place, dir) => {
    const { record, problems } = read(text, place);
    return { record: record === null ? null : await withFramesBeside(record, place.file, dir), problems };
  },
};

/** Files of a folder whose beginning is looked at before the folder is given up. */
const filesTried = 5;
const recordsTried = 20;
const stepFile = /^(\d+)\.jsonl$/;
/** How every one of verl's writers begins a line. */
const firstKey = /^\s*\{\s*"input"\s*:\s*"/;
/** Columns that may name the image; verl writes none by itself, a reward function can return one. */
const imageColumns = ['image_path', 'image', 'images'] as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) {
    const source = await dir.open(file);
    if (source === null || !file.endsWith('.jsonl') || !(await isDump(source))) return null;
    return {
      format: 'verl-dump',
      files: [file],
      reason: 'Lines with "input", "output" and "score", as verl writes them.',
    };
  }
  const files = await stepFiles(dir);
  for (const name of files.slice(0, filesTried)) {
    const source = await dir.open(name);
    if (source !== null && (await isDump(source)))
      return { format: 'verl-dump', files, reason: `${counted(files.length, 'step file')} of a verl rollout dump.` };
  }
  return null;
}

/** `{step}.jsonl` files of a folder by ascending step. */
async function stepFiles(dir: DirSource): Promise<readonly string[]> {
  const entries = await dir.list('');
  return entries
    .filter((entry) => entry.kind === 'file' && stepFile.test(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
}

async function isDump(source: ByteSource): Promise<boolean> {
  const head = await readHead(source);
  if (head === null) return false;
  const named = stepOf(source.path) !== null;
  for (const line of head.lines.slice(0, recordsTried)) {
    const row = parsed(line);
    // A torn or foreign line proves nothing while others may still follow.
    if (isObject(row)) return isDumpRow(row, named);
  }
  return named && isLongRow(head);
}

/** A file that is not named after its step must state the step in every row. */
function isDumpRow(row: JsonObject, named: boolean): boolean {
  // Rollouts of Saccade's own policies have verl's keys for verl's tools, and say more.
  if (row.saccade !== undefined) return false;
  if (typeof row.input !== 'string' || typeof row.output !== 'string') return false;
  if (typeof (row.score ?? row.reward) !== 'number') return false;
  return typeof row.step === 'number' || (named && row.step === undefined);
}

/** The first line is longer than the head: its first key must do. */
function isLongRow({ lines, cut }: Head): boolean {
  return lines.length === 0 && cut !== null && firstKey.test(cut);
}

function parsed(line: string): JsonValue | undefined {
  try {
    return parseTolerantJson(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function read(text: string, place: RecordPlace): ReadRecord {
  let row: JsonValue;
  try {
    row = parseTolerantJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused(place, `The line is not JSON: ${error.message}`);
  }
  if (!isObject(row)) return refused(place, `The line holds ${kindOf(row)} where an object is expected.`);
  return readRow(row, place);
}

function readRow(row: JsonObject, place: RecordPlace): ReadRecord {
  if (typeof row.output !== 'string')
    return refused(place, `"output" is ${kindOf(row.output)}; a rollout needs its text.`, 'output');
  const columns = new Columns(row, place);
  const { uid, group } = groupOf(columns);
  const groundTruth = columns.take('gts') ?? null;
  return {
    record: {
      kind: 'rollout',
      step: stepIn(columns, row, place),
      uid: group,
      dataSource: columns.text('data_source'),
      prompt: promptIn(columns, row),
      response: columns.text('output') ?? '',
      groundTruth,
      truthBoxes: readTruthBoxes(groundTruth),
      reward: rewardIn(columns, row),
      imageName: imageIn(columns),
      loggedImageSize: null,
      inputSize: inputSizeIn(columns),
      statedFrames: statedFramesIn(columns),
      // The raw id also tells rollout and output, which the group does not.
      fields: uid === null || uid === group ? columns.rest() : [...columns.rest(), { name: 'uid', value: uid }],
      taskBoxes: [],
      cropOutputs: [],
      options: [],
    },
    problems: columns.problems,
  };
}

/** `uid` reads `{group}_{rollout}_{output}`, cut from the right; one without these counters is the group itself. A reward function may return `group_id`. */
function groupOf(columns: Columns): { readonly uid: string | null; readonly group: string | null } {
  const uid = columns.text('uid');
  if (uid === null) return { uid, group: columns.text('group_id') };
  return { uid, group: /^(.+)_\d+_\d+$/s.exec(uid)?.[1] ?? uid };
}

/** Validation dumps of some forks hold an empty `input`. */
function promptIn(columns: Columns, row: JsonObject): string {
  if (row.input === undefined) columns.note('warning', 'input', 'is missing: the rollout has no prompt');
  return columns.text('input') ?? '';
}

/** `score` is the total; `reward` (validation) stands in for it and is otherwise a field. */
function rewardIn(columns: Columns, row: JsonObject): number | null {
  if (row.score !== undefined) return columns.number('score');
  if (row.reward !== undefined) return columns.number('reward');
  columns.note('warning', 'score', 'is missing: the rollout has no reward');
  return null;
}

function stepIn(columns: Columns, row: JsonObject, place: RecordPlace): number | null {
  const named = stepOf(place.file);
  const step = columns.integer('step') ?? named;
  if (step === null && row.step === undefined)
    columns.note('warning', 'step', 'is missing, and the file is not named after one');
  else if (named !== null && step !== named)
    columns.note('warning', 'step', `is ${step}, but the file is named after step ${named}`);
  return step;
}

let lastNamed: { readonly path: string; readonly step: number | null } = { path: '', step: null };

/** Remembers the last file: all its rows ask. */
function stepOf(path: string): number | null {
  if (lastNamed.path !== path) lastNamed = { path, step: stepNamed(path) };
  return lastNamed.step;
}

function stepNamed(path: string): number | null {
  const digits = stepFile.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 10);
}

function imageIn(columns: Columns): string | null {
  for (const name of imageColumns) {
    const value = columns.take(name);
    const path = Array.isArray(value) ? value[0] : value;
    if (typeof path === 'string' && path !== '') return path;
  }
  return null;
}
