import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../../core/text/userError';
import type { Cell, TableColumn } from '../../../../formats/imageSet/train/tableColumn';
import { parquetShape } from '../../dataset/parquetShape';
import { defaultTableLimits, quoteName, quoteText, TableDatabase, tableError } from '../../images/tableDatabase';

/** Bytes of images in one file: DuckDB packs a file's rows at once, and takes some six times as much memory for it. */
const mostBytes = 96 * 2 ** 20;
const mostRows = 100_000;
/** Bytes and rows that are handed to DuckDB at once. */
const batchBytes = 8 * 2 ** 20;
const batchRows = 2048;
const roomPerByte = 6;

/**
 * Rows written as parquet files of bounded size, named as `datasets` names the parts of a split: `train-00000-of-00003.parquet`.
 * Each file is read again once it is written: other columns, rows or bytes are an error.
 */
export class ParquetShards {
  private readonly names: readonly string[];
  private readonly parts: string[] = [];
  private database: TableDatabase | null = null;
  private batch: (readonly Cell[])[] = [];
  private waiting = 0;
  private bytes = 0;
  private rows = 0;

  constructor(
    private readonly folder: string,
    private readonly split: string,
    private readonly columns: Readonly<Record<string, TableColumn>>,
    /** Text by key, for the footer. */
    private readonly metadata: Readonly<Record<string, string>>,
  ) {
    this.names = Object.keys(columns);
  }

  /** @param bytes of what is large in the row. */
  async add(row: Readonly<Record<string, Cell>>, bytes: number): Promise<void> {
    if (this.rows > 0 && (this.bytes + bytes > mostBytes || this.rows === mostRows)) await this.close();
    this.batch.push(this.names.map((name) => row[name] ?? null));
    this.rows++;
    this.bytes += bytes;
    this.waiting += bytes;
    if (this.waiting >= batchBytes || this.batch.length === batchRows) await this.hand();
  }

  /** Names of the files, once all rows were added. */
  async finish(): Promise<readonly string[]> {
    if (this.rows > 0) await this.close();
    const files: string[] = [];
    const number = (at: number) => String(at).padStart(5, '0');
    for (const [i, part] of this.parts.entries()) {
      const name = `${this.split}-${number(i)}-of-${number(this.parts.length)}.parquet`;
      await rename(join(this.folder, part), join(this.folder, name));
      files.push(name);
    }
    return files;
  }

  async dispose(): Promise<void> {
    await this.database?.dispose();
    this.database = null;
  }

  private async hand(): Promise<void> {
    this.database ??= await this.open();
    await this.database.append('rows', this.batch);
    this.batch = [];
    this.waiting = 0;
  }

  /** A database a file: what one has given back, DuckDB does not always give back. */
  private async open(): Promise<TableDatabase> {
    // The first row may be larger than a file should be.
    const memoryMb = Math.max(defaultTableLimits.memoryMb, Math.ceil((this.waiting * roomPerByte) / 2 ** 20));
    const database = new TableDatabase({ threads: 1, memoryMb });
    const columns = Object.entries(this.columns).map(([name, { type }]) => `${quoteName(name)} ${type}`);
    await database.rows(`CREATE TABLE rows (${columns.join(', ')})`);
    return database;
  }

  private async close(): Promise<void> {
    await this.hand();
    const { database, rows } = this;
    if (database === null) return;
    const part = `.${this.split}-${this.parts.length}.parquet`;
    const path = join(this.folder, part);
    const pairs = Object.entries(this.metadata).map(([key, text]) => `${quoteName(key)}: ${quoteText(text)}`);
    const metadata = pairs.length === 0 ? '' : `, KV_METADATA {${pairs.join(', ')}}`;
    // Images are packed already.
    try {
      await database.rows(`COPY rows TO ${quoteText(path)} (FORMAT parquet, COMPRESSION snappy${metadata})`);
      await this.check(database, path, rows);
    } catch (error) {
      throw UserError.is(error) ? error : tableError(this.split, error);
    }
    await this.dispose();
    this.parts.push(part);
    this.rows = 0;
    this.bytes = 0;
  }

  private async check(database: TableDatabase, path: string, rows: number): Promise<void> {
    const written = await parquetShape(database, path);
    const wanted = await database.rows('DESCRIBE rows');
    const same = wanted.every(([name, type]) => written.columns.get(String(name)) === String(type));
    const kept = Object.keys(this.metadata).every((key) => written.metadata.some((one) => one.key === key));
    if (!same || !kept || written.rows !== rows)
      throw new UserError(`The file of ${this.split} that was written does not read as it should: nothing is kept.`);
  }
}
