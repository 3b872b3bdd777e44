import type { Size } from '../core/geometry/box';
import { orderCorners } from '../core/geometry/box';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import type { Field, RolloutRecord } from '../core/trajectory/rollout';
import { isObject, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { parsed } from './jsonLines';
import { counted, fileName, folderOf, joined } from './paths';
import { pythonNumber } from './pythonNumber';

/**
 * Rollouts that Omni-R1 logs in training (`reward.py`, `LOG_MODE=true`): `<output_dir>/train_logs[/<problem_id>]/info.txt`, a record of
 * a header with the kind of problem and the reward, then `Problem:`, `Video Path:`, `Content:` and, where there are any,
 * `Reward Details:` (JSON over several lines) and `Solution:`. No step, no group id, no time. Answers about a video are keyframes
 * (`start_time`, `end_time`, `description`), those about an image boxes in pixels of the resized image.
 */
export const omniR1: TraceFormat = {
  id: 'omni-r1',
  title: 'Omni-R1 training log',
  unit: 'record',
  recordStart: {
    prefix: '-'.repeat(13),
    pattern: /^-{13} (?!\d\d-\d\d-\d\d-)\S.{0,200} Accuracy reward: \S{1,64} -{13}$/,
  },
  stepless: true,
  frames: {},
  detect,
  read,
};

const logName = 'info.txt';
const logFolder = 'train_logs';
/** Sub-folders looked into before a folder is given up, and side by side once it is not. */
const foldersTried = 16;
const videoLine = '\nVideo Path: ';
/** The R1-V family writes a time where this one names the kind of problem. */
const header = /^-{13} (?!\d\d-\d\d-\d\d-)(\S.{0,200}) Accuracy reward: (\S{1,64}) -{13}$/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const found = (files: readonly string[], reason: string) => ({ format: 'omni-r1', files, reason }) as const;
  if (file !== null)
    return file.endsWith('.txt') && (await isLog(dir, file)) ? found([file], 'A training log of Omni-R1.') : null;
  for (const root of ['', logFolder]) {
    const entries = await dir.list(root);
    const folders = entries.filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'));
    const logs = await logsIn(
      dir,
      root,
      folders.map(({ name }) => joined(root, name)),
    );
    if (logs.length > 0) return found(logs, `${counted(logs.length, 'training log')} of Omni-R1.`);
  }
  return null;
}

/** Logs of a folder and of its folders; none unless one of the first few is Omni-R1's. */
async function logsIn(dir: DirSource, root: string, folders: readonly string[]): Promise<readonly string[]> {
  const own = joined(root, logName);
  const files = (await isLog(dir, own)) ? [own] : [];
  const tried = await Promise.all(folders.slice(0, foldersTried).map((folder) => isLog(dir, joined(folder, logName))));
  if (!tried.includes(true)) return files;
  for (let from = 0; from < folders.length; from += foldersTried) {
    const some = folders.slice(from, from + foldersTried).map((folder) => joined(folder, logName));
    const are = from === 0 ? tried : await Promise.all(some.map((log) => isLog(dir, log)));
    files.push(...some.filter((_, i) => are[i]));
  }
  return files;
}

async function isLog(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return head?.lines.some((line) => header.test(line.trimEnd().slice(0, 400))) ?? false;
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const end = text.indexOf('\n');
  const first = header.exec(
    (end < 0 ? text : text.slice(0, end))
      .replace(/^\ufeff/, '')
      .trimEnd()
      .slice(0, 400),
  );
  if (first === null) return refused(place, 'The header of the record is cut off.');
  const parts = partsOf(end < 0 ? '' : text.slice(end + 1));
  if (typeof parts === 'string') return refused(place, parts);
  const [, problemType = '', written = ''] = first;
  const { problem, video, content, details, solution } = parts;
  const grounding = groundingIn(solution);
  const image = await imageBeside(folderOf(place.file), dir);
  const fields: Field[] = [
    { name: 'problem_type', value: problemType },
    ...(video === null ? [] : [{ name: 'video_path', value: video }]),
    ...Object.entries(isObject(details) ? details : {}).map(([name, value]) => ({ name, value })),
    ...keyframesIn(content),
  ];
  const reward = pythonNumber(written);
  const problems: Problem[] = [];
  const note = (field: string, message: string) =>
    problems.push({ severity: 'warning', ...place, element: null, field, message });
  if (reward === null) note('reward', `"reward" is ${JSON.stringify(written)}, not a number`);
  if (details === undefined) note('Reward Details', '"Reward Details" is not JSON; it was left out');
  return {
    record: {
      kind: 'rollout',
      step: null,
      // One question is asked about many videos.
      uid: video === null ? null : `${fileName(video)}:${fingerprint(`${video}\n${problem}`)}`,
      dataSource: problemType,
      prompt: problem,
      response: content,
      groundTruth: solution,
      ...grounding,
      reward,
      ...image,
      ...(image.imageName === null && video !== null ? { imageTrouble: `It is about a video, ${video}` } : {}),
      loggedImageSize: null,
      fields,
      taskBoxes: [],
      cropOutputs: [],
      options: [],
    },
    problems,
  };
}

