import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { UserError } from '../../../core/text/userError';
import { addRow, type Dataset, type DatasetKeys, maxDatasetRows } from './dataset';
import { imageColumns, promptColumns, truthColumns } from './datasetRow';
import { decodeEmbedded, type ImageCell, isEmbedded } from './imageCell';
import { KeyIndex } from './keyIndex';
import type { LeafColumn } from './parquet/leafColumn';
import { ParquetCells } from './parquet/parquetCells';
import { structFields } from './structType';
import { quoteName, quoteText, type TableDatabase, tableError } from './tableDatabase';

const source = 'read_parquet(?, hive_partitioning = false)';

/**
 * Reads the key columns of a parquet file into an index, in chunks. Image columns are not touched. Throws `UserError`
 * for a damaged file and for one without a column that could hold the prompt.
 */
export async function openParquetDataset(
  database: TableDatabase,
  file: string,
  keys: DatasetKeys,
  signal?: AbortSignal,
): Promise<Dataset> {
  try {
    const columns = await columnsOf(database, file);
    const [[rows = 0] = []] = await database.rows(`SELECT count(*) FROM ${source}`, [file]);
    if (Number(rows) > maxDatasetRows) throw new UserError(`${file}: ${rows} rows are too many to join images from`);
    const index = await readKeys(database, file, keyExpression(file, columns, keys), keys, signal);
    return new ParquetDataset(
      file,
      index,
      imageColumnIn(columns, keys.imageKey),
      new ParquetCells(database, file),
      columns,
    );
  } catch (error) {
    if (UserError.is(error) || signal?.aborted) throw error;
    throw tableError(file, error);
  }
}

/** The images of a parquet file by row, without its keys. Throws `UserError` for a damaged file. */
export async function openParquetImages(
  database: TableDatabase,
  file: string,
  imageKey: string | undefined,
): Promise<ParquetImages> {
  try {
    const imageColumn = imageColumnIn(await columnsOf(database, file), imageKey);
    return new ParquetImages(file, imageColumn, new ParquetCells(database, file));
  } catch (error) {
    throw UserError.is(error) ? error : tableError(file, error);
  }
}

/** Types by column, in the file's order. */
async function columnsOf(database: TableDatabase, file: string): Promise<ReadonlyMap<string, string>> {
  const described = await database.rows(`DESCRIBE SELECT * FROM ${source}`, [file]);
  return new Map(described.map(([name, type]) => [String(name), String(type)]));
}

function imageColumnIn(columns: ReadonlyMap<string, string>, imageKey: string | undefined): string | null {
  return [imageKey, ...imageColumns].find((name) => name !== undefined && columns.has(name)) ?? null;
}

async function readKeys(
  database: TableDatabase,
  file: string,
  expression: string,
  keys: DatasetKeys,
  signal: AbortSignal | undefined,
): Promise<KeyIndex> {
  const index = new KeyIndex();
  await database.stream(
    `SELECT ${expression}::VARCHAR FROM ${source}`,
    [file],
    (rows) => {
      for (const [text] of rows) addRow(index, rowValue(text), keys);
    },
    signal,
  );
  return index;
}

