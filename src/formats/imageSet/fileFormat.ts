import type { PixelFrame } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { Problem } from '../../core/text/problem';
import { folderOf } from '../paths';
import { feed, isRead, type Met } from './feed';
import { FolderNames, filesEnding, firstFiles } from './imageFiles';
import type { ImagePlace, ImageSetFormat, ImageSetFormatId, ReadImage } from './imageSetFormat';
import { recordBytes } from './jsonFile';
import { RecordNotes } from './recordNotes';

/** A format of image sets whose every annotation file is the record of one image. */
export interface FileFormat {
  readonly id: ImageSetFormatId;
  readonly title: string;
  readonly frame: PixelFrame;
  /** Of its annotation files, in lower case and without the dot. */
  readonly ending: string;
  /** By the beginning of a file with that ending. */
  claims(dir: DirSource, file: string): Promise<boolean>;
  /** Which files of that ending belong to a folder whose `first` was claimed; all of them by default. */
  isSibling?(path: string, first: string): boolean;
  reason(files: number): string;
  read(bytes: Uint8Array, file: string, names: FolderNames, notes: RecordNotes): Promise<Content | null>;
  embedded?(bytes: Uint8Array, place: ImagePlace): Uint8Array | null;
}

/** What a file holds; null with an error in the notes where it holds nothing. */
type Content = Omit<ReadImage, 'problems'>;

const filesTried = 5;

export function fileFormat(format: FileFormat): ImageSetFormat {
  const { id, title, frame, embedded } = format;
  const plain: ImageSetFormat = {
    id,
    title,
    frame,
    detect: async ({ dir, file }) => {
      const claimed = file !== null && isNamed(file, format) && (await format.claims(dir, file));
      const files = file === null ? await claimedFiles(dir, format) : claimed ? [file] : [];
      return files.length === 0 ? null : { format: id, files, reason: format.reason(files.length) };
    },
    scan: async ({ dir }, { files }, sink) => feed(records(dir, files, format), sink),
    readImage: async ({ dir }, _detection, { file }) => {
      const { read } = await readFile(dir, file, new FolderNames(dir), format);
      return isRead(read) ? read : { annotations: [], questions: [], attributes: {} };
    },
  };
  if (embedded === undefined) return plain;
  return {
    ...plain,
    embedded: async ({ dir }, _detection, place) => {
      const bytes = await recordBytes(dir, place, new RecordNotes(place.file));
      return bytes === null ? null : embedded(bytes, place);
    },
  };
}

/** The split that a folder's name begins with: `train/labels`, `val2017/x`; null where none does. */
export function splitOfFolder(file: string): string | null {
  return /(?:^|\/)(train|val|test)[^/]*\//.exec(file)?.[1] ?? null;
}

async function claimedFiles(dir: DirSource, format: FileFormat): Promise<readonly string[]> {
  for (const first of await firstFiles(dir, format.ending, filesTried)) {
    if (!(await format.claims(dir, first))) continue;
    const files = await filesEnding(dir, format.ending);
    return folderOf(first) === '' ? files : files.filter((path) => format.isSibling?.(path, first) ?? true);
  }
  return [];
}

function isNamed(file: string, { ending }: FileFormat): boolean {
  return file.toLowerCase().endsWith(`.${ending}`);
}

async function* records(dir: DirSource, files: readonly string[], format: FileFormat): AsyncGenerator<Met, void> {
  const names = new FolderNames(dir);
  for (const file of files) yield readFile(dir, file, names, format);
}

async function readFile(dir: DirSource, file: string, names: FolderNames, format: FileFormat): Promise<Met> {
  const notes = new RecordNotes(file);
  const bytes = await recordBytes(dir, { file, line: null }, notes);
  const content = bytes === null ? null : await format.read(bytes, file, names, notes);
  const problems: readonly Problem[] = notes.problems;
  return { read: content === null ? problems : { ...content, problems }, bytes: bytes?.length ?? 0 };
}
