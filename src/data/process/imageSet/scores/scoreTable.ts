import { extname } from 'node:path';
import { UserError } from '../../../../core/text/userError';
import type { ScoreColumn } from '../../../../protocol/imageSetScores';
import { openJsonScores } from './jsonScores';
import { openNpyScores } from './npyScores';
import { openTabularScores } from './tabularScores';

/** One row: what names its image, and its value; null for none. */
export interface ScoreRow {
  readonly key: string | null;
  readonly value: number | ArrayLike<number> | null;
}

/** Columns to read: null for a table without keys. */
export interface ScoreCells {
  readonly key: string | null;
  readonly value: string;
  readonly kind: 'number' | 'vector';
}

/** A table beside a set. What it reads throws `UserError` for a damaged file. */
export interface ScoreTable {
  /** Rows have no keys: they stand in the order of the set. */
  readonly inOrder: boolean;
  /** Names of columns, and the cells of the first rows: numbers, texts (vectors as texts too), vectors, null. */
  head(rows: number): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] }>;
  /** Every row in its order; a broken one is a row without key and value. */
  stream(cells: ScoreCells, take: (row: ScoreRow) => void, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

export const scoreEndings = ['.csv', '.tsv', '.json', '.jsonl', '.ndjson', '.parquet', '.npy'] as const;

/** Throws `UserError` for what is no table, told by its ending. */
export async function openScoreTable(path: string): Promise<ScoreTable> {
  switch (extname(path).toLowerCase()) {
    case '.csv':
    case '.tsv':
    case '.parquet':
      return openTabularScores(path);
    case '.json':
    case '.jsonl':
    case '.ndjson':
      return openJsonScores(path);
    case '.npy':
      return openNpyScores(path);
    case '.npz':
    case '.pt':
    case '.pkl':
    case '.pickle':
      throw new UserError(`${path} is an archive or a pickle, which is not read. Save the array alone: numpy.save.`);
    default:
      throw new UserError(`${path} is no table that is read: ${scoreEndings.join(', ')}.`);
  }
}

/** What a cell holds; null for nothing that counts. */
export function kindOfCell(cell: unknown): ScoreColumn['kind'] | null {
  if (cell === null || cell === undefined || cell === '') return null;
  if (typeof cell === 'number' || typeof cell === 'bigint') return 'number';
  if (Array.isArray(cell)) return cell.every((item) => typeof item === 'number') ? 'vector' : 'text';
  if (typeof cell !== 'string') return 'text';
  if (/^\s*\[[-+\d.,\seEinfaINFA]*\]\s*$/.test(cell)) return 'vector';
  return cell.trim() !== '' && (!Number.isNaN(Number(cell)) || /^\s*[-+]?(?:nan|inf(?:inity)?)\s*$/i.test(cell))
    ? 'number'
    : 'text';
}
