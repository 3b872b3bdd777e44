import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { parseTolerantJson } from '../core/text/tolerantJson';
import { isObject, type JsonObject, refused } from './columns';
import type { Detection, OpenTarget, RecordPlace, TraceFormat } from './format';
import { readHead } from './head';
import { imagesOfSample, readSample } from './inspectSample';
import { counted, fileName, folderOf, joined } from './paths';
import { embeddedBytes } from './rowImages';

/**
 * Inspect's `.eval` log: a zip, read as a folder, with `header.json` (absent while the evaluation runs),
 * `_journal/start.json`, and a sample an epoch as `samples/<id>_epoch_<n>.json`; or, in chunks, as a folder of that name
 * with `sample.json`, `messages/<first>.json` and `attachments/<first>.json`. An id may hold slashes.
 */
export const inspectEval: TraceFormat = {
  id: 'inspect-eval',
  title: 'Inspect evaluation',
  unit: 'document',
  // Epochs of one sample are rollouts of one prompt, as many as the evaluation asked for.
  stepless: true,
  frames: {},
  detect,
  read: async (text, place, dir) => {
    const sample = await sampleIn(text, place, dir);
    return typeof sample === 'string' ? refused(place, sample) : readSample(sample, place);
  },
  embedded: async (text, place, dir, index) => {
    const sample = await sampleIn(text, place, dir);
    return typeof sample === 'string' ? null : embeddedBytes(imagesOfSample(sample, place), index);
  },
};

/**
 * Inspect's `.json` log: the same tree in one document, with `version`, `status`, `eval`, … and `samples`. Attachments
 * stand in each sample.
 */
export const inspectJson: TraceFormat = {
  id: 'inspect-json',
  title: 'Inspect evaluation',
  unit: 'element',
  arrayAt: ['samples'],
  stepless: true,
  frames: {},
  detect: detectJson,
  read: async (text, place) => {
    const sample = parsed(text);
    return isObject(sample) ? readSample(sample, place) : refused(place, 'The sample is no object of JSON.');
  },
  embedded: async (text, place, _dir, index) => {
    const sample = parsed(text);
    return isObject(sample) ? embeddedBytes(imagesOfSample(sample, place), index) : null;
  },
};

const sampleFile = /_epoch_\d{1,9}\.json$/;
const chunkedFolder = /_epoch_\d{1,9}$/;
const shellName = 'sample.json';
const firstKeys = /^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:\s*"[a-z]+"\s*,\s*"eval"\s*:\s*\{/;
/** Ids with slashes make folders of their own. */
const foldersDeep = 8;
/** Messages of one sample: ranges that overlap could ask for any number. */
const maxMessages = 100_000;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) return null;
  const names = new Set((await dir.list('')).map(({ name }) => name));
  if (!names.has('samples') || !(names.has('header.json') || names.has('_journal'))) return null;
  const files = await samplesIn(dir);
  return files.length === 0
    ? null
    : { format: 'inspect-eval', files, reason: `${counted(files.length, 'sample')} of an Inspect evaluation.` };
}

async function samplesIn(dir: DirSource): Promise<readonly string[]> {
  const found: string[] = [];
  let level = ['samples'];
  for (let depth = 0; depth < foldersDeep && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level)
      for (const { kind, name } of await dir.list(folder)) {
        const path = joined(folder, name);
        if (kind === 'file') {
          if (sampleFile.test(name)) found.push(path);
        } else if (chunkedFolder.test(name) && (await dir.open(joined(path, shellName))) !== null)
          found.push(joined(path, shellName));
        else next.push(path);
      }
    level = next;
  }
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

async function detectJson({ dir, file }: OpenTarget): Promise<Detection | null> {
  const source = file?.endsWith('.json') ? await dir.open(file) : null;
  const head = source === null ? null : await readHead(source, 4096);
  if (file === null || head === null || !firstKeys.test(head.text)) return null;
  return { format: 'inspect-json', files: [file], reason: 'A log of an Inspect evaluation.' };
}

/** A sample with its messages and attachments in it, or why there is none. */
async function sampleIn(text: string, place: RecordPlace, dir: DirSource): Promise<JsonObject | string> {
  const sample = parsed(text);
  if (!isObject(sample)) return 'The sample is no object of JSON, or is still being written.';
  if (fileName(place.file) !== shellName) return sample;
  const folder = folderOf(place.file);
  const attachments = await chunks(dir, joined(folder, 'attachments'));
  const pool = await chunks(dir, joined(folder, 'messages'));
  if (typeof attachments === 'string') return attachments;
  if (typeof pool === 'string') return pool;
  return {
    ...sample,
    messages: expanded(sample.message_refs, pool),
    // Referred to by their place in the sequence.
    attachments: Object.fromEntries(attachments.map((content, i) => [String(i), content])),
  };
}

/**
 * Items of a sequence; each chunk is a list, named by the place of its first item. Where a chunk is missing or damaged,
 * why: the items behind it are referred to by their place.
 */
async function chunks(dir: DirSource, folder: string): Promise<readonly JsonValue[] | string> {
  const names = (await dir.list(folder))
    .filter(({ name }) => /^\d{1,12}\.json$/.test(name))
    .map(({ name }) => name)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const items: JsonValue[] = [];
  for (const name of names) {
    if (Number.parseInt(name, 10) !== items.length) return missing(folder, items.length);
    const source = await dir.open(joined(folder, name));
    const bytes = source === null ? null : await source.read(0, await source.size());
    const list = bytes === null ? undefined : parsed(new TextDecoder('utf-8').decode(bytes));
    if (!Array.isArray(list)) return missing(folder, items.length);
    for (const item of list) items.push(item);
  }
  return items;
}

function missing(folder: string, first: number): string {
  return `${joined(folder, `${first}.json`)} is missing or is no list of JSON.`;
}

/** Messages of `[start, end)` pairs, in their order. */
function expanded(refs: JsonValue | undefined, pool: readonly JsonValue[]): readonly JsonValue[] {
  const messages: JsonValue[] = [];
  for (const pair of Array.isArray(refs) ? refs : []) {
    const [start, end] = Array.isArray(pair) ? pair : [];
    if (typeof start !== 'number' || typeof end !== 'number' || messages.length > maxMessages) continue;
    for (const message of pool.slice(Math.max(0, start), end)) messages.push(message);
  }
  return messages;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
