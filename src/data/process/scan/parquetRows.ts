import { Lru } from '../../../core/collections/lru';
import type { TraceFolder } from '../files/traceFolder';
import { structFields } from '../images/structType';
import { quoteName, TableDatabase, type TableLimits, tableError } from '../images/tableDatabase';

/** Rows fetched together at most, and bytes they should not exceed. */
const blockRows = 256;
const blockBytes = 2 * 1024 * 1024;
/** UTF-16 units of rows that are kept. */
const blocksKept = 16 * 1024 * 1024;

/**
 * Rows of parquet files as texts of JSON (NaN and Infinity as Python writes them). Columns of bytes are left out, wholly or, with
 * `namesPictures`, but for the `path` beside the bytes.
 */
export class ParquetRows {
  /** A scan streams for as long as it takes; rows that a person waits for have a database of their own. */
  private readonly scans: TableDatabase;
  private readonly singles: TableDatabase;
  private readonly columns = new Map<string, Promise<string>>();
  private readonly blocks = new Lru<string, readonly string[]>(blocksKept);
  private readonly pending = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly dir: TraceFolder,
    limits: TableLimits,
    private readonly namesPictures = false,
  ) {
    this.scans = new TableDatabase(limits);
    this.singles = new TableDatabase(limits);
  }

  /** Number of rows, from the file's footer. Throws `UserError` for a damaged file, as the others do. */
  async count(file: string): Promise<number> {
    const [[count = 0] = []] = await this.rows(file, `SELECT count(*) FROM ${source}`, []);
    return Number(count);
  }

  /** Every row in file order, some thousands at a time; the next ones are fetched once `onRows` is done. */
  async stream(file: string, onRows: (texts: readonly string[]) => Promise<void>, signal: AbortSignal): Promise<void> {
    const sql = `SELECT to_json(t) FROM (SELECT ${await this.selected(file)} FROM ${source}) t`;
    let failed = false;
    try {
      await this.scans.stream(
        sql,
        [this.dir.locate(file)],
        async (rows) => {
          try {
            await onRows(rows.map(([text]) => String(text)));
          } catch (error) {
            failed = true;
            throw error;
          }
        },
        signal,
      );
    } catch (error) {
      // What the receiver threw is not the file's fault.
      throw failed || signal.aborted ? error : tableError(file, error);
    }
  }

  /**
   * One row by its 0-based number; null when there is none. Its neighbours are fetched with it and kept: who asks for one
   * soon asks for the next, and a query costs the same for either.
   * @param length bytes the row had when it was scanned.
   */
  async row(file: string, row: number, length: number): Promise<string | null> {
    const count = 2 ** Math.floor(Math.log2(Math.min(blockRows, Math.max(1, blockBytes / length))));
    const first = Math.floor(row / count) * count;
    // A file that was written anew has other rows.
    const key = `${file}\0${await this.dir.source(file).size()}\0${first}\0${count}`;
    const known = this.blocks.get(key) ?? (await this.block(key, file, first, count));
    return known[row - first] ?? null;
  }

  /** Reads a block once, however many ask for it meanwhile. */
  private block(key: string, file: string, first: number, count: number): Promise<readonly string[]> {
    const pending = this.pending.get(key);
    if (pending !== undefined) return pending;
    const read = this.readBlock(file, first, count)
      .then((texts) => {
        this.blocks.set(
          key,
          texts,
          texts.reduce((sum, text) => sum + text.length, 0),
        );
        return texts;
      })
      .finally(() => this.pending.delete(key));
    this.pending.set(key, read);
    return read;
  }

  private async readBlock(file: string, first: number, count: number): Promise<readonly string[]> {
    const numbered = 'read_parquet(?, hive_partitioning = false, file_row_number = true)';
    const inner = `SELECT ${await this.selected(file)} FROM ${numbered} WHERE file_row_number BETWEEN ? AND ?`;
    const range = [BigInt(first), BigInt(first + count - 1)];
    const rows = await this.rows(file, `SELECT to_json(t) FROM (${inner}) t`, range);
    return rows.map(([text]) => String(text));
  }

  async dispose(): Promise<void> {
    await Promise.all([this.scans.dispose(), this.singles.dispose()]);
  }

  /** The columns that are text and numbers, as a list for SELECT. */
  private selected(file: string): Promise<string> {
    const known = this.columns.get(file);
    if (known !== undefined) return known;
    const found = this.rows(file, `DESCRIBE SELECT * FROM ${source}`, []).then((rows) =>
      rows.flatMap(([name, type]) => this.expression(quoteName(String(name)), String(type))).join(', '),
    );
    this.columns.set(file, found);
    return found;
  }

  private expression(column: string, type: string): readonly string[] {
    if (!type.includes('BLOB')) return [column];
    if (!this.namesPictures) return [];
    if (structFields(type).get('path') === 'VARCHAR') return [`{'path': ${column}."path"} AS ${column}`];
    const isList = type.endsWith('[]') && structFields(type.slice(0, -2)).get('path') === 'VARCHAR';
    return isList ? [`list_transform(${column}, lambda one: {'path': one."path"}) AS ${column}`] : [];
  }

  private async rows(file: string, sql: string, values: readonly bigint[]): Promise<readonly (readonly unknown[])[]> {
    try {
      return await this.singles.rows(sql, [this.dir.locate(file), ...values]);
    } catch (error) {
      throw tableError(file, error);
    }
  }
}

const source = 'read_parquet(?, hive_partitioning = false)';
