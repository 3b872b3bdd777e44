import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { UserError } from '../../../core/text/userError';
import { normalisePrompt, promptKeys } from '../../../core/trajectory/promptKey';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { ImageCandidate, ImageRef, ImageState } from '../../../protocol/data';
import type { DatasetRow } from '../../../protocol/dataset';
import type { Dataset } from './dataset';
import { canonical } from './datasetRow';
import type { ImageFiles } from './imageFiles';

/** Candidates named to the user; a tie among more is told by its count. */
const maxCandidates = 32;
/** Tied rows whose embedded images are compared byte by byte. */
const maxCompared = 16;

/** A dataset with what the user should know about where it was found. */
export interface JoinableDataset {
  readonly dataset: Dataset;
  readonly substitution: string | null;
}

interface Match {
  readonly dataset: Dataset;
  readonly substitution: string | null;
  readonly row: number;
}

/**
 * Joins a rollout with the datasets of its run: rows with the rollout's prompt, then rows whose question stands inside it
 * (the trainer wrapped it in a template). Ground truth and data source narrow a tie. What is left is one image, or a tie
 * that the user decides: never the first of several. Null when no row asks this prompt.
 */
export async function joinImage(
  datasets: readonly JoinableDataset[],
  record: RolloutRecord,
  files: ImageFiles,
): Promise<ImageState | null> {
  const { matches, within } = matchesOf(datasets, record);
  const narrowed = narrow(matches, record);
  const [first] = narrowed.rows;
  if (first === undefined) return null;
  if (narrowed.rows.length === 1) return await single(first, `${within}${narrowed.by}`, files);
  const same = await sameImage(narrowed.rows, files);
  if (same !== null) return await single(same, `${within}, in ${narrowed.rows.length} rows with the same image`, files);
  return {
    kind: 'ambiguous',
    candidates: await candidatesOf(narrowed.rows.slice(0, maxCandidates), files),
    reason: `${narrowed.rows.length} rows with different images ask this prompt${narrowed.by === '' ? '' : `${narrowed.by} too`}.`,
  };
}

/**
 * The rows that a rollout's sample stands in, as `joinImage` finds them: more than one only where they are one and the same
 * sample. A sentence where none is known.
 */
export async function joinRows(
  datasets: readonly JoinableDataset[],
  record: RolloutRecord,
  files: ImageFiles,
): Promise<readonly DatasetRow[] | string> {
  const { rows } = narrow(matchesOf(datasets, record).matches, record);
  if (rows.length === 0) return 'no row of its dataset asks its prompt';
  if (rows.length > 1 && (await sameImage(rows, files)) === null)
    return `${rows.length} rows of its dataset ask its prompt, about different images`;
  return rows.map(({ dataset, row }) => ({ dataset: dataset.file, row }));
}

/** All rows that ask a rollout's prompt, narrowed by what the log says of its ground truth and its source. */
export function rowsAsking(dataset: Dataset, record: RolloutRecord): readonly number[] {
  const { matches } = matchesOf([{ dataset, substitution: null }], record);
  return narrow(matches, record).rows.map(({ row }) => row);
}

function matchesOf(datasets: readonly JoinableDataset[], record: RolloutRecord) {
  const keys = promptKeys(record.prompt);
  const collect = (rowsOf: (dataset: Dataset) => readonly number[]): readonly Match[] =>
    datasets.flatMap(({ dataset, substitution }) => rowsOf(dataset).map((row) => ({ dataset, substitution, row })));
  // Key by key over all datasets: a loose key in one file must not stand beside an exact one in another.
  for (const key of keys) {
    const matches = collect((dataset) => dataset.index.withKey([key]));
    if (matches.length > 0) return { matches, within: 'joined by the prompt' };
  }
  const prompt = normalisePrompt(record.prompt);
  return {
    matches: collect((dataset) => dataset.index.inside(prompt)),
    within: 'joined by the question inside the prompt',
  };
}

