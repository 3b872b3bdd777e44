import type { ByteSource, DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import type { RolloutRecord } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, refused } from './columns';
import type { Detection, ElementRecord, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headBytes, readHead } from './head';
import { counted, joined } from './paths';
import { textRollout } from './textRollout';

/**
 * A table that a trainer logged to wandb, as the run's file (`files/media/table/<key>_<step>_<hash>.table.json`) or as the
 * artifact's (`<key>.table.json`): `columns`, and `data` as a list a row. A row is a rollout (TRL: `step`, `prompt`, `completion`, a column a reward function, `advantage`, images), or
 * all those of a step (verl and EasyR1: `step`, `input_1`, `output_1`, `score_1`, `input_2` …). Images are files beside it.
 */
export const wandbTable: TraceFormat = {
  id: 'wandb-table',
  title: 'wandb table',
  unit: 'element',
  arrayAt: ['data'],
  stepless: true,
  frames: {},
  detect,
  read: async (text, place, dir) => {
    const rows = await readAll(text, place, dir);
    // A row that is one rollout may be any element of the table.
    return rows[rows.length === 1 ? 0 : (place.element ?? 0)] ?? refused(place, noText);
  },
  readAll,
};

const noText = 'The row has no column of a response.';
const promptColumns = ['prompt', 'input', 'question', 'problem', 'query'] as const;
const responseColumns = ['completion', 'output', 'response', 'trajectory', 'text', 'generation'] as const;
const rewardColumns = ['score', 'reward'] as const;
const truthColumns = ['label', 'ground_truth', 'gts', 'solution', 'answer'] as const;
const stepColumns = ['step', 'global_step'] as const;
const pictureColumns = ['image', 'images'] as const;
/** The table of a run begins with its columns, that of an artifact with some plain values before them. */
const tableStart =
  /^\s*\{(?:\s*"\w{1,40}"\s*:\s*(?:"[^"\\]{0,500}"|[\w.+-]{1,40})\s*,){0,12}\s*"columns"\s*:\s*(\[[^[\]]*\])\s*,\s*"data"\s*:\s*\[/;
/** verl's and EasyR1's columns of one sample among several. */
const numbered = /^(input|output|score|label)_(\d{1,6})$/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file === null) return detectTables(dir);
  if (!file.endsWith('.json') || (await kindOf(dir, file)) === null) return null;
  return { format: 'wandb-table', files: [file], reason: 'A table of rollouts as wandb keeps it.' };
}

/** Where the tables of a run or of an artifact lie, seen from its folder or from theirs. */
const tableFolders = ['', 'media/table', 'files/media/table'] as const;
const foldersTried = 16;
const keysTried = 16;
/** wandb writes the step behind the key, and a hash. */
const loggedTable = /^(.*)_(\d{1,15})_[0-9a-f]{4,64}\.table\.json$/;

/**
 * The tables of a folder by the keys they were logged under. TRL logs the rollouts of a step, verl and EasyR1 all rows so
 * far: of theirs only the newest counts.
 */
async function detectTables(dir: DirSource): Promise<Detection | null> {
  const keys = new Map<string, { readonly step: number; readonly file: string }[]>();
  for (const folder of await foldersOf(dir))
    for (const { name, kind } of await dir.list(folder)) {
      if (kind !== 'file' || !name.endsWith('.table.json')) continue;
      const [, key = name, step = '0'] = loggedTable.exec(name) ?? [];
      const logged = keys.get(`${folder}/${key}`) ?? [];
      keys.set(`${folder}/${key}`, logged);
      logged.push({ step: Number(step), file: joined(folder, name) });
    }
  const files: string[] = [];
  for (const logged of [...keys.values()].slice(0, keysTried)) {
    logged.sort((a, b) => a.step - b.step);
    const newest = logged.at(-1);
    const kind = newest === undefined ? null : await kindOf(dir, newest.file);
    if (kind === 'wide' && newest !== undefined) files.push(newest.file);
    else if (kind === 'long') files.push(...logged.map(({ file }) => file));
  }
  const reason = `${counted(files.length, 'table')} of rollouts as wandb keeps them.`;
  return files.length === 0 ? null : { format: 'wandb-table', files, reason };
}

/** A key with a slash makes a folder: `val/generations`. */
async function foldersOf(dir: DirSource): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const folder of tableFolders) {
    folders.push(folder);
    if (folder === '') continue;
    for (const { name, kind } of await dir.list(folder))
      if (kind === 'directory' && folders.length < foldersTried) folders.push(joined(folder, name));
  }
  return folders;
}

