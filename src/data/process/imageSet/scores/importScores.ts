import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../../../core/text/problem';
import { UserError } from '../../../../core/text/userError';
import type { ScoreColumn, ScoreSource, ScoresImported, ScoreTableInfo } from '../../../../protocol/imageSetScores';
import type { Embedding } from './embedding';
import { type ImageNames, several } from './imageNames';
import { kindOfCell, type ScoreRow, type ScoreTable } from './scoreTable';

/** Rows that a table is judged by. */
const looked = 1000;
const mostProblems = 100;
/** Numbers of an embedding: 256 MB of them. */
const mostNumbers = 64 * 2 ** 20;

/** What the first rows of a table hold, and which columns name images. */
export async function lookAt(table: ScoreTable, names: ImageNames): Promise<ScoreTableInfo> {
  const { names: columns, rows } = await table.head(looked);
  const infos = columns.map((name, at): ScoreColumn => {
    const cells = rows.map((row) => row[at]);
    const kinds = cells.map(kindOfCell);
    const count = (kind: string | null) => kinds.filter((one) => one === kind).length;
    const kind = (['number', 'vector'] as const).find((one) => count(one) > 0 && count(one) >= count('text')) ?? 'text';
    const texts = cells.flatMap((cell) => (typeof cell === 'string' || typeof cell === 'number' ? [String(cell)] : []));
    return { name, kind, ...names.bestRule(texts) };
  });
  return { columns: infos, looked: rows.length, inOrder: table.inOrder };
}

/** What was read, by image. */
export type ReadScores =
  | { readonly kind: 'number'; readonly images: Uint32Array; readonly values: Float64Array }
  | { readonly kind: 'vector'; readonly embedding: Embedding };

export type ScoreReport = Omit<ScoresImported, 'name'>;

/**
 * Reads a column of a table. Throws `UserError` for a damaged file, and for one in order that has not a row an image. Stops
 * when aborted.
 */
export async function readScores(
  table: ScoreTable,
  source: ScoreSource,
  names: ImageNames,
  imageCount: number,
  signal: AbortSignal,
): Promise<{ readonly scores: ReadScores; readonly report: ScoreReport }> {
  const sink = source.kind === 'number' ? new NumberSink(imageCount) : new VectorSink(imageCount);
  const tally = new Tally(source);
  const take = ({ key, value }: ScoreRow) => {
    const row = tally.rows++;
    const image = imageOf(key, row, source, names, imageCount);
    if (image < 0) {
      tally.unmatched(row, key, image);
      return;
    }
    const took = sink.take(image, value);
    if (took === 'again') tally.duplicate(row, key);
    else if (took !== 'taken') tally.nothing(row, took);
  };
  await table.stream({ key: source.key?.column ?? null, value: source.value, kind: source.kind }, take, signal);
  await nextTurn();
  signal.throwIfAborted();
  if (source.key === null && tally.rows !== imageCount)
    throw new UserError(
      `${source.path} has ${tally.rows} rows, and the set ${imageCount} images: without names, row by row, they must be as many.`,
    );
  const scores = sink.finish();
  const images = scores.kind === 'number' ? scores.images.length : scores.embedding.images.length;
  return { scores, report: { ...tally.report(), images } };
}

function imageOf(key: string | null, row: number, { key: by }: ScoreSource, names: ImageNames, images: number): number {
  if (by === null) return row < images ? row : -1;
  return key === null ? -1 : names.find(key, by.rule);
}

/** What became of a row: no value, a vector of another length, a second value of an image. */
type Took = 'taken' | 'again' | 'absent' | 'length';

class NumberSink {
  private readonly values: Float64Array;

  constructor(images: number) {
    this.values = new Float64Array(images).fill(Number.NaN);
  }

  take(image: number, value: ScoreRow['value']): Took {
    if (typeof value !== 'number' || Number.isNaN(value)) return 'absent';
    if (!Number.isNaN(this.values[image])) return 'again';
    this.values[image] = value;
    return 'taken';
  }

  finish(): ReadScores {
    const images = Uint32Array.from(this.values.keys()).filter((image) => !Number.isNaN(this.values[image]));
    return { kind: 'number', images, values: Float64Array.from(images, (image) => this.values[image] ?? Number.NaN) };
  }
}

class VectorSink {
  private readonly rowOf: Int32Array;
  private readonly images: number[] = [];
  private dimensions = 0;
  private data = new Float32Array(0);

  constructor(private readonly imageCount: number) {
    this.rowOf = new Int32Array(imageCount).fill(-1);
  }

  take(image: number, value: ScoreRow['value']): Took {
    if (value === null || typeof value === 'number' || value.length === 0) return 'absent';
    for (let i = 0; i < value.length; i++) if (!Number.isFinite(value[i])) return 'absent';
    if ((this.rowOf[image] ?? -1) >= 0) return 'again';
    if (this.images.length === 0) this.begin(value.length);
    if (value.length !== this.dimensions) return 'length';
    this.rowOf[image] = this.images.length;
    this.data.set(value, this.images.length * this.dimensions);
    this.images.push(image);
    return 'taken';
  }

  finish(): ReadScores {
    const { dimensions, data, images } = this;
    const used = data.subarray(0, images.length * dimensions);
    return { kind: 'vector', embedding: { dimensions, data: used, images: Uint32Array.from(images) } };
  }

  private begin(dimensions: number): void {
    const numbers = dimensions * this.imageCount;
    if (numbers > mostNumbers)
      throw new UserError(
        `${this.imageCount} vectors of ${dimensions} numbers are more than are held (${mostNumbers / 2 ** 20} million numbers): project them to fewer dimensions.`,
      );
    this.dimensions = dimensions;
    this.data = new Float32Array(numbers);
  }
}

/** Counts what a table lacks, with examples. */
class Tally {
  rows = 0;
  private readonly counts = { unmatched: 0, duplicates: 0, absent: 0 };
  private readonly problems: Problem[] = [];

  constructor(private readonly source: ScoreSource) {}

  unmatched(row: number, key: string | null, found: number): void {
    this.counts.unmatched++;
    const name = shown(key);
    this.note(
      row,
      key === null
        ? 'names no image.'
        : found === several
          ? `names ${name}, which several images are called.`
          : `names ${name}, which no image is called.`,
    );
  }

  duplicate(row: number, key: string | null): void {
    this.counts.duplicates++;
    this.note(row, `has another value for ${shown(key)}; the first stays.`);
  }

  nothing(row: number, what: 'absent' | 'length'): void {
    this.counts.absent++;
    if (what === 'length') this.note(row, 'has a vector of another length.');
  }

  report(): Omit<ScoreReport, 'images'> {
    return { rows: this.rows, ...this.counts, problems: this.problems };
  }

  private note(row: number, what: string): void {
    if (this.problems.length >= mostProblems) return;
    const { path, value } = this.source;
    const message = `${basename(path)}: row ${row + 1} ${what}`;
    this.problems.push({ severity: 'warning', file: path, line: null, element: row, field: value, message });
  }
}

const longestName = 200;
const shown = (key: string | null): string => (key === null ? 'its image' : `“${key.slice(0, longestName)}”`);