/** Keeps the rows with the rollout's ground truth, then with its data source, where any row has it. */
function narrow(matches: readonly Match[], record: RolloutRecord): { rows: readonly Match[]; by: string } {
  let rows = matches;
  let by = '';
  const truth = canonical(record.groundTruth);
  if (truth !== null) {
    const fitting = rows.filter(({ dataset, row }) => dataset.index.hasTruth(row, truth));
    if (fitting.length > 0) {
      if (fitting.length < rows.length) by += ' and the ground truth';
      rows = fitting;
    } else if (rows.some(({ dataset, row }) => dataset.index.statesTruth(row)))
      by += '; its ground truth differs from the log';
  }
  const source = record.dataSource;
  if (source !== null && rows.length > 1) {
    const fitting = rows.filter(({ dataset, row }) => dataset.index.hasSource(row, source));
    if (fitting.length > 0 && fitting.length < rows.length) {
      by += ' and the data source';
      rows = fitting;
    }
  }
  return { rows, by };
}

async function single(match: Match, how: string, files: ImageFiles): Promise<ImageState> {
  const { dataset, row, substitution } = match;
  const place = `${files.shown(dataset.file)}, row ${row}`;
  if (dataset.imageColumn === null)
    return { kind: 'missing', reason: `${place} asks this prompt, but the file has no image column.`, tried: [] };
  const cells = await dataset.images(row);
  const [cell] = cells;
  if (cell === undefined || cell.kind === 'null')
    return { kind: 'missing', reason: `${place} asks this prompt, but its image is empty.`, tried: [] };
  const note = substitution === null ? '' : ` (${substitution})`;
  if (cell.kind === 'embedded') {
    const ref: ImageRef = { kind: 'table', dataset: dataset.file, row, column: dataset.imageColumn, index: 0 };
    return { kind: 'resolved', ref, how: `${how}: ${place}${note}`, count: cells.length };
  }
  const search = await files.find(cell.path, dirname(dataset.file));
  if (search.path === null)
    return { kind: 'missing', reason: `${place} names ${cell.path}, which is not here.`, tried: search.tried };
  const found = search.note === '' ? note : `${note} (${search.note})`;
  return {
    kind: 'resolved',
    ref: { kind: 'file', path: search.path },
    how: `${how}: ${place}${found}`,
    count: cells.length,
  };
}

/** A row that stands for all when their images are one and the same; null when they differ or too many must be read. */
async function sameImage(matches: readonly Match[], files: ImageFiles): Promise<Match | null> {
  let identity: string | null = null;
  let embedded = 0;
  for (const match of matches) {
    const cells = await match.dataset.images(match.row);
    if (cells.some(({ kind }) => kind === 'embedded') && ++embedded > maxCompared) return null;
    const parts: string[] = [];
    for (const [index, cell] of cells.entries()) parts.push(await identityOf(match, cell, index, files));
    const own = parts.join('\n');
    if (identity !== null && own !== identity) return null;
    identity = own;
  }
  return matches[0] ?? null;
}

type Cell = Awaited<ReturnType<Dataset['images']>>[number];

async function identityOf(match: Match, cell: Cell, index: number, files: ImageFiles): Promise<string> {
  if (cell.kind === 'null') return 'null';
  if (cell.kind === 'path') {
    const { path } = await files.find(cell.path, dirname(match.dataset.file));
    return path ?? `${dirname(match.dataset.file)}\n${cell.path}`;
  }
  try {
    const bytes = await match.dataset.bytes(match.row, match.dataset.imageColumn ?? '', index);
    return createHash('sha256').update(bytes).digest('hex');
  } catch (error) {
    // A cell that cannot be read is like no other.
    if (UserError.is(error)) return `${match.dataset.file} ${match.row} ${index}`;
    throw error;
  }
}

async function candidatesOf(matches: readonly Match[], files: ImageFiles): Promise<readonly ImageCandidate[]> {
  const candidates: ImageCandidate[] = [];
  for (const match of matches) {
    const state = await single(match, '', files);
    if (state.kind === 'resolved') candidates.push({ ref: state.ref, label: labelOf(match, state.ref, files) });
  }
  return candidates;
}

function labelOf({ dataset, row }: Match, ref: ImageRef, files: ImageFiles): string {
  const place = `${files.shown(dataset.file)}, row ${row}`;
  return ref.kind === 'file' ? `${files.shown(ref.path)} (${place})` : place;
}
