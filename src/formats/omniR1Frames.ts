import type { DirSource } from '../core/ports';
import type { LoggedView, Observation, RolloutRecord, StatedTurn } from '../core/trajectory/rollout';
import { refused } from './columns';
import { filesNamed } from './filesNamed';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { counted, fileName, folderOf, joined } from './paths';

/**
 * Frames that Omni-R1's second system answered about (`write_log` of `load_datasets/revos.py` at 1de42f8): a folder a rollout,
 * `<YYYYmmdd-HHMMSS>ROLL_<n>_R<rank>`, with `frame_<i>_iou_<v>.jpg`, the resized frame with boxes drawn on it (red what was
 * answered, green the truth), and `info.txt` with a section a frame. `i` counts the frames that the first system chose. Boxes
 * count in the resized frame, which is the picture saved. Neither a reward nor the rollout of the training log is named.
 */
export const omniR1Frames: TraceFormat = {
  id: 'omni-r1-frames',
  title: 'Omni-R1 frames',
  unit: 'document',
  stepless: true,
  frames: {
    prediction: {
      spec: { kind: 'original' },
      reason: 'Omni-R1 answers in pixels of the resized frame, which is the picture that it saved.',
    },
  },
  detect,
  read,
};

const logName = 'info.txt';
const rolloutFolder = /^\d{8}-\d{6}ROLL_\d{1,9}_R\d{1,9}$/;
const section = /^-{20}Frame (\d{1,6}):-{20}\r?$/gm;
const firstLine = /^-{20}Frame \d{1,6}:-{20}$/;
/** Sub-folders looked into before a folder is given up. */
const foldersTried = 16;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const alone = file ?? logName;
  if (fileName(alone) === logName && (await isLog(dir, alone)))
    return { format: 'omni-r1-frames', files: [alone], reason: 'Frames that Omni-R1 saved.' };
  if (file !== null) return null;
  const entries = await dir.list('');
  const folders = entries
    .filter(({ kind, name }) => kind === 'directory' && rolloutFolder.test(name))
    .map(({ name }) => name);
  const tried = await Promise.all(folders.slice(0, foldersTried).map((folder) => isLog(dir, joined(folder, logName))));
  if (!tried.includes(true)) return null;
  const files = await filesNamed(dir, folders, logName);
  return {
    format: 'omni-r1-frames',
    files,
    reason: `${counted(files.length, 'folder')} of frames that Omni-R1 saved.`,
  };
}

async function isLog(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return firstLine.test(head?.lines[0]?.trimEnd().slice(0, 100) ?? '');
}

interface Section {
  readonly frame: number;
  readonly problem: string;
  readonly path: string;
  readonly completion: string;
  /** As written; two decimals, or `nan`. */
  readonly iou: string;
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  const starts = [...text.matchAll(section)];
  const sections = starts.map((start, i) =>
    sectionOf(Number(start[1]), text.slice(start.index + start[0].length, starts[i + 1]?.index)),
  );
  const whole = sections.filter((one) => one !== null);
  const [first] = whole;
  if (first === undefined) return refused(place, 'No section of a frame is whole.');
  const folder = folderOf(place.file);
  const beside = new Set((await dir.list(folder)).map(({ name }) => name));
  const statedTurns: StatedTurn[] = [];
  const observations: Observation[] = [];
  let response = '';
  for (const [turn, { frame, completion, iou }] of whole.entries()) {
    if (turn > 0) response += '\n';
    statedTurns.push({ role: 'assistant', span: { start: response.length, end: response.length + completion.length } });
    response += completion;
    const name = `frame_${frame}_iou_${iou}.jpg`;
    // Each frame has its place, so that no boxes are taken for those of the frame before.
    const view: LoggedView = beside.has(name) ? { kind: 'file', path: joined(folder, name) } : { kind: 'blank' };
    observations.push({ turn, name, view });
  }
  const video = folderOf(first.path);
  const record: RolloutRecord = {
    kind: 'rollout',
    step: null,
    uid: JSON.stringify([video, first.problem]),
    dataSource: null,
    prompt: first.problem,
    response,
    statedTurns,
    groundTruth: null,
    truthBoxes: [],
    reward: null,
    imageName: null,
    imageTrouble: `It is about a video, ${video}`,
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    fields: [
      { name: 'frames', value: whole.map(({ path }) => path) },
      { name: 'iou', value: whole.map(({ iou }) => (iou === 'nan' ? null : Number(iou))) },
    ],
    taskBoxes: [],
    cropOutputs: [],
    options: [],
    observations,
  };
  const left = sections.length - whole.length;
  const message = `${counted(left, 'section')} of frames that are not whole: left out`;
  const problem = { severity: 'warning', ...place, element: null, field: null, message } as const;
  return { record, problems: left === 0 ? [] : [problem] };
}

/** Null where it is cut off. The prompt, a Python literal under `Input:`, repeats problem and path. */
function sectionOf(frame: number, body: string): Section | null {
  const problemAt = body.indexOf('Raw Problem:\n ');
  const pathAt = body.indexOf('\nFile Path: ', problemAt);
  const inputAt = body.indexOf('\nInput:\n ', pathAt);
  const completionAt = body.indexOf('\nCompletion:\n ', inputAt);
  const iouAt = body.lastIndexOf('\nPredicted IOU: ');
  if (problemAt < 0 || pathAt < 0 || inputAt < 0 || completionAt < 0 || iouAt < completionAt) return null;
  const iou = /^(?:\d\.\d\d|nan)$/.exec(body.slice(iouAt + '\nPredicted IOU: '.length).trim())?.[0];
  if (iou === undefined) return null;
  return {
    frame,
    problem: body.slice(problemAt + 'Raw Problem:\n '.length, pathAt),
    path: body.slice(pathAt + '\nFile Path: '.length, inputAt).trim(),
    completion: body.slice(completionAt + '\nCompletion:\n '.length, iouAt),
    iou,
  };
}
