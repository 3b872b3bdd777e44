import type { DirSource } from '../core/ports';
import type { Problem } from '../core/text/problem';
import { parseResponse } from '../core/trajectory/parseResponse';
import type { CropOutput, Observation, RolloutRecord, StatedTurn } from '../core/trajectory/rollout';
import { isObject, type JsonObject, kindOf, refused } from './columns';
import { filesNamed } from './filesNamed';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { jpegSize } from './jpegSize';
import { parsed } from './jsonLines';
import { type Outcome, outcomeOf } from './miniO3Stats';
import { counted, fileName, folderOf, joined } from './paths';

/**
 * What Mini-o3 saves with `rollout.save_traj=True`: one folder a rollout with `traj.jsonl` (a line with `doc_id`, then a
 * line a turn, `error_info` where the tool failed), `original_image.jpg`, `resized_image.jpg`, and the crops as
 * `observation_<turn + 1>_….jpg`. The log is appended to, so a re-run begins again at a `doc_id` line.
 *
 * A `<grounding>` box is relative 0–1 or in pixels of the resized image, by a flag of the run. Boxes of a crop
 * (`source: observation_i`) count in that crop (`Region.view`). Scores stand in `stats.json` beside the folders, and are
 * joined where its output begins like the trajectory.
 */
export const miniO3: TraceFormat = {
  id: 'mini-o3',
  title: 'Mini-o3 trajectory',
  unit: 'record',
  recordStart: { prefix: '{"doc_id"', pattern: /^\{"doc_id"/ },
  stepless: true,
  acrossFiles: true,
  frames: {},
  detect,
  read,
};

const logName = 'traj.jsonl';
const imageName = 'original_image.jpg';
/** Sub-folders looked into before the folder is given up, and side by side once it is not. */
const foldersTried = 16;
/** A log larger than this is not searched for a later run. */
const smallLog = 4 * 1024 * 1024;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const alone = file ?? logName;
  if (fileName(alone) === logName && (await isTrajectory(dir, alone)))
    return { format: 'mini-o3', files: [alone], reason: 'A trajectory of Mini-o3.' };
  if (file !== null) return null;
  const entries = await dir.list('');
  const folders = entries.filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'));
  for (const { name } of folders.slice(0, foldersTried)) {
    if (!(await isTrajectory(dir, joined(name, logName)))) continue;
    const files = await filesNamed(
      dir,
      folders.map((folder) => folder.name),
      logName,
    );
    return { format: 'mini-o3', files, reason: `${counted(files.length, 'trajectory folder')} of Mini-o3.` };
  }
  return null;
}

async function isTrajectory(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  if (head === null) return false;
  const [first] = head.lines;
  if (first === undefined) return /^\{"doc_id": .{1,200}"initial_prompt"/.test(head.cut ?? '');
  const row = parsed(first);
  return isObject(row) && row.doc_id !== undefined && typeof row.initial_prompt === 'string';
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const [first = '', ...lines] = text.split('\n');
  const start = parsed(first);
  if (!isObject(start)) return refused(place, 'The first line of the trajectory is not JSON.');
  if (typeof start.initial_prompt !== 'string')
    return refused(place, `"initial_prompt" is ${kindOf(start.initial_prompt)}, not text.`, 'initial_prompt');
  const turns = readTurns(lines, place);
  if (turns.stated.length === 0) return refused(place, 'The trajectory holds no turn.');
  const folder = folderOf(place.file);
  const beside = new Map((await dir.list(folder)).map(({ name, size }) => [name, size]));
  const ofThisRun = await isLastRun(place, dir);
  const { regions } = parseResponse(turns.response, { dialect: 'generic', turns: turns.stated });
  const inPixels = regions.some(({ box }) => Math.max(box.x2, box.y2) > 2);
  const inputSize = inPixels ? await jpegSize(await dir.open(joined(folder, 'resized_image.jpg'))) : null;
  const outcome = ofThisRun && folder !== '' ? await outcomeIn(folder, turns, dir) : null;
  const record: RolloutRecord = {
    kind: 'rollout',
    step: null,
    uid: groupOf(start, start.initial_prompt, beside.get(imageName) ?? null),
    dataSource: outcome?.dataSource ?? null,
    prompt: start.initial_prompt,
    response: turns.response,
    statedTurns: turns.stated,
    groundTruth: start.ground_truth ?? null,
    truthBoxes: [],
    reward: outcome?.reward ?? null,
    imageName: beside.has(imageName) ? imageName : null,
    loggedImageSize: null,
    inputSize,
    statedFrames: inputSize === null ? {} : { tool: 'input' },
    fields: [
      ...Object.entries(start)
        .filter(([name]) => name !== 'initial_prompt' && name !== 'ground_truth')
        .map(([name, value]) => ({ name, value })),
      ...(outcome?.fields ?? []),
    ],
    taskBoxes: [],
    cropOutputs: ofThisRun ? cropsOf(regions, turns.numbers, folder, beside) : [],
    options: [],
    ...(ofThisRun ? { observations: await observationsOf(turns.numbers, folder, beside, dir) } : {}),
  };
  return { record, problems: turns.problems };
}

interface Turns {
  readonly response: string;
  readonly stated: readonly StatedTurn[];
  /** `turn_idx` by stated turn; null for what a tool said. */
  readonly numbers: readonly (number | null)[];
  readonly problems: readonly Problem[];
}

function readTurns(lines: readonly string[], place: RecordPlace): Turns {
  const stated: StatedTurn[] = [];
  const numbers: (number | null)[] = [];
  const problems: Problem[] = [];
  let response = '';
  const add = (role: StatedTurn['role'], text: string, number: number | null): void => {
    if (response !== '') response += '\n';
    stated.push({ role, span: { start: response.length, end: response.length + text.length } });
    numbers.push(number);
    response += text;
  };
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = parsed(line);
    if (isObject(row) && typeof row.text_output === 'string') {
      add('assistant', row.text_output, typeof row.turn_idx === 'number' ? row.turn_idx : null);
    } else if (isObject(row) && typeof row.error_info === 'string') add('tool', withoutChat(row.error_info), null);
    else {
      const message = 'The line is neither a turn nor an error of the tool; it was left out.';
      const { file } = place;
      problems.push({ severity: 'warning', file, line: place.line + 1 + i, element: null, field: null, message });
    }
  }
  return { response, stated, numbers, problems };
}

