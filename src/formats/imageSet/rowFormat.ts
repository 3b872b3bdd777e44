import type { PixelFrame } from '../../core/dataset/datasetImage';
import type { DirSource } from '../../core/ports';
import type { Problem } from '../../core/text/problem';
import type { JsonObject } from '../columns';
import type { OpenTarget } from '../format';
import { feed, type Met } from './feed';
import type {
  ImageContent,
  ImagePlace,
  ImageSetDetection,
  ImageSetFormat,
  ImageSetFormatId,
  ScannedImage,
} from './imageSetFormat';
import { type FileRecord, jsonRows } from './json/jsonRows';
import { objectOf, recordBytes } from './jsonFile';
import { RecordNotes } from './recordNotes';

/** An image as a row states it. */
export interface RowImage extends ImageContent {
  readonly image: Omit<ScannedImage, 'place'>;
}

/** A format of image sets whose records are rows: lines of JSON Lines, elements of a list, lines of a table. */
export interface RowFormat {
  readonly id: ImageSetFormatId;
  readonly title: string;
  readonly frame: PixelFrame;
  detect(target: OpenTarget): Promise<ImageSetDetection | null>;
  /** Null with an error in `notes` for a row without an image. */
  read(row: JsonObject, place: ImagePlace, dir: DirSource, notes: RecordNotes): Promise<RowImage | null>;
  /** Rows of a file that is none of JSON, and one of them by its place; null for JSON. */
  readonly table?: {
    rows(dir: DirSource, file: string): AsyncGenerator<{ place: ImagePlace; row: JsonObject }, void>;
    row(dir: DirSource, place: ImagePlace): Promise<JsonObject | null>;
    isTable(file: string): boolean;
  };
}

export function rowFormat(format: RowFormat): ImageSetFormat {
  return {
    id: format.id,
    title: format.title,
    frame: format.frame,
    detect: (target) => format.detect(target),
    scan: async ({ dir }, { files }, sink) => feed(records(format, dir, files), sink, true),
    readImage: async ({ dir }, _detection, place) => {
      const notes = new RecordNotes(place.file, place.line);
      const row = format.table?.isTable(place.file)
        ? await format.table.row(dir, place)
        : await jsonRow(dir, place, notes);
      const read = row === null ? null : await format.read(row, place, dir, notes);
      return read ?? { annotations: [], questions: [], attributes: {} };
    },
  };
}

async function jsonRow(dir: DirSource, place: ImagePlace, notes: RecordNotes): Promise<JsonObject | null> {
  const bytes = await recordBytes(dir, place, notes);
  return bytes === null ? null : objectOf(bytes, notes);
}

async function* records(format: RowFormat, dir: DirSource, files: readonly string[]): AsyncGenerator<Met, void> {
  for (const file of files) {
    if (format.table?.isTable(file)) {
      for await (const { place, row } of format.table.rows(dir, file)) yield met(format, dir, place, row, 0);
    } else for await (const record of jsonRows(dir, file)) yield metRecord(format, dir, record);
  }
}

async function metRecord(format: RowFormat, dir: DirSource, { place, bytes }: FileRecord): Promise<Met> {
  const notes = new RecordNotes(place.file, place.line);
  const row = objectOf(bytes, notes);
  if (row === null) return { read: notes.problems, bytes: bytes.length };
  return met(format, dir, place, row, bytes.length);
}

async function met(format: RowFormat, dir: DirSource, place: ImagePlace, row: JsonObject, bytes: number): Promise<Met> {
  const notes = new RecordNotes(place.file, place.line);
  const read = await format.read(row, place, dir, notes);
  const problems: readonly Problem[] = notes.problems;
  return { read: read === null ? problems : { ...read, image: { ...read.image, place }, problems }, bytes };
}

/** Id of a row's annotation: rows are told apart by where they begin. */
export function idAt({ file, stretch }: ImagePlace, at: number): string {
  return `${file}:${stretch?.offset ?? 0}#${at}`;
}
