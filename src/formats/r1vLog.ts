import type { Size } from '../core/geometry/box';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import { parsePythonLiteral } from '../core/text/tolerantJson';
import type { Field, RolloutRecord, TruthBox } from '../core/trajectory/rollout';
import { readTruthBoxes } from '../core/trajectory/truthBoxes';
import { isObject, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { counted, fileName, folderOf } from './paths';
import { pythonNumber } from './pythonNumber';
import { companionKind, joinedRewards, mainLogOf } from './r1vCompanions';
import { type Entries, readEntries, rewardText } from './r1vEntries';
import { readFormatBody } from './r1vFormat';
import { type Header, headerIn, holdsHeader } from './r1vHeader';

/**
 * The debug logs of the R1-V family (VLM-R1, Visual-RFT, Visual-ARFT, OpenThinkIMG …), written with `DEBUG_MODE=true` to
 * `LOG_PATH` by the accuracy and IoU rewards of every rank: a header line of dashes with time and reward, then
 * `image_path:`, `problem:`, `Content:`, `Solution:` (Visual-RFT: `content:`, `sol:`). No step, no group id. Rewards in the
 * logs beside it (`…_format.txt`, `…_iou.txt`, `….txt_cosine.txt`, `….txt_repetition.txt`) are joined by the completion's text; each of
 * them opens by itself too.
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
  read: async (text, place, dir) => {
    const rows = await readAll(text, place, dir);
    return (
      rows.find(({ element }) => element === (place.element ?? null)) ??
      refused(place, 'The record has no such completion.')
    );
  },
  readAll,
};

const logName = /\.(?:txt|log)$/i;
/** Text files of a folder whose beginning is looked at. */
const filesTried = 40;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const entries = await dir.list(file === null ? '' : folderOf(file));
  const names = entries.filter(({ kind, name }) => kind === 'file' && logName.test(name)).map(({ name }) => name);
  if (file !== null) {
    if (!logName.test(file) || !(await isLog(dir, file))) return null;
    const main = mainLogOf(fileName(file), new Set(names));
    const more = main === null ? '' : ` ${main} beside it holds the accuracies, with these joined.`;
    return { format: 'r1v-log', files: [file], reason: `A log of rewards as the R1-V family writes it.${more}` };
  }
  const found: string[] = [];
  for (const name of names.slice(0, filesTried)) if (await isLog(dir, name)) found.push(name);
  const files = found.filter((name) => mainLogOf(name, new Set(found)) === null);
  if (files.length === 0) return null;
  const beside = found.length - files.length;
  const more = beside === 0 ? '' : `, with ${counted(beside, 'log')} of other rewards`;
  return { format: 'r1v-log', files, reason: `${counted(files.length, 'log')} of rewards of the R1-V family${more}.` };
}

async function isLog(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  if (head === null) return false;
  const wanted = isFormatLog(file) ? /^format reward/i : /accuracy reward/i;
  const rewarded = head.lines.some((line) => wanted.test(headerIn(line)?.label ?? ''));
  return rewarded && (head.cut !== null || /^(?:Content|content): /m.test(head.text));
}

function isFormatLog(file: string): boolean {
  return companionKind(fileName(file))?.field === 'format_reward';
}

async function readAll(text: string, place: RecordPlace, dir: DirSource): Promise<readonly ElementRecord[]> {
  const one = (read: ReadRecord): readonly ElementRecord[] => [{ ...read, element: null }];
  const end = text.indexOf('\n');
  const first = headerIn((end < 0 ? text : text.slice(0, end)).replace(/^\ufeff/, ''));
  if (first === null) return one(refused(place, 'The header of the record is cut off.'));
  const { time, label } = first;
  const isFormat = isFormatLog(place.file) && /^format reward/i.test(label);
  if (!isFormat && !/accuracy reward/i.test(label))
    return one(refused(place, `The record is of "${label}", which names no rollout.`));
  if (holdsHeader(text))
    return one(
      refused(place, 'Another record begins in the middle of a line: several ranks wrote at once. Both were left out.'),
    );
  const body = text.slice(end < 0 ? text.length : end + 1);
  if (isFormat) return judgedRows(body, time, place);
  const entries = readEntries(body);
  if (typeof entries === 'string') return one(refused(place, entries));
  const kind = companionKind(fileName(place.file));
  const joined =
    kind === null
      ? await joinedRewards(dir, place.file, entries.content, entries.solution)
      : { fields: [], troubles: [] };
  const record = recordOf(entries, first, kind);
  return one({
    record: { ...record, fields: [...record.fields, ...joined.fields] },
    problems: [...doubts(entries, label, place), ...joined.troubles.map((message) => warning(place, null, message))],
  });
}