/** What the tool said is logged with the chat tokens around it. */
function withoutChat(text: string): string {
  return text
    .replace(/^(?:<\|im_end\|>\s*)?<\|im_start\|>user\n/, '')
    .replace(/<\|im_end\|>\s*(?:<\|im_start\|>assistant\s*)?$/, '');
}

/** Crops by region: a turn's only box made the observation with the next number. */
function cropsOf(
  regions: readonly { readonly index: number; readonly turn: number }[],
  numbers: Turns['numbers'],
  folder: string,
  beside: ReadonlyMap<string, number>,
): readonly CropOutput[] {
  return regions.flatMap(({ index, turn }) => {
    const number = numbers[turn] ?? null;
    if (number === null || regions.some((other) => other.turn === turn && other.index !== index)) return [];
    const name = `observation_${number + 1}_original_image.jpg`;
    return beside.has(name) ? [{ region: index, text: '', file: joined(folder, name) }] : [];
  });
}

/**
 * What came back after each turn, as the policy saw it: the log names no user turn for it, so it stands in the call's. The crop
 * before it was resized stands in where that one is gone; the pixels are then not those that the policy saw.
 */
async function observationsOf(
  numbers: Turns['numbers'],
  folder: string,
  beside: ReadonlyMap<string, number>,
  dir: DirSource,
): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  for (const [turn, number] of numbers.entries()) {
    if (number === null) continue;
    const name = `observation_${number + 1}`;
    const resized = joined(folder, `${name}_resized_image.jpg`);
    const seen = beside.has(fileName(resized));
    const path = seen ? resized : joined(folder, `${name}_original_image.jpg`);
    if (!beside.has(fileName(path))) continue;
    const size = seen ? await jpegSize(await dir.open(path)) : null;
    observations.push({ turn, name, view: { kind: 'file', path }, ...(size === null ? {} : { size }) });
  }
  return observations;
}

async function outcomeIn(folder: string, { response, stated }: Turns, dir: DirSource): Promise<Outcome | null> {
  const said = stated.find(({ role }) => role === 'assistant')?.span;
  if (said === undefined) return null;
  return outcomeOf(dir, folderOf(folder), fileName(folder), response.slice(said.start, said.end));
}

/** A re-run writes over the images of the one before it. */
async function isLastRun({ file, line }: RecordPlace, dir: DirSource): Promise<boolean> {
  const source = await dir.open(file);
  const size = source === null ? 0 : await source.size();
  if (source === null || size > smallLog) return false;
  const lines = new TextDecoder('utf-8').decode(await source.read(0, size)).split('\n');
  return !lines.slice(line).some((later) => later.startsWith('{"doc_id"'));
}

/**
 * Rollouts of one document are told by a counter behind its id (`7_0`, `7_1`), which an id may also end in by itself:
 * only those with the same prompt, ground truth and image are one group.
 */
function groupOf(start: JsonObject, prompt: string, imageBytes: number | null): string {
  const id = typeof start.doc_id === 'string' ? start.doc_id : JSON.stringify(start.doc_id ?? null);
  const base = /^(.+)_\d+$/.exec(id)?.[1] ?? id;
  const asked = fingerprint(JSON.stringify([prompt, start.ground_truth ?? null, imageBytes]));
  return `${base}:${asked.toString(16)}`;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
