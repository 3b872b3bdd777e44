import type { JsonValue } from '../core/text/jsonValue';
import { Columns, type JsonObject, kindOf, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { textRollout } from './textRollout';

/**
 * `completions.jsonl` of ms-swift's GRPO and GKD trainers. Most write one line per log step that holds parallel lists
 * (`step`, or Megatron's `gen_step`; `prompt`, `completion`, one list per reward function, `advantages`, columns of the
 * dataset): each element is a row. The Ray trainer writes one line per sample, with a `reward`.
 */
export const swiftCompletions: TraceFormat = {
  id: 'swift-completions',
  title: 'ms-swift completions',
  unit: 'line',
  appendsSteps: true,
  verbatim: true,
  // The log is text; which pixels the model answers in depends on the model.
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
  readAll: async (text, place) => readAll(text, place),
};

const fileName = 'completions.jsonl';
/** A log step holds hundreds of rollouts; a line that claims more than this is none. */
const maxElements = 100_000;
/** How a log step begins when it is longer than the head: its steps are few characters each. */
const firstKeys = /^\s*\{\s*"(?:gen_)?step"\s*:\s*(?:\[[^[\]]*\]|\d+)\s*,\s*"prompt"\s*:/;
const stepColumns = ['step', 'gen_step'] as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const name = file ?? fileName;
  const head = await headRows(dir, name);
  if (head === null) return null;
  const fits = head.rows.some((row) => isStep(row) || isSample(row)) || firstKeys.test(head.cut);
  const reason = 'Lines with "prompt", "completion" and a step, as ms-swift writes them.';
  return fits ? { format: 'swift-completions', files: [name], reason } : null;
}

/** A line of parallel lists. */
function isStep(row: JsonObject): boolean {
  return Array.isArray(row.prompt) && Array.isArray(row.completion) && stepColumns.some((c) => Array.isArray(row[c]));
}

/** A line of one sample: only the Ray trainer's step is told from other logs' of prompts and completions. */
function isSample(row: JsonObject): boolean {
  return typeof row.prompt === 'string' && typeof row.completion === 'string' && typeof row.gen_step === 'number';
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  if (place.element === undefined) return readSample(line.row, place, 'reward');
  const length = Array.isArray(line.row.completion) ? line.row.completion.length : 0;
  if (place.element >= length) return refused(place, `The line has no element ${place.element}.`);
  return readSample(elementOf(line.row, place.element, length), place, null);
}

function readAll(text: string, place: RecordPlace): readonly ElementRecord[] {
  const line = objectIn(text, place);
  if (line.row === null) return [{ ...line.refusal, element: null }];
  const { row } = line;
  const { completion } = row;
  if (!Array.isArray(completion)) return [{ ...readSample(row, place, 'reward'), element: null }];
  const length = Math.min(completion.length, maxElements);
  const troubles = new Columns(row, place);
  if (completion.length > maxElements)
    troubles.note('warning', 'completion', `holds ${completion.length} rollouts; the first ${maxElements} are read`);
  for (const [name, value] of Object.entries(row))
    if (Array.isArray(value) && value.length !== completion.length)
      troubles.note(
        'warning',
        name,
        `has ${value.length} elements beside ${completion.length} completions; it was left out`,
      );
  const rows = Array.from({ length }, (_, element): ElementRecord => {
    const at = { ...place, element };
    return { ...readSample(elementOf(row, element, completion.length), at, null), element };
  });
  const [first, ...rest] = rows;
  if (first === undefined) return [{ ...refused(place, 'The line holds no completion.', 'completion'), element: null }];
  return [{ ...first, problems: [...troubles.problems, ...first.problems] }, ...rest];
}

/** One row out of parallel lists. A list of another length says nothing of any row; a plain value of all. */
function elementOf(row: JsonObject, element: number, length: number): JsonObject {
  const own: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(row)) {
    if (!Array.isArray(value)) own[name] = value;
    else if (value.length === length) own[name] = value[element] ?? null;
  }
  return own;
}

/** `reward`: the column of the total; where reward functions have lists of their own, nothing is their sum. */
function readSample(row: JsonObject, place: RecordPlace, reward: string | null): ReadRecord {
  if (typeof row.completion !== 'string')
    return refused(place, `"completion" is ${kindOf(row.completion)}; a rollout needs its text.`, 'completion');
  const columns = new Columns(row, place);
  return textRollout(columns, {
    step: stepIn(columns),
    uid: columns.text('group_id'),
    prompt: columns.text('prompt') ?? '',
    response: columns.text('completion') ?? '',
    groundTruth: columns.take('solution') ?? null,
    reward: reward === null ? null : columns.number(reward),
  });
}

/** The HF trainer writes steps as text. */
function stepIn(columns: Columns): number | null {
  for (const name of stepColumns) {
    if (!columns.has(name)) continue;
    const value = columns.take(name);
    const step = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof step === 'number' && Number.isSafeInteger(step)) return step;
    columns.note('warning', name, `is ${typeof value === 'number' ? value : kindOf(value)}, not a whole number`);
  }
  return null;
}