interface Parts {
  readonly problem: string;
  readonly video: string | null;
  readonly content: string;
  /** Null where the record has none; undefined where it is no JSON. */
  readonly details: JsonValue | undefined;
  readonly solution: string | null;
}

/** A record's body, or why it is not whole: writers lock the file, but what they buffered is written after that. */
function partsOf(body: string): Parts | string {
  const contents = [...body.matchAll(/^Content: /gm)];
  const [start] = contents;
  if (start === undefined) return 'The record has no "Content:" line: it is cut off.';
  if (contents.length > 1)
    return 'The record has more than one "Content:" line: records may be mixed, so it was left out.';
  const rest = body.slice(start.index + start[0].length);
  const details = /^Reward Details: (?=\{)/m.exec(rest);
  const solution = /^Solution: /m.exec(rest.slice(details?.index ?? 0));
  const solutionAt = solution === null ? rest.length : (details?.index ?? 0) + solution.index;
  const before = body.slice(0, start.index);
  const videoAt = before.lastIndexOf(videoLine);
  const video = videoAt < 0 ? '' : before.slice(videoAt + videoLine.length).trim();
  return {
    problem: before
      .slice(0, videoAt < 0 ? undefined : videoAt)
      .replace(/^Problem: /, '')
      .trimEnd(),
    video: video === 'N/A' || video === '' ? null : video,
    content: rest.slice(0, details?.index ?? solutionAt).replace(/\r?\n$/, ''),
    details: details === null ? null : parsed(rest.slice(details.index + details[0].length, solutionAt)),
    solution: solution === null ? null : rest.slice(solutionAt + solution[0].length).trimEnd(),
  };
}

/** Seg-Zero's solution, `resized_hw: (h, w), 'bbox': [x1, y1, x2, y2], …`: answers count in the same pixels. */
function groundingIn(solution: string | null): Pick<RolloutRecord, 'truthBoxes' | 'inputSize' | 'statedFrames'> {
  const [, height, width] = /^resized_hw: [[(](\d{1,6}), (\d{1,6})[\])]/.exec(solution ?? '') ?? [];
  const [, x1, y1, x2, y2] = /'bbox': \[(\d{1,6}), (\d{1,6}), (\d{1,6}), (\d{1,6})\]/.exec(solution ?? '') ?? [];
  const inputSize: Size = { width: Number(width), height: Number(height) };
  if (!(inputSize.width > 0 && inputSize.height > 0)) return { truthBoxes: [], inputSize: null, statedFrames: {} };
  const box = { x1: Number(x1), y1: Number(y1), x2: Number(x2), y2: Number(y2) };
  return {
    truthBoxes: y2 === undefined ? [] : [{ box: orderCorners(box), label: null }],
    inputSize,
    statedFrames: { prediction: 'input', groundTruth: 'input' },
  };
}

/** With `PLOG=true` the image is saved beside the log, or the resized one with the ground truth drawn on it. */
async function imageBeside(folder: string, dir: DirSource): Promise<Pick<RolloutRecord, 'imageName' | 'imageDoubt'>> {
  const names = new Set((await dir.list(folder)).map(({ name }) => name));
  if (names.has('img.jpg')) return { imageName: 'img.jpg' };
  if (!names.has('gt.jpg')) return { imageName: null };
  return { imageName: 'gt.jpg', imageDoubt: 'the resized image with the ground truth drawn on it' };
}

/** Moments that the first answer names, as it wrote them. */
function keyframesIn(content: string): readonly Field[] {
  const from = content.indexOf('<answer>');
  const to = content.indexOf('</answer>', from);
  const answer = from < 0 ? '' : content.slice(from, to < 0 ? undefined : to);
  const moments = [...answer.matchAll(/\{[^{}]{1,4096}\}/g)]
    .map(([object]) => parsed(object))
    .filter((object) => isObject(object) && (object.start_time !== undefined || object.end_time !== undefined));
  return moments.length === 0 ? [] : [{ name: 'keyframes', value: moments as readonly JsonValue[] }];
}

/** FNV-1a over UTF-16 units, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