/** Rows of a format log: a text and its verdict, no prompt, no image. */
function judgedRows(body: string, time: string, place: RecordPlace): readonly ElementRecord[] {
  const { judged, trouble } = readFormatBody(body);
  const rows = judged.map(({ content, reward }, element): ElementRecord => {
    const fields: Field[] = [{ name: 'time', value: time }];
    return { record: { ...nothingKnown, response: content, reward, fields }, problems: [], element };
  });
  return trouble === null ? rows : [...rows, { ...refused(place, trouble), element: null }];
}

const nothingKnown: Omit<RolloutRecord, 'response' | 'reward' | 'fields'> = {
  kind: 'rollout',
  step: null,
  uid: null,
  dataSource: null,
  prompt: '',
  groundTruth: null,
  truthBoxes: [],
  imageName: null,
  loggedImageSize: null,
  inputSize: null,
  statedFrames: {},
  taskBoxes: [],
  cropOutputs: [],
  options: [],
};

function recordOf(entries: Entries, { label, time }: Header, kind: ReturnType<typeof companionKind>): RolloutRecord {
  const { before, content, solution, after } = entries;
  const method = before.get('accu_reward_method') ?? null;
  const ofBatch = method !== null || kind?.ofBatch === true;
  return {
    ...nothingKnown,
    prompt: before.get('problem') ?? '',
    response: content,
    groundTruth: solution,
    truthBoxes: truthIn(solution),
    reward: pythonNumber(rewardText(entries, label)),
    imageName: pathIn(before.get('image_path') ?? 'None'),
    ...(ofBatch ? { imageDoubt: batchDoubt } : {}),
    ...sizesIn(after.get('Input size') ?? ''),
    fields: fieldsOf(entries, kind?.field ?? label.replace(/: *\S*$/, ''), time, { method, ofBatch }),
  };
}

/** `grpo_jsonl.py` logs index 0 of the batch's paths and problems beside every completion. */
const batchDoubt = "the path of the batch's first sample, perhaps not of this one";

function fieldsOf(
  { before, after }: Entries,
  rewardName: string,
  time: string,
  { method, ofBatch }: { readonly method: string | null; readonly ofBatch: boolean },
): readonly Field[] {
  const fields: Field[] = [
    { name: 'time', value: time },
    { name: 'reward_name', value: rewardName },
  ];
  if (method !== null) fields.push({ name: 'accu_reward_method', value: method });
  if (ofBatch)
    fields.push({ name: 'untrusted', value: "image_path and problem are those of the batch's first sample" });
  const paths = literal(before.get('image_path') ?? 'None');
  if (Array.isArray(paths) && paths.length > 1) fields.push({ name: 'image_path', value: paths });
  for (const [name, value] of after) if (name !== 'Reward') fields.push({ name, value: literal(value) });
  return fields;
}

function doubts(entries: Entries, label: string, place: RecordPlace): readonly Problem[] {
  const problems: Problem[] = [];
  const reward = rewardText(entries, label);
  if (pythonNumber(reward) === null)
    problems.push(warning(place, 'reward', `"reward" is ${JSON.stringify(reward.slice(0, 60))}, not a number`));
  const path = entries.before.get('image_path') ?? 'None';
  if (path !== 'None' && pathIn(path) === null)
    problems.push(warning(place, 'image_path', `"image_path" names no file: ${path.slice(0, 100)}`));
  return problems;
}

function warning(place: RecordPlace, field: string | null, message: string): Problem {
  return { severity: 'warning', ...place, element: null, field, message };
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
