import { extname } from 'node:path';
import { quoteName, quoteText, TableDatabase, tableError } from '../../images/tableDatabase';
import type { ScoreCells, ScoreRow, ScoreTable } from './scoreTable';

/** CSV, TSV and parquet, read by DuckDB. Cells of CSV stay texts until a value is asked for, so that `0012` stays a name. */
export async function openTabularScores(path: string): Promise<ScoreTable> {
  const database = new TableDatabase();
  const table = new TabularScores(path, database);
  try {
    await table.names();
    return table;
  } catch (error) {
    await database.dispose();
    throw tableError(path, error);
  }
}

/** Bytes of a line; DuckDB keeps a few buffers of that size. */
const longestLine = 16 * 2 ** 20;

class TabularScores implements ScoreTable {
  readonly inOrder = false;
  private readonly isCsv: boolean;
  private known: readonly string[] | null = null;

  constructor(
    private readonly path: string,
    private readonly database: TableDatabase,
  ) {
    this.isCsv = extname(path).toLowerCase() !== '.parquet';
  }

  /** Columns but those of bytes. */
  async names(): Promise<readonly string[]> {
    this.known ??= (await this.database.rows(`DESCRIBE SELECT * FROM ${this.source(false)}`))
      .filter(([, type]) => !String(type).includes('BLOB'))
      .map(([name]) => String(name));
    return this.known;
  }

  async head(rows: number) {
    const names = await this.names();
    const cells = names.map((name) => `${quoteName(name)}::VARCHAR`).join(', ');
    const found = names.length === 0 ? [] : await this.read(`SELECT ${cells} FROM ${this.source(false)} LIMIT ${rows}`);
    return { names, rows: found };
  }

  async stream({ key, value, kind }: ScoreCells, take: (row: ScoreRow) => void, signal: AbortSignal): Promise<void> {
    const keyed = key === null ? 'NULL' : `${quoteName(key)}::VARCHAR`;
    const cast = `TRY_CAST(${quoteName(value)} AS ${kind === 'number' ? 'DOUBLE' : 'DOUBLE[]'})`;
    const onRows = (rows: readonly (readonly unknown[])[]) => {
      for (const [name, cell] of rows)
        take({ key: typeof name === 'string' ? name : null, value: kind === 'number' ? numberIn(cell) : listIn(cell) });
    };
    try {
      await this.database.stream(`SELECT ${keyed}, ${cast} FROM ${this.source(true)}`, [], onRows, signal);
      // Lines that are no rows are told as rows without anything in them.
      const broken = this.isCsv ? await this.database.rows('SELECT count(DISTINCT line) FROM reject_errors') : [];
      for (let left = Number(broken[0]?.[0] ?? 0); left > 0; left--) take({ key: null, value: null });
    } catch (error) {
      throw signal.aborted ? error : tableError(this.path, error);
    }
  }

  dispose(): Promise<void> {
    return this.database.dispose();
  }

  private source(rejects: boolean): string {
    // A name may hold what would be a pattern.
    const path = quoteText(this.path.replace(/[*?[]/g, '[$&]'));
    if (!this.isCsv) return `read_parquet(${path}, hive_partitioning = false)`;
    const texts = `header = true, all_varchar = true, null_padding = true, max_line_size = ${longestLine}`;
    return `read_csv(${path}, ${texts}, ignore_errors = true, store_rejects = ${rejects})`;
  }

  private async read(sql: string): Promise<readonly (readonly unknown[])[]> {
    try {
      return await this.database.rows(sql);
    } catch (error) {
      throw tableError(this.path, error);
    }
  }
}

const numberIn = (cell: unknown): number | null => (typeof cell === 'number' ? cell : null);

/** DuckDB's lists hold their elements as `items`. */
function listIn(cell: unknown): ArrayLike<number> | null {
  if (typeof cell !== 'object' || cell === null || !('items' in cell) || !Array.isArray(cell.items)) return null;
  const items: readonly unknown[] = cell.items;
  return items.every((item): item is number => typeof item === 'number') ? items : null;
}
