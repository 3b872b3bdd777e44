import type { RepaintMask } from '../../../core/dataset/repaintedMask';
import type { DirSource } from '../../../core/ports';
import type { Problem } from '../../../core/text/problem';
import type { OpenTarget } from '../../format';
import type { ImageContent, ImageSetDetection, ImageSetFormat, ScannedImage } from '../imageSetFormat';
import { recordBytes } from '../jsonFile';
import { RecordNotes } from '../recordNotes';
import { type SortedChanges, sortChanges } from './changes';
import { type Edit, editList, spliced } from './edits';
import type { Curation, ImageSetWriter, WriteHost, WrittenFile } from './imageSetWriter';

/** One image's record with what is to become of it. */
export interface RecordToEdit extends SortedChanges {
  readonly bytes: Uint8Array;
  /** Offset of the bytes in their file. */
  readonly base: number;
  readonly image: ScannedImage;
  readonly before: ImageContent;
  readonly notes: RecordNotes;
  readonly dir: DirSource;
  readonly repaintMask: RepaintMask;
}

/** Edits of a record that state its changes. What the format cannot state goes to `notes`. */
export type RecordEditor = (record: RecordToEdit) => readonly Edit[] | Promise<readonly Edit[]>;

/** Writes sets of a format whose records are edited one by one. */
export function recordWriter(format: ImageSetFormat, edit: RecordEditor, records: RecordFiles): ImageSetWriter {
  return {
    formats: [format.id],
    write: (target, detection, curation, host) => write(format, edit, records, target, detection, curation, host),
  };
}

/** How records lie in files. */
export interface RecordFiles {
  /** File of an image's record. */
  fileOf(image: ScannedImage): string;
  /** Files without records, which are copied. */
  others(dir: DirSource, detection: ImageSetDetection): Promise<readonly string[]>;
}

async function* write(
  format: ImageSetFormat,
  edit: RecordEditor,
  records: RecordFiles,
  target: OpenTarget,
  detection: ImageSetDetection,
  { changes, keep }: Curation,
  host: WriteHost,
): AsyncGenerator<WrittenFile, void> {
  const { dir } = target;
  const files = new Map<string, ScannedImage[]>();
  for (const image of await scannedImages(format, target, detection)) {
    const file = records.fileOf(image);
    const known = files.get(file);
    if (known === undefined) files.set(file, [image]);
    else known.push(image);
  }
  for (const other of await records.others(dir, detection)) {
    const source = await dir.open(other);
    if (source !== null) yield { path: other, bytes: spliced(source, []) };
  }
  for (const [file, images] of files) {
    const kept = images.filter(({ key }) => keep?.(key) ?? true);
    const source = await dir.open(file);
    const isNew = source === null && kept.some(({ key }) => changes.has(key));
    if (kept.length === 0 || (source === null && !isNew)) continue;
    const edits: Edit[] = [];
    for (const image of kept) {
      const wanted = changes.get(image.key);
      if (wanted === undefined) continue;
      const notes = new RecordNotes(file, image.place.line);
      const place = { ...image.place, file };
      const bytes = source === null ? new Uint8Array() : await recordBytes(dir, place, notes);
      const before = await format.readImage(target, detection, image.place);
      const base = image.place.stretch?.offset ?? 0;
      const sorted = sortChanges(before.annotations, wanted, notes);
      if (bytes !== null)
        edits.push(
          ...(await edit({ ...sorted, bytes, base, image, before, notes, dir, repaintMask: host.repaintMask })),
        );
      for (const problem of notes.problems) host.problem(problem);
    }
    if (kept.length < images.length) {
      if (images.every(({ place }) => place.stretch !== undefined)) edits.push(...droppedRecords(images, keep));
      else host.problem(keptWhole(file));
    }
    yield { path: file, bytes: spliced(source ?? emptySource(file), edits) };
  }
}

const emptySource = (path: string) => ({ path, size: async () => 0, read: async () => new Uint8Array() });

/** Every image of a set as a scan meets it. */
export async function scannedImages(
  format: ImageSetFormat,
  target: OpenTarget,
  detection: ImageSetDetection,
): Promise<readonly ScannedImage[]> {
  const images: ScannedImage[] = [];
  await format.scan(target, detection, {
    label: () => undefined,
    image: (image) => images.push(image),
    problem: () => undefined,
    progress: async () => undefined,
  });
  return images;
}

/** Records of a file of several that are not kept go, with what separates them from the next. */
function droppedRecords(images: readonly ScannedImage[], keep: Curation['keep']): readonly Edit[] {
  const stretches = images.flatMap(({ place }) => place.stretch ?? []);
  const starts = stretches.map(({ offset }) => offset);
  const ends = stretches.map(({ offset, length }) => offset + length);
  const [from, to] = [starts[0] ?? 0, ends.at(-1) ?? 0];
  const isDropped = (at: number) => !(keep?.(images[at]?.key ?? '') ?? true);
  return editList({ from, to, starts, ends }, isDropped, [], { before: '', between: '', after: '' });
}

function keptWhole(file: string): Problem {
  const message = 'Its images share what the file says of them: it is written whole, with those that were not chosen';
  return { severity: 'warning', file, line: null, element: null, field: null, message };
}

/** For formats whose every file is one image's. */
export const fileEach: RecordFiles = { fileOf: ({ place }) => place.file, others: async () => [] };

/** For a shape that a format has no way to write. */
export function unwritable(notes: RecordNotes, kind: string, format: string): null {
  notes.warn(null, `A shape of the kind "${kind}" cannot be written as ${format}: it is left as it was`);
  return null;
}