function rowValue(text: unknown): JsonValue {
  try {
    return parseTolerantJson(String(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A JSON object of the key columns, built by DuckDB so that nested columns need no conversion of their own. */
function keyExpression(file: string, columns: ReadonlyMap<string, string>, keys: DatasetKeys): string {
  const parts: string[] = [];
  let prompts = 0;
  const add = (name: string, expression: string) => parts.push(`${quoteText(name)}, ${expression}`);
  for (const name of new Set([...(keys.promptKey === undefined ? [] : [keys.promptKey]), ...promptColumns])) {
    const type = columns.get(name);
    // Messages that carry image bytes would drag every image through the index.
    if (type === undefined || type.includes('BLOB')) continue;
    add(name, quoteName(name));
    prompts++;
  }
  const extra = structFields(columns.get('extra_info') ?? '');
  if (extra.has('question')) prompts++;
  if (prompts === 0)
    throw new UserError(
      `${file}: no column holds the prompt (looked for ${[keys.promptKey, ...promptColumns].filter((name) => name !== undefined).join(', ')}; the file has ${[...columns.keys()].slice(0, 20).join(', ')})`,
    );
  for (const name of [...truthColumns, 'data_source']) if (columns.has(name)) add(name, quoteName(name));
  const inner = (column: string, fields: ReadonlyMap<string, string>, wanted: readonly string[]) => {
    const present = wanted.filter((field) => fields.has(field) && !fields.get(field)?.includes('BLOB'));
    if (present.length === 0) return;
    const list = present.map((field) => `${quoteText(field)}, ${quoteName(column)}.${quoteName(field)}`);
    add(column, `json_object(${list.join(', ')})`);
  };
  inner('extra_info', extra, ['question', 'answer']);
  inner('reward_model', structFields(columns.get('reward_model') ?? ''), ['ground_truth']);
  return `json_object(${parts.join(', ')})`;
}

/** Image cells of a parquet file, read by row. */
export class ParquetImages {
  constructor(
    readonly file: string,
    /** Null when no column holds images. */
    readonly imageColumn: string | null,
    private readonly cells: ParquetCells,
  ) {}

  async images(row: number): Promise<readonly ImageCell[]> {
    if (this.imageColumn === null) return [];
    const { bytes, path } = await this.leaves(this.imageColumn);
    if (bytes !== null && (await this.cells.alwaysOne(bytes))) return [{ kind: 'embedded' }];
    const data = bytes === null ? [] : await this.cells.cell(bytes, row);
    const names = path === null ? [] : await this.cells.cell(path, row);
    return Array.from({ length: Math.max(data.length, names.length) }, (_, index): ImageCell => {
      if ((data[index]?.length ?? 0) > 0) return { kind: 'embedded' };
      const name = names[index];
      if (name === null || name === undefined || name.length === 0) return { kind: 'null' };
      const text = new TextDecoder().decode(name);
      return isEmbedded(text) ? { kind: 'embedded' } : { kind: 'path', path: text.replace(/^file:\/\//, '') };
    });
  }

  async bytes(row: number, column: string, index: number): Promise<Uint8Array> {
    const { bytes, path } = await this.leaves(column);
    const cell = bytes === null ? null : (await this.cells.cell(bytes, row))[index];
    if (cell !== null && cell !== undefined && cell.length > 0) return cell;
    const name = path === null ? null : (await this.cells.cell(path, row))[index];
    const text = name === null || name === undefined ? '' : new TextDecoder().decode(name);
    if (isEmbedded(text)) return decodeEmbedded(text);
    throw new UserError(`${this.file}: row ${row}, column ${column} holds no image ${index + 1}`);
  }

  /** The leaf with the bytes and the leaf with the path or text; a plain column of either kind is its own leaf. */
  private async leaves(column: string): Promise<{ bytes: LeafColumn | null; path: LeafColumn | null }> {
    const leaves = await this.cells.leavesOf(column);
    const named = (...names: string[]) => leaves.find((leaf) => names.includes(leaf.path.at(-1) ?? '')) ?? null;
    const [only] = leaves;
    const structured = named('bytes') !== null || named('path', 'image', 'image_path', 'url') !== null;
    if (structured && (only === undefined || only.path.length > 1))
      return { bytes: named('bytes'), path: named('path', 'image', 'image_path', 'url') };
    if (only === undefined) return { bytes: null, path: null };
    return only.text ? { bytes: null, path: only } : { bytes: only, path: null };
  }
}

class ParquetDataset extends ParquetImages implements Dataset {
  readonly warning: string | null;

  constructor(
    file: string,
    readonly index: KeyIndex,
    imageColumn: string | null,
    cells: ParquetCells,
    columns: ReadonlyMap<string, string>,
  ) {
    super(file, imageColumn, cells);
    this.warning =
      imageColumn === null
        ? `no column holds images (looked for ${imageColumns.join(', ')}; the file has ${[...columns.keys()].slice(0, 20).join(', ')})`
        : null;
  }
}
