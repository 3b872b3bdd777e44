import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { UserError } from '../../../core/text/userError';
import { addRow, type Dataset, type DatasetKeys, maxDatasetRows } from './dataset';
import { imageColumns, objectOf, promptColumns } from './datasetRow';
import { embeddedBytes, type ImageCell, imageCells } from './imageCell';
import { KeyIndex } from './keyIndex';
import { type TableDatabase, tableError } from './tableDatabase';

/** Bytes of one row; DuckDB keeps a few buffers of this size. */
const maxRow = 32 * 1024 * 1024;

/**
 * Reads a JSON Lines file, or a JSON file that holds a list of rows, into an index. DuckDB cuts the file into rows, so
 * that a large list is never one text. Rows that are broken keep their place.
 */
export async function openJsonDataset(
  database: TableDatabase,
  file: string,
  keys: DatasetKeys,
  signal?: AbortSignal,
): Promise<Dataset> {
  const index = new KeyIndex();
  const images: (readonly ImageCell[])[] = [];
  let column: string | null = null;
  let keyed = 0;
  let broken = 0;
  const onRows = (rows: readonly (readonly unknown[])[]) => {
    if (index.rows > maxDatasetRows) throw new UserError(`${file}: too many rows to join images from`);
    for (const [text] of rows) {
      const value = rowValue(text);
      if (value === null) broken++;
      if (addRow(index, value, keys)) keyed++;
      const object = objectOf(value);
      const name = object === null ? undefined : imageColumnOf(object, keys.imageKey);
      column ??= name ?? null;
      images.push(object === null || name === undefined ? [] : imageCells(object[name]));
    }
  };
  try {
    await database.stream(`SELECT json::VARCHAR FROM ${sourceOf(file)}`, [file], onRows, signal);
  } catch (error) {
    if (UserError.is(error) || signal?.aborted) throw error;
    throw tableError(file, error);
  }
  if (keyed === 0)
    throw new UserError(
      `${file}: no row has a prompt (looked for ${[keys.promptKey, ...promptColumns].filter((name) => name !== undefined).join(', ')})`,
    );
  const warning = broken > 0 ? `${broken} rows are not JSON` : column === null ? 'no row names an image' : null;
  return new JsonDataset(file, index, column, warning, images, database, keys.imageKey);
}

/** `.jsonl` skips a broken line; a list has to be whole. */
function sourceOf(file: string): string {
  const lines = /\.(jsonl|ndjson)$/i.test(file);
  const format = lines ? `format = 'newline_delimited', ignore_errors = true` : `format = 'auto'`;
  return `read_json_objects(?, ${format}, maximum_object_size = ${maxRow})`;
}

function rowValue(text: unknown): JsonValue {
  if (typeof text !== 'string') return null;
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function imageColumnOf(row: { readonly [key: string]: JsonValue }, imageKey: string | undefined): string | undefined {
  return [imageKey, ...imageColumns].find(
    (name) => name !== undefined && row[name] !== undefined && row[name] !== null,
  );
}

class JsonDataset implements Dataset {
  constructor(
    readonly file: string,
    readonly index: KeyIndex,
    readonly imageColumn: string | null,
    readonly warning: string | null,
    private readonly cells: readonly (readonly ImageCell[])[],
    private readonly database: TableDatabase,
    private readonly imageKey: string | undefined,
  ) {}

  async images(row: number): Promise<readonly ImageCell[]> {
    return this.cells[row] ?? [];
  }

  async bytes(row: number, column: string, index: number): Promise<Uint8Array> {
    const rows = await this.database.rows(`SELECT json::VARCHAR FROM ${sourceOf(this.file)} LIMIT 1 OFFSET ?`, [
      this.file,
      row,
    ]);
    const object = objectOf(rowValue(rows[0]?.[0]));
    const name =
      object === null ? undefined : object[column] !== undefined ? column : imageColumnOf(object, this.imageKey);
    const bytes = object === null || name === undefined ? null : embeddedBytes(object[name], index);
    if (bytes === null) throw new UserError(`${this.file}: row ${row}, column ${column} holds no image ${index + 1}`);
    return bytes;
  }
}
