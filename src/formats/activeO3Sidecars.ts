import type { Box } from '../core/geometry/box';
import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import type { Problem } from '../core/text/problem';
import { parseTolerantJson } from '../core/text/tolerantJson';
import type { CropOutput, TruthBox } from '../core/trajectory/rollout';
import type { RecordPlace } from './format';
import { fileName, fileStem, folderOf, joined } from './paths';
import { readSampleTruth } from './vstar';

/** What stands beside a `_mid.json`; each file may be absent. */
export interface Sidecars {
  readonly cropOutputs: readonly CropOutput[];
  readonly taskBoxes: readonly Box[];
  readonly groundTruth: JsonValue;
  readonly truthBoxes: readonly TruthBox[];
  readonly options: readonly string[];
  readonly problems: readonly Problem[];
}

/** A sidecar larger than this is not what the demo writes. */
const sidecarLimit = 4 * 1024 * 1024;

export async function readSidecars(place: RecordPlace, imageName: string | null, dir: DirSource): Promise<Sidecars> {
  const problems: Problem[] = [];
  const base = place.file.slice(0, -'_mid.json'.length);
  const outputs = await smallText(dir, `${base}_mid.txt`, problems);
  const boxes = await smallText(dir, `${base}.json`, problems);
  const truth = await truthBeside(place, imageName, dir, problems);
  return {
    cropOutputs: await crops(outputs === null ? [] : splitOutputs(outputs), place, imageName, dir),
    taskBoxes: boxes === null ? [] : readBoxes(boxes, `${base}.json`, problems),
    groundTruth: truth?.logged ?? null,
    truthBoxes: truth?.boxes ?? [],
    options: truth?.options ?? [],
    problems,
  };
}

/** `output[<i>]:` opens a block at the start of a line; its text runs to the next one and may hold newlines. */
export function splitOutputs(text: string): readonly { readonly region: number; readonly text: string }[] {
  const marks = [...text.matchAll(/^output\[(\d{1,6})\]:/gm)];
  return marks.map((mark, i) => ({
    region: Number(mark[1]),
    text: text.slice(mark.index + mark[0].length, marks[i + 1]?.index ?? text.length).replace(/\r?\n$/, ''),
  }));
}

/**
 * Texts and saved crops by region, also where only one of the two is there. The demo names a crop after the image and
 * the region's place in the answer.
 */
async function crops(
  outputs: readonly { readonly region: number; readonly text: string }[],
  { file }: RecordPlace,
  imageName: string | null,
  dir: DirSource,
): Promise<readonly CropOutput[]> {
  const files = imageName === null ? new Map<number, string>() : await cropFiles(file, imageName, dir);
  const texts = new Map(outputs.map(({ region, text }) => [region, text]));
  return [...new Set([...texts.keys(), ...files.keys()])]
    .sort((a, b) => a - b)
    .map((region) => ({ region, text: texts.get(region) ?? '', file: files.get(region) ?? null }));
}

/** Region → crop file. Crops lie beside the `json` folder; a lone `_mid.json` has none. */
async function cropFiles(file: string, imageName: string, dir: DirSource): Promise<ReadonlyMap<number, string>> {
  const folder = folderOf(file);
  if (fileName(folder) !== 'json') return new Map();
  const cropped = joined(folderOf(folder), 'cropped');
  const start = `${baseName(imageName).replace('.jpg', '')}_crop_`;
  const found = new Map<number, string>();
  for (const { name } of await dir.list(cropped)) {
    const region = name.startsWith(start) ? /^(\d{1,6})\.jpg$/.exec(name.slice(start.length))?.[1] : undefined;
    if (region !== undefined) found.set(Number(region), joined(cropped, name));
  }
  return found;
}

/** A logged image name may be a path of the machine that wrote it. */
function baseName(imageName: string): string {
  return imageName.slice(Math.max(imageName.lastIndexOf('/'), imageName.lastIndexOf('\\')) + 1);
}

/** A bare list of [x1, y1, x2, y2] in original pixels. */
function readBoxes(text: string, file: string, problems: Problem[]): readonly Box[] {
  const note = (message: string, element: number | null): void => {
    problems.push({ severity: 'warning', file, line: null, element, field: null, message });
  };
  let list: JsonValue;
  try {
    list = parseTolerantJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    note(`The file is not JSON: ${error.message}`, null);
    return [];
  }
  // A V* sample can carry this name; it is read as ground truth.
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: JsonValue, i: number) => {
    const numbers = Array.isArray(entry) ? entry.filter((n): n is number => typeof n === 'number') : [];
    const [x1, y1, x2, y2] = numbers;
    if (numbers.length === 4 && x1 !== undefined && y1 !== undefined && x2 !== undefined && y2 !== undefined)
      return [{ x1, y1, x2, y2 }];
    note(`Element ${i} is not [x1, y1, x2, y2].`, i);
    return [];
  });
}

/** The V* sample the demo was run on, when it stands beside the response or in the folder above. */
async function truthBeside({ file }: RecordPlace, imageName: string | null, dir: DirSource, problems: Problem[]) {
  if (imageName === null) return null;
  const folder = folderOf(file);
  const name = `${fileStem(baseName(imageName))}.json`;
  for (const place of new Set([folder, folderOf(folder)])) {
    const path = joined(place, name);
    // Only a name that a listing holds is opened: the logged one is not to be trusted.
    if (path === file || !(await dir.list(place)).some((entry) => entry.name === name)) continue;
    const text = await smallText(dir, path, problems);
    const truth = text === null ? null : readSampleTruth(text, { file: path, line: 1 });
    if (truth !== null) {
      problems.push(...truth.problems);
      return truth;
    }
  }
  return null;
}

async function smallText(dir: DirSource, path: string, problems: Problem[]): Promise<string | null> {
  const source = await dir.open(path);
  if (source === null) return null;
  const size = await source.size();
  if (size > sidecarLimit) {
    const message = `The file is ${Math.round(size / 1e6)} MB; the demo writes small ones, so it was left out.`;
    problems.push({ severity: 'warning', file: path, line: null, element: null, field: null, message });
    return null;
  }
  return new TextDecoder('utf-8').decode(await source.read(0, size));
}
