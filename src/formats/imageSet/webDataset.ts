import type { DatasetAnnotation, DatasetQuestion } from '../../core/dataset/datasetImage';
import type { ByteSource, DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { isObject, type JsonObject } from '../columns';
import type { OpenTarget } from '../format';
import { counted } from '../paths';
import { feed, type Met } from './feed';
import { extensionOf, isImageName } from './imageFiles';
import { objectsOf } from './imagefolderMetadata';
import type { ImageContent, ImagePlace, ImageSetDetection, ImageSetFormat } from './imageSetFormat';
import { objectOf } from './jsonFile';
import { plainAnnotation } from './plainAnnotation';
import { RecordNotes } from './recordNotes';
import { idAt } from './rowFormat';
import { isHeader, type TarMember, tarMembers } from './tarWalk';

/**
 * WebDataset: tars whose members of one key — the path up to the first dot of its name — are a sample (`group_by_keys` in
 * `webdataset/tariterators.py`): an image, and `json`, `cls`, `txt` beside it. Its decoder does not turn images. Boxes have no
 * place of their own in it: `objects` of the `json` is read as Hugging Face's data sets state them.
 */
export const webDataset: ImageSetFormat = {
  id: 'webdataset',
  title: 'WebDataset',
  frame: 'stored',
  detect,
  scan: async ({ dir }, detection, sink) => feed(records(dir, detection), sink),
  readImage: async ({ dir }, _detection, place) => {
    const source = await dir.open(place.file);
    const nothing = { annotations: [], questions: [], attributes: {} };
    if (source === null || place.stretch === undefined) return nothing;
    for await (const sample of samplesOf(stretchOf(source, place.stretch), () => undefined))
      return contentOf(source, moved(sample, place.stretch.offset), place, new RecordNotes(place.file));
    return nothing;
  },
};

/** Members of one key. Offsets count in the source they were read from. */
export interface Sample {
  readonly key: string;
  readonly members: readonly (TarMember & { readonly ending: string })[];
}

const tarsTried = 3;
const mostText = 16 * 1024 * 1024;

async function detect({ dir, file }: OpenTarget): Promise<ImageSetDetection | null> {
  const names = file === null ? (await dir.list('')).map(({ name }) => name) : [file];
  const tars = names.filter((name) => extensionOf(name) === 'tar');
  for (const name of tars.slice(0, tarsTried)) {
    const source = await dir.open(name);
    const head = source === null ? new Uint8Array() : await source.read(0, 64 * 1024);
    // A tar of anything else has no image among its first members.
    if (!isHeader(head.subarray(0, 512)) || !(await hasImage(head))) continue;
    const reason = `${counted(tars.length, 'tar')} of WebDataset: files of one key are a sample.`;
    return { format: 'webdataset', files: tars, reason };
  }
  return null;
}

async function hasImage(head: Uint8Array): Promise<boolean> {
  // The archive goes on behind what was read: an image that does so too is known by its header.
  for (let at = 0; at + 512 <= head.length; ) {
    const header = head.subarray(at, at + 512);
    if (!isHeader(header)) return false;
    const name = new TextDecoder().decode(header.subarray(0, 100)).replace(/\0.*$/s, '');
    if (isImageName(name)) return true;
    const length = Number.parseInt(new TextDecoder().decode(header.subarray(124, 136)), 8) || 0;
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return false;
}

/** Part of a file as a file. */
function stretchOf(source: ByteSource, { offset, length }: { offset: number; length: number }): ByteSource {
  const read = (at: number, count: number) => source.read(offset + at, Math.max(0, Math.min(count, length - at)));
  return { path: source.path, size: async () => length, read };
}

function moved({ key, members }: Sample, by: number): Sample {
  return { key, members: members.map((member) => ({ ...member, offset: member.offset + by })) };
}

/** Members of one key, which stand together. */
export async function* samplesOf(source: ByteSource, broken: (offset: number) => void): AsyncGenerator<Sample, void> {
  let open: { key: string; members: (TarMember & { ending: string })[] } | null = null;
  for await (const member of tarMembers(source, broken)) {
    const [, key, ending] = /^((?:.*\/)?[^./]+)\.([^/]*)$/.exec(member.name) ?? [];
    if (key === undefined || ending === undefined) continue;
    if (open !== null && open.key !== key) {
      yield open;
      open = null;
    }
    open ??= { key, members: [] };
    open.members.push({ ...member, ending: ending.toLowerCase() });
  }
  if (open !== null) yield open;
}

async function* records(dir: DirSource, { files }: ImageSetDetection): AsyncGenerator<Met, void> {
  for (const file of files) {
    const source = await dir.open(file);
    if (source === null) continue;
    const troubles: number[] = [];
    let before = 0;
    for await (const sample of samplesOf(source, (offset) => troubles.push(offset))) {
      const end = Math.max(...sample.members.map(({ offset, length }) => offset + Math.ceil(length / 512) * 512));
      yield { read: await readSample(source, sample, file, before, end), bytes: end - before };
      before = end;
    }
    const notes = new RecordNotes(file);
    for (const offset of troubles)
      notes.error(null, `The archive is broken at byte ${offset}: what follows is not read`);
    yield { read: notes.problems, bytes: 0 };
  }
}

async function readSample(source: ByteSource, sample: Sample, file: string, from: number, to: number) {
  const notes = new RecordNotes(file);
  // `000.mask.png` beside `000.jpg` is no sample's image.
  const pictures = sample.members.filter(({ ending }) => isImageName(`.${ending}`));
  const image = pictures.find(({ ending }) => !ending.includes('.')) ?? pictures[0];
  const place: ImagePlace = { file, line: null, stretch: { offset: from, length: to - from } };
  if (image === undefined) {
    notes.warn(null, `The sample "${sample.key}" has no image`);
    return notes.problems;
  }
  const content = await contentOf(source, sample, place, notes);
  return {
    image: {
      key: `${file}/${sample.key}`,
      file: image.name,
      size: null,
      split: /(?:^|[-_/])(train|val|test)(?:[-_.]|$)/.exec(file)?.[1] ?? null,
      bytes: { kind: 'slice', file, offset: image.offset, length: image.length } as const,
      place,
    },
    ...content,
    problems: notes.problems,
  };
}

/** What `json`, `cls` and `txt` say. */
async function contentOf(
  source: ByteSource,
  { members }: Sample,
  place: ImagePlace,
  notes: RecordNotes,
): Promise<ImageContent> {
  const attributes: Record<string, JsonValue> = {};
  const annotations: DatasetAnnotation[] = [];
  const questions: DatasetQuestion[] = [];
  for (const { ending, offset, length, name } of members) {
    if (length > mostText || !['json', 'cls', 'txt', 'text', 'caption'].includes(ending)) continue;
    const bytes = await source.read(offset, length);
    if (ending === 'json') {
      const about = objectOf(bytes, notes);
      if (about === null) continue;
      const { objects, ...rest } = about;
      Object.assign(attributes, withoutProto(rest));
      annotations.push(...objectsOf(objects, { ...place, file: name }, notes));
      if (typeof about.question === 'string')
        questions.push({
          text: about.question,
          options: [],
          answer: typeof about.answer === 'string' ? about.answer : null,
        });
    } else {
      const text = new TextDecoder().decode(bytes).trim();
      if (ending === 'cls') annotations.push(plainAnnotation(idAt({ ...place, file: name }, 0), text, { kind: 'tag' }));
      else attributes[ending] = text;
    }
  }
  return { annotations, questions, attributes };
}

function withoutProto(value: JsonObject): JsonObject {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__proto__')) : {};
}
