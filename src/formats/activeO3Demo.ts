import { framePresets } from '../core/geometry/framePresets';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { readSidecars } from './activeO3Sidecars';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { Detection, FormatFrames, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headBytes, readHead } from './head';
import { counted, joined } from './paths';
import { inputSizeIn } from './selfDescription';

/** Ending of the file that holds one response of the sensing model. */
export const midEnding = '_mid.json';

/**
 * What ACTIVE-O3's demo writes below its `VIS_OUTPUT_DIR`: `json/<name>-<object>_mid.json` with the response and its
 * regions, beside it `_mid.txt` (the task model's text per crop) and `<name>-<object>.json` (final boxes), and
 * `cropped/<name>_crop_<i>.jpg`. A file with only `file_name`, `question` and `response` opens too: that is the way to
 * look at a response from elsewhere.
 */
export const activeO3Demo: TraceFormat = {
  id: 'active-o3-demo',
  title: 'ACTIVE-O3 demo output',
  unit: 'document',
  frames: framesOf(),
  detect,
  read,
};

const filesTried = 5;
/** What the demo's file is known by, also when a person wrote it by hand. */
const neededKeys = ['file_name', 'question', 'response'] as const;

function framesOf(): FormatFrames {
  const preset = framePresets.find(({ id }) => id === 'active-o3-demo');
  if (preset === undefined) throw new Error('the ACTIVE-O3 demo has no frame preset');
  return {
    prediction: {
      spec: preset.spec,
      reason: 'The ACTIVE-O3 demo asks Qwen2.5-VL for pixels of its resized input, short side at least 1024 before.',
    },
    groundTruth: { spec: { kind: 'original' }, reason: 'V* boxes are pixels of the original image.' },
  };
}

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) {
    if (!(await isMid(dir, file))) return null;
    return { format: 'active-o3-demo', files: [file], reason: '1 response of the ACTIVE-O3 demo.' };
  }
  for (const folder of ['json', '']) {
    const entries = await dir.list(folder);
    const files = entries
      .filter(({ kind, name }) => kind === 'file' && name.endsWith(midEnding))
      .map(({ name }) => joined(folder, name));
    for (const candidate of files.slice(0, filesTried))
      if (await isMid(dir, candidate))
        return {
          format: 'active-o3-demo',
          files,
          reason: `${counted(files.length, 'response')} of the ACTIVE-O3 demo.`,
        };
  }
  return null;
}

async function isMid(dir: DirSource, file: string): Promise<boolean> {
  if (!file.endsWith(midEnding)) return false;
  const source = await dir.open(file);
  if (source === null) return false;
  const head = await readHead(source, headBytes);
  if (head === null) return false;
  // A response longer than the head leaves the document cut off; its keys still show.
  if (head.cut !== null) return neededKeys.slice(0, 2).every((key) => head.text.includes(`"${key}"`));
  try {
    const value = parseTolerantJson(head.text);
    return isObject(value) && neededKeys.every((key) => Object.hasOwn(value, key));
  } catch (error) {
    if (error instanceof SyntaxError) return /^\s*\{/.test(head.text) && head.text.includes('"response"');
    throw error;
  }
}

async function read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord> {
  let mid: JsonValue;
  try {
    mid = parseTolerantJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused(place, `The file is not JSON: ${error.message}`);
  }
  if (!isObject(mid)) return refused(place, `The file holds ${kindOf(mid)} where an object is expected.`);
  if (typeof mid.response !== 'string')
    return refused(place, `"response" is ${kindOf(mid.response)}; a rollout needs its text.`, 'response');
  const columns = new Columns(mid, place);
  const imageName = columns.text('file_name');
  if (imageName === null) columns.note('warning', 'file_name', 'is missing: the image is not named');
  const sidecars = await readSidecars(place, imageName, dir);
  return {
    record: {
      kind: 'rollout',
      step: columns.integer('step'),
      uid: columns.text('uid'),
      dataSource: columns.text('data_source'),
      prompt: columns.text('question') ?? '',
      response: columns.text('response') ?? '',
      groundTruth: sidecars.groundTruth,
      truthBoxes: sidecars.truthBoxes,
      reward: mid.score === undefined ? columns.number('reward') : columns.number('score'),
      imageName,
      loggedImageSize: sizeIn(columns, mid),
      inputSize: inputSizeIn(columns),
      statedFrames: {},
      fields: columns.rest(),
      taskBoxes: sidecars.taskBoxes,
      cropOutputs: sidecars.cropOutputs,
      options: sidecars.options,
    },
    problems: [...columns.problems, ...sidecars.problems],
  };
}

/** Size of the image the demo fed to the model: the file's own, or enlarged to a short side of 1024. */
function sizeIn(columns: Columns, mid: JsonObject): { readonly width: number; readonly height: number } | null {
  const width = columns.number('image_width');
  const height = columns.number('image_height');
  if (width !== null && height !== null && width > 0 && height > 0) return { width, height };
  if (mid.image_width !== undefined || mid.image_height !== undefined)
    columns.note('warning', 'image_width', 'and "image_height" do not give a size');
  return null;
}
