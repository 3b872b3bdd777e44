import type { DirEntry, DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import type { TruthBox } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { counted, fileStem, folderOf, joined } from './paths';

/**
 * V* bench samples: `name.json` beside `name.jpg` with `target_object`, `bbox` (x, y, width, height in original pixels),
 * `question` and `options`, of which the first is right. A question without a rollout.
 */
export const vstar: TraceFormat = {
  id: 'vstar',
  title: 'V* sample',
  unit: 'document',
  frames: { groundTruth: { spec: { kind: 'original' }, reason: 'V* boxes are pixels of the original image.' } },
  detect,
  read: (text, place, dir) => read(text, place, dir),
};

/** What V* bench, and ACTIVE-O3's examples, keep their images as; the first that exists is taken. */
const imageExtensions = ['.jpg', '.jpeg', '.png', '.webp', '.JPG', '.JPEG', '.PNG'];
/** Files of a folder whose beginning is looked at before the folder is given up. */
const filesTried = 5;
/** V* bench splits its samples over sub-folders, these among them. */
const benchFolders = ['direct_attributes', 'relative_position'];
const foldersTried = 16;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) {
    if (!file.endsWith('.json') || !(await isSample(dir, file))) return null;
    return { format: 'vstar', files: [file], reason: 'A V* sample: question, target objects and boxes of one image.' };
  }
  const root = await dir.list('');
  const folders = root.filter((entry) => entry.kind === 'directory' && !entry.name.startsWith('.'));
  const files = await samplesIn(dir, '', root);
  const isBench = folders.some(({ name }) => benchFolders.includes(name));
  const split: string[] = [];
  for (const folder of folders.slice(0, foldersTried)) {
    const inside = await samplesIn(dir, folder.name, await dir.list(folder.name));
    // A folder of runs may hold one folder of samples among others: then it is no V* bench.
    if (inside.length === 0 && files.length === 0 && !isBench) return null;
    split.push(...inside);
  }
  files.push(...split);
  if (files.length === 0) return null;
  return { format: 'vstar', files, reason: `${counted(files.length, 'V* sample')}: a JSON file beside each image.` };
}

/** JSON files beside an image of the same name, once one of the first few is a sample. */
async function samplesIn(dir: DirSource, folder: string, entries: readonly DirEntry[]): Promise<string[]> {
  const names = new Set(entries.map((entry) => entry.name));
  const paired = entries
    .filter(
      ({ kind, name }) => kind === 'file' && name.endsWith('.json') && imageBeside(names, fileStem(name)) !== null,
    )
    .map(({ name }) => joined(folder, name));
  for (const file of paired.slice(0, filesTried)) if (await isSample(dir, file)) return paired;
  return [];
}

async function isSample(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const head = source === null ? null : await readHead(source);
  return head?.cut === null && isSampleDocument(parsed(head.text));
}

function isSampleDocument(value: JsonValue | undefined): value is JsonObject {
  return (
    isObject(value) &&
    Array.isArray(value.target_object) &&
    Array.isArray(value.bbox) &&
    typeof value.question === 'string'
  );
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  let sample: JsonValue;
  try {
    sample = parseTolerantJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused(place, `The file is not JSON: ${error.message}`);
  }
  if (!isObject(sample)) return refused(place, `The file holds ${kindOf(sample)} where a V* sample is expected.`);
  if (typeof sample.question !== 'string')
    return refused(place, `"question" is ${kindOf(sample.question)}, not text.`, 'question');
  const columns = new Columns(sample, place);
  const folder = folderOf(place.file);
  const names = new Set((await dir.list(folder)).map((entry) => entry.name));
  const truth = readTarget(columns);
  return {
    record: {
      kind: 'sample',
      step: null,
      uid: null,
      dataSource: null,
      prompt: columns.text('question') ?? '',
      response: '',
      groundTruth: truth.logged,
      truthBoxes: truth.boxes,
      reward: null,
      options: optionsIn(columns),
      fields: columns.rest(),
      imageName: imageBeside(names, fileStem(place.file)),
      loggedImageSize: null,
      inputSize: null,
      statedFrames: {},
      taskBoxes: [],
      cropOutputs: [],
    },
    problems: columns.problems,
  };
}

/** The question's own objects and boxes of a V* document read elsewhere; null when it is none. */
export function readSampleTruth(text: string, place: RecordPlace) {
  const sample = parsed(text);
  if (!isSampleDocument(sample)) return null;
  const columns = new Columns(sample, place);
  return { ...readTarget(columns), options: optionsIn(columns), problems: columns.problems };
}

/** `target_object` and `bbox` are parallel lists; one name may stand for several boxes. */
function readTarget(columns: Columns): { readonly logged: JsonValue; readonly boxes: readonly TruthBox[] } {
  const objects = columns.take('target_object') ?? null;
  const bbox = columns.take('bbox') ?? null;
  const names = Array.isArray(objects) ? objects : [];
  if (!Array.isArray(bbox)) {
    columns.note('warning', 'bbox', `is ${kindOf(bbox)}, not a list of boxes`);
    return { logged: { target_object: objects }, boxes: [] };
  }
  const boxes: TruthBox[] = [];
  bbox.forEach((entry: JsonValue, i: number) => {
    const numbers = Array.isArray(entry) ? entry.filter((n): n is number => typeof n === 'number') : [];
    const [x, y, width, height] = numbers;
    if (numbers.length !== 4 || x === undefined || y === undefined || width === undefined || height === undefined) {
      columns.note('warning', 'bbox', `element ${i} is not [x, y, width, height]`, i);
      return;
    }
    const label = names[i] ?? (names.length === 1 ? names[0] : null);
    boxes.push({
      box: { x1: x, y1: y, x2: x + width, y2: y + height },
      label: typeof label === 'string' ? label : null,
    });
  });
  return { logged: { target_object: objects, bbox }, boxes };
}

function optionsIn(columns: Columns): readonly string[] {
  const options = columns.take('options');
  return Array.isArray(options) ? options.filter((option): option is string => typeof option === 'string') : [];
}

function imageBeside(names: ReadonlySet<string>, stem: string): string | null {
  const extension = imageExtensions.find((candidate) => names.has(stem + candidate));
  return extension === undefined ? null : stem + extension;
}
