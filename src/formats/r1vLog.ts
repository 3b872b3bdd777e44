import type { Size } from '../core/geometry/box';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import { parsePythonLiteral } from '../core/text/tolerantJson';
import type { Field, RolloutRecord, TruthBox } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { isObject, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { counted } from './paths';
import { pythonNumber } from './pythonNumber';
import { type Entries, readEntries } from './r1vEntries';

/**
 * The debug log of the R1-V family (VLM-R1, Visual-RFT, Visual-ARFT, OpenThinkIMG …), written with `DEBUG_MODE=true` to
 * `LOG_PATH` by the accuracy and IoU rewards of every rank: a header line of dashes with time and reward, then
 * `image_path:`, `problem:`, `Content:`, `Solution:` (Visual-RFT: `content:`, `sol:`). No step, no group id. The logs of
 * the other rewards (`…_format.txt` …) name no rollout by themselves and are not read.
 */
export const r1vLog: TraceFormat = {
  id: 'r1v-log',
  title: 'R1-V family log (VLM-R1, Visual-RFT …)',
  unit: 'record',
  // The same line with any label: a format reward's record must not be glued to the one before it.
  recordStart: { prefix: '-'.repeat(12), pattern: /^-{12,13} ?\d\d-\d\d-\d\d-\d\d-\d{6} / },
  stepless: true,
  // Boxes are pixels of whatever input the trained model had; the log does not say which.
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const header = /^-{12,13} ?(\d\d-\d\d-\d\d-\d\d-\d{6}) (.+?)(?: -+|-+)$/;
/** A longer line is no header: the pattern is quadratic in runs of dashes. */
const headerLength = 1024;
/** A header that another rank wrote into the middle of a line. */
const buriedHeader = /[^\n-]-{12,13} ?\d\d-\d\d-\d\d-\d\d-\d{6} [^\n]{0,200}reward/i;
const logName = /\.(?:txt|log)$/i;
/** Text files of a folder whose beginning is looked at. */
const filesTried = 40;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) {
    if (!logName.test(file) || !(await isLog(dir, file))) return null;
    return { format: 'r1v-log', files: [file], reason: 'A log of accuracy rewards as the R1-V family writes it.' };
  }
  const entries = await dir.list('');
  const texts = entries.filter(({ kind, name }) => kind === 'file' && logName.test(name)).slice(0, filesTried);
  const files: string[] = [];
  for (const { name } of texts) if (await isLog(dir, name)) files.push(name);
  if (files.length === 0) return null;
  return {
    format: 'r1v-log',
    files,
    reason: `${counted(files.length, 'log')} of accuracy rewards of the R1-V family.`,
  };
}

async function isLog(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  if (head === null) return false;
  const rewarded = head.lines.some((line) => /accuracy reward/i.test(headerIn(line)?.[2] ?? ''));
  return rewarded && (head.cut !== null || /^(?:Content|content): /m.test(head.text));
}

function headerIn(line: string): RegExpExecArray | null {
  return line.length > headerLength ? null : header.exec(line.trimEnd());
}

function read(text: string, place: RecordPlace): ReadRecord {
  const end = text.indexOf('\n');
  const first = headerIn((end < 0 ? text : text.slice(0, end)).replace(/^\ufeff/, ''));
  if (first === null) return refused(place, 'The header of the record is cut off.');
  const [, time = '', label = ''] = first;
  if (!/accuracy reward/i.test(label))
    return refused(place, `The record is of "${label}", which names no rollout; only accuracy rewards are read.`);
  if (buriedHeader.test(text))
    return refused(
      place,
      'Another record begins in the middle of a line: several ranks wrote at once. Both were left out.',
    );
  const entries = readEntries(text.slice(end < 0 ? text.length : end + 1));
  if (typeof entries === 'string') return refused(place, entries);
  return { record: recordOf(entries, label, time), problems: doubts(entries, label, place) };
}

