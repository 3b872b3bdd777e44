import type { DirSource } from '../core/ports';
import { parseResponse } from '../core/trajectory/parseResponse';
import type { Interval, Observation, StatedTurn, Turn } from '../core/trajectory/rollout';
import { isObject, type JsonObject, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { parsed } from './jsonLines';
import { counted, fileName, fileStem, folderOf, joined } from './paths';
import { smallText } from './smallText';
import { framesIn } from './videoFrames';

/**
 * Traces that LongVT makes for its cold start (`data/launch/imcott_generate.py` at 08d755b): a document a question,
 * `<video>_qa<index>_<calls>_round_output.txt` with `<question>`, `<think>`, calls of `crop_video` in seconds, what came back
 * (`<tool_response>`) and `<answer>`, and `…_summary.json` beside it. What the policy saw lies in folders of frames:
 * `global_sampling/<video>`, one a second, and `segment_sampling/<video>_<start>_<end>` for each call. What LongVT rolls
 * out in training is a dump of verl's.
 */
export const longVt: TraceFormat = {
  id: 'longvt',
  title: 'LongVT traces',
  unit: 'document',
  stepless: true,
  frames: {},
  detect,
  read,
};

const traceName = /^(.{1,200}_qa\d{6,9})_\d{1,3}_round_output\.txt$/;
const ending = '_round_output.txt';
const foldersTried = 16;
const summaryBytes = 1024 * 1024;
/** From this length in seconds on, frames are spread over the whole. */
const framesAtMost = 512;
const tags = { question: ['<question>', '</question>'], response: ['<tool_response>', '</tool_response>'] } as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const found = (files: readonly string[], reason: string) => ({ format: 'longvt', files, reason }) as const;
  if (file !== null) return (await isTrace(dir, file)) ? found([file], 'A trace of LongVT.') : null;
  const folders = (await dir.list('')).filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'));
  for (const folder of ['', ...folders.slice(0, foldersTried).map(({ name }) => name)]) {
    const listed = await dir.list(folder);
    const files = listed
      .filter(({ kind, name }) => kind === 'file' && traceName.test(name))
      .map(({ name }) => joined(folder, name));
    if (files[0] !== undefined && (await isTrace(dir, files[0])))
      return found(files, `${counted(files.length, 'trace')} of LongVT.`);
  }
  return null;
}

async function isTrace(dir: DirSource, file: string): Promise<boolean> {
  if (!traceName.test(fileName(file))) return false;
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return head?.text.trimStart().startsWith(tags.question[0]) ?? false;
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const [open, close] = tags.question;
  const end = text.indexOf(close);
  if (!text.trimStart().startsWith(open) || end < 0) return refused(place, 'The trace does not begin with a question.');
  const response = text.slice(end + close.length).trim();
  const statedTurns = turnsOf(response);
  const { turns } = parseResponse(response, { dialect: 'generic', turns: statedTurns });
  const { summary, trouble } = await summaryOf(place.file, dir);
  const video = typeof summary.video === 'string' ? summary.video : (intervalsOf(turns)[0]?.interval.video ?? null);
  const observations = video === null ? [] : await framesSeen(turns, fileStem(fileName(video)), place.file, dir);
  const message = `${fileStem(fileName(place.file)).replace(/_round_output$/, '')}_summary.json ${trouble}`;
  return {
    record: {
      kind: 'rollout',
      step: null,
      uid: traceName.exec(fileName(place.file))?.[1] ?? null,
      dataSource: null,
      prompt: text.slice(text.indexOf(open) + open.length, end).trim(),
      response,
      statedTurns,
      groundTruth: null,
      truthBoxes: [],
      reward: null,
      imageName: null,
      imageTrouble: video === null ? 'It is about a video' : `It is about a video, ${video}`,
      loggedImageSize: null,
      inputSize: null,
      statedFrames: {},
      fields: Object.entries(summary).map(([name, value]) => ({ name, value })),
      taskBoxes: [],
      cropOutputs: [],
      options: [],
      ...(observations.length === 0 ? {} : { observations }),
    },
    problems: trouble === null ? [] : [{ severity: 'warning', ...place, element: null, field: null, message }],
  };
}

/** Without a summary the trace is whole all the same: it is written second. */
async function summaryOf(
  file: string,
  dir: DirSource,
): Promise<{ readonly summary: JsonObject; readonly trouble: string | null }> {
  const text = await smallText(dir, `${file.slice(0, -ending.length)}_summary.json`, summaryBytes);
  const value = text === null ? undefined : parsed(text);
  if (isObject(value)) return { summary: value, trouble: null };
  return { summary: {}, trouble: text === null ? 'is not beside the trace' : 'is no JSON object; it was left out' };
}

/** The policy's text between what came back. */
function turnsOf(response: string): readonly StatedTurn[] {
  const [open, close] = tags.response;
  const turns: StatedTurn[] = [];
  const add = (role: StatedTurn['role'], start: number, end: number) => {
    if (start < end) turns.push({ role, span: { start, end } });
  };
  let at = 0;
  for (let from = response.indexOf(open); from >= 0; from = response.indexOf(open, at)) {
    const closed = response.indexOf(close, from);
    const end = closed < 0 ? response.length : closed + close.length;
    add('assistant', at, from);
    add('tool', from, end);
    at = end;
  }
  add('assistant', at, response.length);
  return turns;
}

const intervalsOf = (turns: readonly Turn[]): readonly { readonly turn: number; readonly interval: Interval }[] =>
  turns.flatMap(({ index, actions }) =>
    actions.flatMap(({ intervals }) => (intervals ?? []).map((interval) => ({ turn: index, interval }))),
  );

/** Frames of the first skim, then those of each call where it came back. Folders lie beside the trace's or in it. */
async function framesSeen(
  turns: readonly Turn[],
  video: string,
  file: string,
  dir: DirSource,
): Promise<readonly Observation[]> {
  const calls = intervalsOf(turns);
  const homes = [...new Set(['', folderOf(folderOf(file)), folderOf(file)])];
  const first = async (name: string): Promise<readonly Observation[]> => {
    for (const home of homes) {
      const found = await framesIn(dir, joined(home, name));
      if (found.length > 0) return found;
    }
    return [];
  };
  const skim = await first(`global_sampling/${video}`);
  const latest = calls.reduce((last, { interval }) => Math.max(last, interval.end), 0);
  // Of a long video frames are spread evenly, and how long it is stands nowhere.
  const bySecond = skim.length > 0 && skim.length < framesAtMost && latest <= skim.length;
  const observations = bySecond ? timed(skim, 0, 0) : [...skim];
  for (const { turn, interval } of calls) {
    const { start, end } = interval;
    const seen = await first(`segment_sampling/${video}_${start.toFixed(3)}_${end.toFixed(3)}`);
    const cameBack = Math.min(turn + 1, turns.length - 1);
    const one = end - start <= framesAtMost ? timed(seen, start, cameBack) : seen;
    observations.push(...one.map((frame) => ({ ...frame, turn: cameBack })));
  }
  return observations;
}

/** A frame a second from `start` on; the first is number 1. */
function timed(frames: readonly Observation[], start: number, turn: number): Observation[] {
  return frames.map((frame) => {
    const number = Number(/(\d{1,7})\.[a-z]{3,4}$/i.exec(frame.name)?.[1] ?? Number.NaN);
    return Number.isNaN(number) || number < 1 ? frame : { ...frame, turn, time: start + number - 1 };
  });
}
