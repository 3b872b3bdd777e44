import { resolve } from 'node:path';
import { UserError } from '../core/text/userError';
import type { DataClient } from '../data/client';
import type { ScoreColumn, ScoreSource, ScoresImported } from '../protocol/imageSetScores';
import { UsageError } from './usage';

/** `--scores FILE:KEY:VALUE`: a column of a table that becomes a column of the set. */
export interface ScoresArgument {
  /** Absolute. */
  readonly path: string;
  /** Null for the column by which most rows name an image. */
  readonly key: string | null;
  readonly value: string;
}

/** Read from its end: a path may hold colons. Throws `UsageError`. */
export function parseScores(argument: string): ScoresArgument {
  const [, path, key, value] = /^(.+):([^:]*):([^:]+)$/.exec(argument) ?? [];
  if (path === undefined || value === undefined)
    throw new UsageError(
      `--scores ${argument}: expected FILE:KEY:VALUE, a file and two of its columns; KEY may be empty`,
    );
  return { path: resolve(path), key: key || null, value };
}

const patient = { deadline: Number.POSITIVE_INFINITY };

/** Reads the column into the set; answers what became of its rows. Throws `UserError`. */
export async function takeScores(data: DataClient, setId: number, wanted: ScoresArgument): Promise<ScoresImported> {
  const { path, key, value } = wanted;
  const { columns, inOrder } = await data.call('imageset/scoreTable', { setId, path }, patient);
  const find = (name: string): ScoreColumn => {
    const found = columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new UserError(
      `${path} has no column “${name}”. Columns: ${columns.map((column) => column.name).join(', ')}.`,
    );
  };
  const by = key === null ? best(columns, path, inOrder) : find(key);
  if (find(value).kind !== 'number') throw new UserError(`The column “${value}” of ${path} holds no numbers.`);
  const source: ScoreSource = { path, key: by && { column: by.name, rule: by.rule }, value, kind: 'number' };
  return data.call('imageset/importScores', { setId, source }, patient);
}

/** Null for a table that stands in the order of the set. */
function best(columns: readonly ScoreColumn[], path: string, inOrder: boolean): ScoreColumn | null {
  if (inOrder) return null;
  const found = [...columns].sort((a, b) => b.matches - a.matches)[0];
  if (found === undefined || found.matches === 0) throw new UserError(`No column of ${path} names images of the set.`);
  return found;
}

/** In a line. */
export const scoresWords = ({ name, images, unmatched, duplicates, absent }: ScoresImported): string =>
  `${name}: ${images} images; ${unmatched} rows name no image, ${duplicates} are second values, ${absent} have none`;
