import { rm } from 'node:fs/promises';
import { UserError } from '../../../core/text/userError';
import { thisMachine } from '../../../supervise/limits';
import { quoteText, TableDatabase, type TableLimits, tableError } from '../images/tableDatabase';
import { differenceOf, type ParquetShape, parquetShape } from './parquetShape';

/** A parquet file that is copied, in a database of its own, which is given the memory that rows with images need. */
export interface TableToCopy {
  readonly database: TableDatabase;
  readonly shape: ParquetShape;
  /** What `FROM` takes: the file's columns and `file_row_number`. */
  readonly from: string;
  /**
   * Writes the copy and looks at what was written: a copy that differs in anything but its rows is none. Returns the rows it has.
   * @param replace columns that change, as DuckDB's `REPLACE` takes them.
   * @param dropped 0-based rows that are left out.
   */
  write(to: string, replace: readonly string[], dropped: readonly number[]): Promise<number>;
}

/** Rows that DuckDB reads at once. */
const vector = 2048;
const mostBytesPerGroup = 256 * 1024 * 1024;

const codecs: Readonly<Record<string, string>> = {
  UNCOMPRESSED: 'uncompressed',
  SNAPPY: 'snappy',
  GZIP: 'gzip',
  ZSTD: 'zstd',
  BROTLI: 'brotli',
  LZ4: 'lz4_raw',
  LZ4_RAW: 'lz4_raw',
};

/** Opens a table for `work`. Throws `UserError` for what is no parquet. @param spill absolute folder for what memory does not hold. */
export async function copyTable<T>(
  file: string,
  limits: TableLimits,
  spill: string,
  work: (table: TableToCopy) => Promise<T>,
): Promise<T> {
  const shape = await withDatabase(limits, null, (database) => parquetShape(database, file));
  try {
    return await withDatabase(roomFor(shape, limits), spill, (database) => work(tableToCopy(database, shape, file)));
  } catch (error) {
    throw UserError.is(error) ? error : tableError(file, error);
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

function tableToCopy(database: TableDatabase, shape: ParquetShape, file: string): TableToCopy {
  const from = `read_parquet(${quoteText(file)}, file_row_number = true, hive_partitioning = false)`;
  const write: TableToCopy['write'] = async (to, replace, dropped) => {
    const kept = shape.rows - dropped.length;
    const columns = `* EXCLUDE (file_row_number)${replace.length === 0 ? '' : ` REPLACE (${replace.join(', ')})`}`;
    const where = rowsLeft(shape.rows, dropped);
    const options = copyOptions(shape).join(', ');
    await database.rows(`COPY (SELECT ${columns} FROM ${from}${where}) TO ${quoteText(to)} (${options})`);
    const written = await parquetShape(database, to);
    const difference = written.rows === kept ? differenceOf(shape, written) : `it would have ${written.rows} rows`;
    if (difference !== null) throw new UserError(`The dataset cannot be copied as it is: ${difference}.`);
    return kept;
  };
  return { database, shape, from, write };
}

/** The condition for rows that stay, by the shorter of both lists. */
function rowsLeft(rows: number, dropped: readonly number[]): string {
  if (dropped.length === 0) return '';
  if (dropped.length <= rows / 2) return ` WHERE file_row_number NOT IN (${dropped.join(', ')})`;
  const gone = new Set(dropped);
  const left = Array.from({ length: rows }, (_, row) => row).filter((row) => !gone.has(row));
  return ` WHERE file_row_number IN (${left.length === 0 ? 'NULL' : left.join(', ')})`;
}

function copyOptions({ codec, rowGroup, bytesPerRow, metadata }: ParquetShape): readonly string[] {
  const group = Math.max(1, Math.min(rowGroup, Math.floor(mostBytesPerGroup / Math.max(1, bytesPerRow))));
  const stated = metadata.map(({ key, value }) => `${quoteText(key)}: ${valueText(value)}`).join(', ');
  const plain = ['FORMAT parquet', `COMPRESSION ${codecs[codec] ?? 'zstd'}`, `ROW_GROUP_SIZE ${group}`];
  return stated === '' ? plain : [...plain, `KV_METADATA {${stated}}`];
}

/** Metadata is text in practice; what is not is given byte by byte. */
function valueText(value: Uint8Array): string {
  const text = new TextDecoder().decode(value);
  if (!text.includes('\0') && Buffer.compare(new TextEncoder().encode(text), value) === 0) return quoteText(text);
  return `'${[...value].map((byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')}'::BLOB`;
}

/** A vector of rows is read, kept and packed at once; at most half the machine. */
function roomFor({ bytesPerRow }: ParquetShape, limits: TableLimits): TableLimits {
  const needed = (Math.min(vector * bytesPerRow, mostBytesPerGroup * 8) * 4) / 2 ** 20 + 256;
  const memoryMb = Math.floor(Math.max(limits.memoryMb, Math.min(needed, thisMachine().memoryMb / 2)));
  // Every thread holds a vector.
  return { threads: needed > limits.memoryMb ? 1 : limits.threads, memoryMb };
}

async function withDatabase<T>(
  limits: TableLimits,
  spill: string | null,
  work: (database: TableDatabase) => Promise<T>,
): Promise<T> {
  const database = new TableDatabase(limits, spill);
  try {
    return await work(database);
  } finally {
    await database.dispose();
  }
}
