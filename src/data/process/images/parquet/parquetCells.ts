import { UserError } from '../../../../core/text/userError';
import { quoteName, type TableDatabase, tableError } from '../tableDatabase';
import { CellReader } from './cellReader';
import { byteArrayLeaves, type ColumnChunk, columnChunks, type LeafColumn } from './leafColumn';
import { UnsupportedPage } from './pageBody';

/** DuckDB takes a whole column chunk into memory for one cell; above this many bytes it is not asked to. */
const maxChunkForDuckDb = 512 * 1024 * 1024;

interface OpenLeaf {
  readonly leaf: LeafColumn;
  readonly chunks: readonly ColumnChunk[];
  readonly readers: Map<ColumnChunk, CellReader>;
}

/** Single cells of a parquet file's byte-array columns (bytes and texts), read by row. */
export class ParquetCells {
  private leaves: Promise<readonly LeafColumn[]> | null = null;
  private readonly open = new Map<number, Promise<OpenLeaf>>();

  constructor(
    private readonly database: TableDatabase,
    readonly file: string,
  ) {}

  /** The leaves under a top-level column, in file order; empty when the column holds no bytes or text. */
  async leavesOf(column: string): Promise<readonly LeafColumn[]> {
    this.leaves ??= byteArrayLeaves(this.database, this.file);
    return (await this.leaves).filter((leaf) => leaf.path[0]?.toLowerCase() === column.toLowerCase());
  }

  /** True when every row holds exactly one element and none is null, so that no cell needs to be looked at. */
  async alwaysOne(leaf: LeafColumn): Promise<boolean> {
    const { chunks } = await this.opened(leaf);
    return chunks.every((chunk) => chunk.values === chunk.rows && chunk.nulls === 0);
  }

  /** Elements of the cell in `row` (0-based in the file); one for a column that is no list. */
  async cell(leaf: LeafColumn, row: number): Promise<readonly (Uint8Array | null)[]> {
    const opened = await this.opened(leaf);
    const chunk = opened.chunks.find((one) => row >= one.firstRow && row < one.firstRow + one.rows);
    if (chunk === undefined) throw new UserError(`${this.file}: there is no row ${row}`);
    const reader = opened.readers.get(chunk) ?? new CellReader(this.file, leaf, chunk);
    opened.readers.set(chunk, reader);
    try {
      return await reader.cell(row - chunk.firstRow);
    } catch (error) {
      if (!(error instanceof UnsupportedPage)) throw this.damaged(error, leaf, row);
      if (chunk.end - chunk.start > maxChunkForDuckDb)
        throw new UserError(
          `${this.file}: row ${row} stands in a row group of ${Math.round((chunk.end - chunk.start) / 1e6)} MB in an encoding (${error.message}) that cannot be read by row; write the file with smaller row groups`,
        );
      return await this.cellByDuckDb(leaf, row);
    }
  }

  private opened(leaf: LeafColumn): Promise<OpenLeaf> {
    const known = this.open.get(leaf.ordinal);
    if (known !== undefined) return known;
    const opened = columnChunks(this.database, this.file, leaf).then((chunks) => ({
      leaf,
      chunks,
      readers: new Map(),
    }));
    this.open.set(leaf.ordinal, opened);
    return opened;
  }

  private async cellByDuckDb(leaf: LeafColumn, row: number): Promise<readonly (Uint8Array | null)[]> {
    const [column = '', ...inner] = leaf.path;
    const fields = inner.filter((_, at) => at >= (leaf.maxRepetition > 0 ? 2 : 0)).map((name) => `.${quoteName(name)}`);
    const list = leaf.maxRepetition > 0 ? quoteName(column) : `[${quoteName(column)}]`;
    try {
      const rows = await this.database.rows(
        `SELECT unnest(${list})${fields.length === 0 ? '' : fields.join('')}::BLOB
         FROM read_parquet(?, file_row_number = true, hive_partitioning = false) WHERE file_row_number = ?`,
        [this.file, row],
      );
      return rows.map(([value]) => blobBytes(value));
    } catch (error) {
      throw tableError(this.file, error);
    }
  }

  private damaged(error: unknown, leaf: LeafColumn, row: number): UserError {
    const why = error instanceof Error ? error.message : String(error);
    return new UserError(`${this.file}: row ${row}, column ${leaf.path.join('.')} cannot be read: ${why}`);
  }
}

function blobBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array)
    return value.bytes;
  return null;
}
