import type { DirSource } from '../../core/ports';
import type { JsonObject } from '../columns';
import type { ImagePlace } from './imageSetFormat';

/** A larger table is no list of files' names. */
const mostBytes = 256 * 1024 * 1024;
const headerBytes = 64 * 1024;
const [quote, comma, newLine, carriage] = [0x22, 0x2c, 0x0a, 0x0d];

interface CsvRecord {
  readonly cells: readonly string[];
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/** Records of a table with commas (RFC 4180): cells in quotes may hold commas, line breaks and doubled quotes. */
function* records(bytes: Uint8Array): Generator<CsvRecord, void> {
  let [at, line] = [bytes[0] === 0xef ? 3 : 0, 1];
  while (at < bytes.length) {
    const [offset, first] = [at, line];
    const cells: string[] = [];
    for (let ended = false; !ended; ) {
      const start = at;
      if (bytes[at] === quote) {
        for (at++; at < bytes.length && !(bytes[at] === quote && bytes[at + 1] !== quote); at++) {
          if (bytes[at] === quote) at++;
          if (bytes[at] === newLine) line++;
        }
        at++;
      }
      while (at < bytes.length && bytes[at] !== comma && bytes[at] !== newLine) at++;
      cells.push(cellText(bytes, start, at));
      ended = bytes[at] !== comma;
      at++;
    }
    line++;
    if (cells.some((cell) => cell !== ''))
      yield { cells, offset, length: Math.min(at - 1, bytes.length) - offset, line: first };
  }
}

function cellText(bytes: Uint8Array, start: number, end: number): string {
  const last = bytes[end - 1] === carriage ? end - 1 : end;
  const text = new TextDecoder().decode(bytes.subarray(start, last));
  return text.startsWith('"') ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : text;
}

function objectOf(header: readonly string[], { cells }: CsvRecord): JsonObject {
  return Object.fromEntries(header.map((name, i) => [name, cells[i] ?? null]));
}

/** Names of the columns; none where the file is not there. */
export async function csvHeader(dir: DirSource, file: string): Promise<readonly string[]> {
  const source = await dir.open(file);
  if (source === null) return [];
  for (const { cells } of records(await source.read(0, headerBytes))) return cells;
  return [];
}

export async function* csvRows(dir: DirSource, file: string) {
  const source = await dir.open(file);
  const bytes = source === null ? new Uint8Array() : await source.read(0, mostBytes);
  let header: readonly string[] | null = null;
  for (const record of records(bytes)) {
    if (header === null) {
      header = record.cells;
      continue;
    }
    const { offset, length, line } = record;
    yield { place: { file, line, stretch: { offset, length } } satisfies ImagePlace, row: objectOf(header, record) };
  }
}

export async function csvRow(dir: DirSource, { file, stretch }: ImagePlace): Promise<JsonObject | null> {
  const [source, header] = [await dir.open(file), await csvHeader(dir, file)];
  if (source === null || stretch === undefined) return null;
  for (const record of records(await source.read(stretch.offset, stretch.length))) return objectOf(header, record);
  return null;
}