/** `wide`: a row holds all samples of a step. Null for a table of anything but rollouts. */
async function kindOf(dir: DirSource, file: string): Promise<'wide' | 'long' | null> {
  const columns = await columnsOf(dir, file);
  if (columns === null) return null;
  if (columns.includes('output_1') && columns.includes('input_1')) return 'wide';
  const has = (names: readonly string[]) => names.some((name) => columns.includes(name));
  return has(promptColumns) && has(responseColumns) ? 'long' : null;
}

const known = new WeakMap<DirSource, Map<string, Promise<readonly string[] | null>>>();

/** Names of the table's columns, which wandb writes first; kept while the file keeps its size, as every row asks for them. */
async function columnsOf(dir: DirSource, file: string): Promise<readonly string[] | null> {
  const source = await dir.open(file);
  if (source === null) return null;
  const files = known.get(dir) ?? new Map<string, Promise<readonly string[] | null>>();
  known.set(dir, files);
  const key = `${file}\0${await source.size()}`;
  const read = files.get(key) ?? readColumns(source);
  files.set(key, read);
  return read;
}

async function readColumns(source: ByteSource): Promise<readonly string[] | null> {
  const head = await readHead(source, headBytes);
  const list = tableStart.exec(head?.text ?? '')?.[1];
  const columns = list === undefined ? null : parsed(list);
  return Array.isArray(columns) ? columns.map((name: JsonValue) => String(name)) : null;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readAll(text: string, place: RecordPlace, dir: DirSource): Promise<readonly ElementRecord[]> {
  const columns = await columnsOf(dir, place.file);
  const cells = parsed(text);
  if (columns === null || !Array.isArray(cells))
    return [{ ...refused(place, 'The row is no list of cells.'), element: null }];
  const row: JsonObject = Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? null]));
  const samples = samplesIn(row);
  return samples.map((sample, element) => ({
    ...readSample(sample, samples.length === 1 ? place : { ...place, element }),
    element: samples.length === 1 ? (place.element ?? null) : element,
  }));
}

/** One row, or as many as a wide one holds; a sample whose cells are all empty is none. */
function samplesIn(row: JsonObject): readonly JsonObject[] {
  const shared: (readonly [string, JsonValue])[] = [];
  const samples = new Map<string, Record<string, JsonValue>>();
  for (const [name, value] of Object.entries(row)) {
    const [, key = '', number = ''] = numbered.exec(name) ?? [];
    if (number === '') shared.push([name, value]);
    else samples.set(number, { ...samples.get(number), [key]: value });
  }
  const full = [...samples.values()].filter((sample) => Object.values(sample).some((value) => value !== null));
  return full.length === 0 ? [row] : full.map((sample) => Object.fromEntries([...shared, ...Object.entries(sample)]));
}

function readSample(row: JsonObject, place: RecordPlace): ReadRecord {
  const columns = new Columns(row, place);
  const said = responseColumns.find((name) => typeof row[name] === 'string');
  if (said === undefined) return refused(place, noText);
  const asked = promptColumns.find((name) => typeof row[name] === 'string');
  const reward = rewardColumns.find((name) => typeof row[name] === 'number');
  const truth = truthColumns.find((name) => columns.has(name));
  const stepColumn = stepColumns.find((name) => columns.has(name));
  const pictures = picturesIn(columns);
  const { record, problems } = textRollout(columns, {
    step: stepColumn === undefined ? null : stepIn(columns.take(stepColumn)),
    uid: null,
    prompt: asked === undefined ? '' : (columns.text(asked) ?? ''),
    response: columns.text(said) ?? '',
    groundTruth: truth === undefined ? null : (columns.take(truth) ?? null),
    reward: reward === undefined ? null : columns.number(reward),
  });
  return record === null ? { record, problems } : { record: { ...record, ...pictures }, problems };
}

/** TRL writes steps as text. */
function stepIn(value: JsonValue | undefined): number | null {
  const step = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof step === 'number' && Number.isSafeInteger(step) ? step : null;
}

/** Image cells are `{_type: "image-file", path: "media/images/…", width, height}`; the path counts from the run's or the artifact's folder. */
function picturesIn(columns: Columns): Pick<RolloutRecord, 'imageView'> {
  for (const name of pictureColumns) {
    const value = columns.peek(name);
    const first: JsonValue | undefined = Array.isArray(value) ? value[0] : value;
    if (!isObject(first) || first._type !== 'image-file' || typeof first.path !== 'string') continue;
    columns.take(name);
    return { imageView: { kind: 'file', path: first.path } };
  }
  return {};
}
