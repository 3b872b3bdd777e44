import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { JsonValue } from '../../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../../core/text/tolerantJson';
import { UserError } from '../../../../core/text/userError';
import { isObject } from '../../../../formats/columns';
import { fileError } from '../../files/fileSource';
import { TableDatabase, tableError } from '../../images/tableDatabase';
import type { ScoreCells, ScoreRow, ScoreTable } from './scoreTable';

type Row = { readonly [name: string]: JsonValue };

/** A document is held whole; lines are read one after another. */
const largestDocument = 256 * 2 ** 20;
const longestLine = 16 * 2 ** 20;
/** Columns of a table whose rows have members of ever other names. */
const mostColumns = 200;

/** JSON Lines, and JSON: a list of records, a record that holds one, or records or values by the name of their image. */
export async function openJsonScores(path: string): Promise<ScoreTable> {
  if (extname(path).toLowerCase() !== '.json') return new JsonScores(linesOf(path));
  try {
    const { size } = await stat(path);
    if (size > largestDocument)
      throw new UserError(
        `${path} has ${Math.round(size / 2 ** 20)} MB: save tables this large as JSON Lines or parquet.`,
      );
    const rows = rowsOf(parseTolerantJson(await readFile(path, 'utf8')), path);
    return new JsonScores({ rows: async (take) => rows.forEach(take), dispose: async () => undefined });
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${path} is not JSON: ${error.message}`);
    throw fileError(path, error);
  }
}

interface JsonRows {
  /** Null for a broken row. Stops when `take` throws. */
  rows(take: (row: Row | null) => void, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

class JsonScores implements ScoreTable {
  readonly inOrder = false;

  constructor(private readonly source: JsonRows) {}

  async head(rows: number) {
    const found: (Row | null)[] = [];
    const enough = new AbortController();
    await this.source
      .rows((row) => {
        if (found.length < rows) found.push(row);
        else enough.abort();
      }, enough.signal)
      .catch((error: unknown) => {
        if (!enough.signal.aborted) throw error;
      });
    const names = [...new Set(found.flatMap((row) => (row === null ? [] : Object.keys(row))))].slice(0, mostColumns);
    return { names, rows: found.map((row) => names.map((name) => cellOf(row, name))) };
  }

  stream({ key, value, kind }: ScoreCells, take: (row: ScoreRow) => void, signal: AbortSignal): Promise<void> {
    return this.source.rows((row) => {
      const [name, cell] = [key === null ? null : cellOf(row, key), cellOf(row, value)];
      take({
        key: typeof name === 'string' || typeof name === 'number' ? String(name) : null,
        value: kind === 'number' ? numberIn(cell) : vectorIn(cell),
      });
    }, signal);
  }

  dispose(): Promise<void> {
    return this.source.dispose();
  }
}

/** An own member: a row may have one that is called `__proto__`. */
const cellOf = (row: Row | null, name: string): JsonValue =>
  row !== null && Object.hasOwn(row, name) ? (row[name] ?? null) : null;

function numberIn(cell: JsonValue): number | null {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : null;
}

function vectorIn(cell: JsonValue): ArrayLike<number> | null {
  if (!Array.isArray(cell)) return null;
  // Feature extractors answer a batch of one.
  const only: unknown = cell.length === 1 ? cell[0] : null;
  const list: readonly unknown[] = Array.isArray(only) ? only : cell;
  return list.every((item): item is number => typeof item === 'number') ? list : null;
}

function rowsOf(document: JsonValue, path: string): readonly (Row | null)[] {
  if (Array.isArray(document)) return document.map((row: JsonValue) => (isObject(row) ? row : null));
  if (!isObject(document)) throw new UserError(`${path} holds neither a list of records nor values by name.`);
  const lists = Object.values(document).filter(
    (value): value is JsonValue[] => Array.isArray(value) && value.some(isObject),
  );
  const longest = lists.sort((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return longest.map((row) => (isObject(row) ? row : null));
  return Object.entries(document).map(([key, value]) => (isObject(value) ? { key, ...value } : { key, value }));
}

/** DuckDB cuts the file into lines; what is broken stays a row. */
function linesOf(path: string): JsonRows {
  const database = new TableDatabase();
  const source = `read_json_objects(?, format = 'newline_delimited', ignore_errors = true, maximum_object_size = ${longestLine})`;
  return {
    async rows(take, signal) {
      let failed = false;
      const onRows = (rows: readonly (readonly unknown[])[]) => {
        try {
          for (const [text] of rows) take(rowIn(text));
        } catch (error) {
          failed = true;
          throw error;
        }
      };
      try {
        await database.stream(`SELECT json::VARCHAR FROM ${source}`, [path], onRows, signal);
      } catch (error) {
        throw failed || signal.aborted ? error : tableError(path, error);
      }
    },
    dispose: () => database.dispose(),
  };
}

function rowIn(text: unknown): Row | null {
  if (typeof text !== 'string') return null;
  try {
    const row = parseTolerantJson(text);
    return isObject(row) ? row : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
