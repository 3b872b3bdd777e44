import { setImmediate as nextTurn } from 'node:timers/promises';
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { JsonValue } from '../../../core/text/jsonValue';
import { UserError } from '../../../core/text/userError';
import { quoteName } from '../images/tableDatabase';
import { knownColumns, unknownColumn } from './chips';
import { rowNumberName } from './columnNames';
import type { ColumnStore } from './columnStore';
import type { RowMask } from './groupStatistics';
import { emptyMask, inMask } from './rowMask';
import { checkedColumns } from './sqlGuard';

/** UTF-16 units: nobody writes more by hand. */
const longest = 4000;
/** Rows of a chunk that DuckDB takes. */
const chunkRows = 2048;
/** MiB for the copy of the columns that a condition names. */
const memoryMb = 512;
const defaultTimeout = 10_000;
/** Milliseconds of copying before other requests get their turn. */
const slice = 8;

/** A column that a condition may name. */
export interface SqlColumn {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly data: { at(row: number): number | string | null };
}

/** Columns by name, and what is said of those that are not there. */
export interface SqlColumns<C extends SqlColumn> {
  all(): Iterable<C>;
  unknown(name: string): UserError;
  /** One sentence for messages. */
  known(): string;
}

/** Rows that are looked at, of so many; `among` null for all. */
export interface SqlRows {
  readonly rows: number;
  readonly among: RowMask;
}

/** As `rowsOfColumns`, over the columns of a trace. */
export function rowsWhere(
  condition: string,
  store: ColumnStore,
  rows: number,
  among: RowMask,
  signal: AbortSignal,
  timeout = defaultTimeout,
): Promise<Uint32Array> {
  const columns = {
    all: () => store.all(),
    unknown: (name: string) => unknownColumn(store, name),
    known: () => knownColumns(store),
  };
  return rowsOfColumns(condition, columns, () => ({ rows, among }), signal, timeout);
}

/**
 * Rows for which a condition, as it may stand behind WHERE, is true. It runs in a DuckDB of its own that reaches no file,
 * network or extension, on a copy of the columns that it names.
 * @param rowsOf the rows that the columns which it names are looked at in.
 * @throws UserError with DuckDB's own sentence, or for what is no plain condition, or takes longer than `timeout` ms.
 */
export async function rowsOfColumns<C extends SqlColumn>(
  condition: string,
  source: SqlColumns<C>,
  rowsOf: (columns: readonly C[]) => SqlRows,
  signal: AbortSignal,
  timeout = defaultTimeout,
): Promise<Uint32Array> {
  if (condition.length > longest) throw new UserError(`A condition may have ${longest} characters.`);
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${memoryMb}MB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    temp_directory: '',
    // The last one: without access no other folder may be set.
    enable_external_access: 'false',
  });
  const connection = await instance.connect();
  let late = false;
  const stop = () => connection.interrupt();
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeout);
  signal.addEventListener('abort', stop);
  const stopped = () => late || signal.aborted;
  try {
    await connection.run('SET lock_configuration = true');
    const columns = await namedColumns(connection, condition, source);
    const { rows, among } = rowsOf(columns);
    await copyColumns(connection, columns, rows, among, stopped);
    return await matches(connection, condition, rows, stopped);
  } catch (error) {
    signal.throwIfAborted();
    if (late) throw new UserError(`The condition took longer than ${timeout / 1000} s and was stopped.`);
    throw UserError.is(error) ? error : explained(error, source.known());
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    connection.closeSync();
    instance.closeSync();
  }
}

/** Columns that the condition names, after its parse tree was found harmless. */
async function namedColumns<C extends SqlColumn>(
  connection: DuckDBConnection,
  condition: string,
  source: SqlColumns<C>,
): Promise<readonly C[]> {
  // A comment at its end must not take the bracket along.
  const sql = `SELECT 1 FROM t WHERE (${condition}\n)`;
  const parsed = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const names = checkedColumns(JSON.parse(String(parsed.getRows()[0]?.[0])) as JsonValue);
  const known = new Map([...source.all()].map((column) => [column.name.toLowerCase(), column]));
  const columns = new Set<C>();
  for (const name of names) {
    const column = known.get(name.toLowerCase());
    if (column === undefined) throw source.unknown(name);
    columns.add(column);
  }
  return [...columns];
}

async function copyColumns(
  connection: DuckDBConnection,
  columns: readonly SqlColumn[],
  rows: number,
  among: RowMask,
  stopped: () => boolean,
): Promise<void> {
  const declared = columns.map(({ name, kind }) => `, ${quoteName(name)} ${kind === 'number' ? 'DOUBLE' : 'VARCHAR'}`);
  await connection.run(`CREATE TABLE t (${quoteName(rowNumberName)} INTEGER${declared.join('')})`);
  const appender = await connection.createAppender('t');
  const types = [INTEGER, ...columns.map(({ kind }) => (kind === 'number' ? DOUBLE : VARCHAR))];
  let sliceEnd = performance.now() + slice;
  const some: number[] = [];
  for (let row = 0; row <= rows; row++) {
    if (row < rows && inMask(among, row)) some.push(row);
    if (some.length === 0 || (some.length < chunkRows && row < rows)) continue;
    const chunk = DuckDBDataChunk.create(types, some.length);
    chunk.setColumnValues(0, some);
    columns.forEach(({ data }, i) => {
      chunk.setColumnValues(
        i + 1,
        some.map((of) => data.at(of)),
      );
    });
    appender.appendDataChunk(chunk);
    some.length = 0;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    if (stopped()) break;
    sliceEnd = performance.now() + slice;
  }
  appender.closeSync();
  if (stopped()) throw new Error('stopped');
}

async function matches(
  connection: DuckDBConnection,
  condition: string,
  rows: number,
  stopped: () => boolean,
): Promise<Uint32Array> {
  const mask = emptyMask(rows);
  const result = await connection.stream(`SELECT ${quoteName(rowNumberName)} FROM t WHERE (${condition}\n)`);
  for (;;) {
    if (stopped()) throw new Error('stopped');
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return mask;
    chunk.visitColumnValues(0, (value) => {
      const row = Number(value);
      mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
    });
  }
}

/** DuckDB's sentence without the name of its kind of error and without the line it repeats. */
function explained(error: unknown, known: string): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const line = (message.split('\n', 1)[0] ?? '').replace(/^[A-Z][A-Za-z ]* Error: /, '');
  return new UserError(`DuckDB: ${line}${/[.!?]$/.test(line) ? '' : '.'} ${known}`);
}
