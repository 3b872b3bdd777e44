import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import type { ParamsOf } from '../../../protocol/channel';
import type { DatasetCopy, DatasetMethods } from '../../../protocol/dataset';
import { thisMachine } from '../../../supervise/limits';
import { quoteText, TableDatabase, type TableLimits, tableError } from '../images/tableDatabase';
import { differenceOf, type ParquetShape, parquetShape } from './parquetShape';
import { mendedTruth } from './truthCells';

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

/** `dataset/copy`, in a database of its own, which is given the memory that rows with images need. */
export async function copyDataset(
  { dataset, drop, mends, to }: ParamsOf<DatasetMethods, 'dataset/copy'>,
  limits: TableLimits,
  cacheDir: string,
): Promise<DatasetCopy> {
  if (!/\.parquet$/i.test(dataset)) throw new UserError(`${dataset}: only a parquet dataset is copied`);
  const shape = await withDatabase(limits, null, (database) => parquetShape(database, dataset));
  const spill = join(cacheDir, `spill-${randomUUID().slice(0, 8)}`);
  try {
    return await withDatabase(roomFor(shape, limits), spill, async (database) => {
      const from = `read_parquet(${quoteText(dataset)}, file_row_number = true, hive_partitioning = false)`;
      const { mended, replace, truth } = await mendedTruth(database, from, shape.columns, mends);
      const dropped = [...new Set(drop)].filter((row) => row >= 0 && row < shape.rows);
      const columns = `* EXCLUDE (file_row_number)${replace.length === 0 ? '' : ` REPLACE (${replace.join(', ')})`}`;
      const where = dropped.length === 0 ? '' : ` WHERE file_row_number NOT IN (${dropped.join(', ')})`;
      const kept = shape.rows - dropped.length;
      if (to !== null) await write(database, `SELECT ${columns} FROM ${from}${where}`, to, shape, kept);
      return {
        rows: shape.rows,
        kept,
        truth,
        mended,
        compression: shape.codec.toLowerCase(),
        metadata: shape.metadata.map(({ key }) => key),
      };
    });
  } catch (error) {
    throw UserError.is(error) ? error : tableError(dataset, error);
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

/** Writes the copy and looks at what was written: a copy that differs in anything but its rows is none. */
async function write(
  database: TableDatabase,
  select: string,
  to: string,
  shape: ParquetShape,
  kept: number,
): Promise<void> {
  const codec = codecs[shape.codec] ?? 'zstd';
  const group = Math.max(1, Math.min(shape.rowGroup, Math.floor(mostBytesPerGroup / Math.max(1, shape.bytesPerRow))));
  const metadata = shape.metadata.map(({ key, value }) => `${quoteText(key)}: ${valueText(value)}`).join(', ');
  const kv = metadata === '' ? '' : `, KV_METADATA {${metadata}}`;
  await database.rows(
    `COPY (${select}) TO ${quoteText(to)} (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE ${group}${kv})`,
  );
  const written = await parquetShape(database, to);
  const difference = written.rows === kept ? differenceOf(shape, written) : `it would have ${written.rows} rows`;
  if (difference !== null) throw new UserError(`The dataset cannot be copied as it is: ${difference}.`);
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