function recordOf(entries: Entries, label: string, time: string): RolloutRecord {
  const { before, content, solution, after } = entries;
  const method = before.get('accu_reward_method') ?? null;
  const size = sizesIn(after.get('Input size') ?? '');
  return {
    kind: 'rollout',
    step: null,
    uid: null,
    dataSource: null,
    prompt: before.get('problem') ?? '',
    response: content,
    groundTruth: solution,
    truthBoxes: truthIn(solution),
    reward: pythonNumber(rewardText(entries, label)),
    imageName: pathIn(before.get('image_path') ?? 'None'),
    ...(method === null ? {} : { imageDoubt: batchDoubt }),
    ...size,
    statedFrames: {},
    fields: fieldsOf(entries, label, time, method),
    taskBoxes: [],
    cropOutputs: [],
    options: [],
  };
}

/** GLM's header names no number; a line behind the solution does. */
function rewardText({ after }: Entries, label: string): string {
  return /: *(\S+)$/.exec(label)?.[1] ?? after.get('Reward') ?? '';
}

/** `grpo_jsonl.py` logs index 0 of the batch's paths and problems beside every completion. */
const batchDoubt = "the path of the batch's first sample, perhaps not of this one";

function fieldsOf({ before, after }: Entries, label: string, time: string, method: string | null): readonly Field[] {
  const fields: Field[] = [
    { name: 'time', value: time },
    { name: 'reward_name', value: label.replace(/: *\S*$/, '') },
  ];
  if (method !== null) {
    fields.push({ name: 'accu_reward_method', value: method });
    fields.push({ name: 'untrusted', value: "image_path and problem are those of the batch's first sample" });
  }
  const paths = literal(before.get('image_path') ?? 'None');
  if (Array.isArray(paths) && paths.length > 1) fields.push({ name: 'image_path', value: paths });
  for (const [name, value] of after) if (name !== 'Reward') fields.push({ name, value: literal(value) });
  return fields;
}

function doubts(entries: Entries, label: string, place: RecordPlace): readonly Problem[] {
  const problems: Problem[] = [];
  const note = (field: string, message: string): void => {
    problems.push({ severity: 'warning', ...place, element: null, field, message });
  };
  const reward = rewardText(entries, label);
  if (pythonNumber(reward) === null) note('reward', `"reward" is ${JSON.stringify(reward.slice(0, 60))}, not a number`);
  const path = entries.before.get('image_path') ?? 'None';
  if (path !== 'None' && pathIn(path) === null) note('image_path', `"image_path" names no file: ${path.slice(0, 100)}`);
  return problems;
}

/** A Python list of paths as `str` writes it, or a bare path; the first one. */
function pathIn(text: string): string | null {
  const value = literal(text);
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : null;
}

/** `<answer>` around the boxes is taken off; Visual-RFT writes `{'Position': [x1, y1, x2, y2], 'Confidence': 1}`. */
function truthIn(solution: string): readonly TruthBox[] {
  const open = solution.indexOf('<answer>');
  const close = solution.lastIndexOf('</answer>');
  const inner = open >= 0 && close > open ? solution.slice(open + '<answer>'.length, close) : solution;
  const boxes = readTruthBoxes(inner);
  if (boxes.length > 0) return boxes;
  const value = literal(inner.trim());
  const positions = (Array.isArray(value) ? value : [value]).flatMap((one: JsonValue) =>
    isObject(one) && Array.isArray(one.Position) ? [one.Position] : [],
  );
  return readTruthBoxes(positions);
}

/** GLM's `Input size: (h, w), Image size: (h, w)`. */
function sizesIn(text: string): { readonly inputSize: Size | null; readonly loggedImageSize: Size | null } {
  const pair = String.raw`\(\s*(\d{1,6})\D{1,4}(\d{1,6})`;
  const input = new RegExp(`^${pair}`).exec(text);
  const image = new RegExp(`Image size: *${pair}`).exec(text);
  return { inputSize: sizeOf(input), loggedImageSize: sizeOf(image) };
}

function sizeOf(found: RegExpExecArray | null): Size | null {
  const height = Number(found?.[1]);
  const width = Number(found?.[2]);
  return width > 0 && height > 0 ? { width, height } : null;
}

/** What Python's `str` wrote; the text itself when it is no literal. */
function literal(text: string): JsonValue {
  if (!/^[[({'"]|^None$/.test(text)) return text;
  // One path in a list is what nearly every record holds.
  const only = /^\['([^'\\\n]*)'\]$/.exec(text)?.[1];
  if (only !== undefined) return [only];
  try {
    return parsePythonLiteral(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
