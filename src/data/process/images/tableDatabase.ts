import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import { UserError } from '../../../core/text/userError';
import type { Cell } from '../../../formats/imageSet/train/tableColumn';
import { cellValue } from './cellValue';

export interface TableLimits {
  readonly threads: number;
  readonly memoryMb: number;
}

/** Half of what a child may take by default: the other half is the trace's. */
export const defaultTableLimits: TableLimits = { threads: 2, memoryMb: 1024 };

export type SqlValue = string | number | bigint;

/**
 * An in-memory DuckDB that reads dataset files and nothing else: no extension is installed or loaded on its own, nothing
 * spills to disk unless a folder is named for it, the settings cannot be changed afterwards. Started on first use.
 */
export class TableDatabase {
  private connection: Promise<DuckDBConnection> | null = null;
  private instance: DuckDBInstance | null = null;
  private tail: Promise<unknown> = Promise.resolve();

  /** @param spill absolute folder for what does not fit into memory; null for none. */
  constructor(
    private readonly limits: TableLimits = defaultTableLimits,
    private readonly spill: string | null = null,
  ) {}

  /** All rows of a small result, values as DuckDB's JavaScript objects. */
  rows(sql: string, values: readonly SqlValue[] = []): Promise<readonly (readonly unknown[])[]> {
    return this.exclusively(async (connection) => {
      const reader = await connection.runAndReadAll(sql, [...values]);
      return reader.getRows();
    });
  }

  /** Rows in chunks of some thousands, so that a large table never stands in memory. */
  stream(
    sql: string,
    values: readonly SqlValue[],
    onRows: (rows: readonly (readonly unknown[])[]) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    return this.exclusively(async (connection) => {
      const result: DuckDBResult = await connection.stream(sql, [...values]);
      for (;;) {
        signal?.throwIfAborted();
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        await onRows(chunk.getRows());
      }
    });
  }

  /** Adds rows to a table of this database, cells in the order of its columns. */
  append(table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.exclusively(async (connection) => {
      const appender = await connection.createAppender(table);
      try {
        for (const row of rows) {
          for (const [at, cell] of row.entries()) appender.appendValue(cellValue(cell), appender.columnType(at));
          appender.endRow();
        }
      } finally {
        appender.closeSync();
      }
    });
  }

  async dispose(): Promise<void> {
    const { connection, instance } = this;
    this.connection = null;
    this.instance = null;
    // A query under way ends first: closing under it would take the process down.
    await this.tail.catch(() => undefined);
    if (connection !== null) (await connection).closeSync();
    instance?.closeSync();
  }

  /** One statement at a time: a streamed result is invalid once its connection runs the next. */
  private exclusively<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.tail.then(async () => work(await this.connect()));
    this.tail = result.catch(() => undefined);
    return result;
  }

  private connect(): Promise<DuckDBConnection> {
    this.connection ??= this.start();
    return this.connection;
  }

  private async start(): Promise<DuckDBConnection> {
    this.instance = await DuckDBInstance.create(':memory:', {
      threads: String(this.limits.threads),
      memory_limit: `${this.limits.memoryMb}MB`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      temp_directory: this.spill ?? '',
    });
    const connection = await this.instance.connect();
    await connection.run('SET preserve_insertion_order = true');
    await connection.run('SET lock_configuration = true');
    return connection;
  }
}

/** SQL identifier. */
export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** SQL text. */
export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** DuckDB's message for a damaged file, in one line and with the file named. */
export function tableError(file: string, error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n', 1)[0]?.replace(/^(?:[A-Z][A-Za-z ]* Error: )/, '') ?? message;
  return new UserError(line.includes(file) ? line : `${file}: ${line}`);
}
