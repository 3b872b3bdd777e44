import { basename, extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { extremeImages } from '../../../../core/dataset/extremeImages';
import { farthestPoints } from '../../../../core/dataset/farthestPoints';
import { sampleStrata } from '../../../../core/dataset/sampleStrata';
import { UserError } from '../../../../core/text/userError';
import { rolloutColumnNames } from '../../../../protocol/imageSetRollouts';
import {
  type DifficultySource,
  difficultyColumn,
  type EmbeddingInfo,
  passRateColumn,
  type Sampled,
  type SampleStrategy,
  type ScoreSource,
  type ScoresImported,
  type ScoreTableInfo,
  type SortedValues,
} from '../../../../protocol/imageSetScores';
import { sortedIndices } from '../../columns/sortedIndices';
import type { ColumnShelf } from '../columnShelf';
import type { EffectiveTables } from '../effectiveTables';
import { valueColumn } from '../markColumns';
import { numbersOf } from '../setChips';
import type { Matching, SetQueries } from '../setQueries';
import { sectionsOf } from '../setSections';
import { valuesByImage } from '../setView';
import { type Embedding, embeddingInfo } from './embedding';
import { ImageNames } from './imageNames';
import { lookAt, readScores } from './importScores';
import { openScoreTable, type ScoreTable } from './scoreTable';

/** Milliseconds of choosing before other requests get their turn, and between two reports. */
const slice = 8;
const reportEvery = 250;

export interface ScoreParts {
  readonly tables: EffectiveTables;
  readonly shelf: ColumnShelf;
  readonly queries: SetQueries;
  /** The scan has ended: every image has its number. */
  readonly scanned: (signal: AbortSignal) => Promise<void>;
  /** A sample that takes long has come so far. */
  readonly sampling: (chosen: number, wanted: number) => void;
}

/** Numbers and vectors of a set's images that come from beside it, and what is chosen by them. */
export class SetScores {
  private readonly embeddings = new Map<string, Embedding>();
  /** Names of what was imported, by where it comes from. */
  private readonly named = new Map<string, string>();

  constructor(private readonly parts: ScoreParts) {}

  async look(path: string, signal: AbortSignal): Promise<ScoreTableInfo> {
    await this.parts.scanned(signal);
    return this.withTable(path, (table) => lookAt(table, new ImageNames(this.parts.tables.images)));
  }

  async import(source: ScoreSource, signal: AbortSignal): Promise<ScoresImported> {
    const { scanned, tables, shelf } = this.parts;
    await scanned(signal);
    const names = new ImageNames(tables.images);
    const { scores, report } = await this.withTable(source.path, (table) =>
      readScores(table, source, names, tables.images.length, signal),
    );
    if (report.images === 0) throw new UserError(nothingRead(source, report));
    const name = this.nameOf(source);
    if (scores.kind === 'vector') this.embeddings.set(name, scores.embedding);
    else {
      const about = `${source.value} of ${basename(source.path)}, of ${report.images} images.`;
      shelf.add(valueColumn({ name, about, images: scores.images, values: scores.values }));
    }
    return { name, ...report };
  }

  embeddingInfos(): readonly EmbeddingInfo[] {
    return [...this.embeddings].map(([name, embedding]) => embeddingInfo(name, embedding));
  }

  async sortedValues(
    view: number | null,
    name: string,
    end: 'lowest' | 'highest',
    signal: AbortSignal,
  ): Promise<SortedValues> {
    const { images, matching } = await this.parts.queries.listed(view, signal);
    const column = this.parts.shelf.find(name);
    const values = this.valuesOf(name, end, matching);
    const there = images.filter((image) => !Number.isNaN(values[image]));
    const keys = Float64Array.from(there, (image) => values[image] ?? 0);
    const order = sortedIndices(keys, false);
    return {
      about: column.about,
      images: order.map((at) => there[at] ?? 0),
      values: Float64Array.from(order, (at) => keys[at] ?? 0),
      absent: images.length - there.length,
    };
  }

  /** Throws `UserError` where the column is not there, or holds no numbers by image. */
  setDifficulty(source: DifficultySource): { readonly about: string } {
    const { shelf } = this.parts;
    const name = source.by === 'passRate' ? passRateColumn : source.column;
    // A set that is opened again is told before its traces are joined: it counts once they are.
    if (rolloutColumnNames.some((one) => one === name)) shelf.setDifficulty(source);
    const column = shelf.find(name);
    numbersOf(column, shelf);
    if (column.of !== 'image') throw new UserError(`“${column.name}” is of annotations: difficulty is of images.`);
    shelf.setDifficulty(source.by === 'passRate' ? source : { ...source, column: column.name });
    return { about: shelf.find(difficultyColumn).about };
  }

  async sample(
    view: number | null,
    strategy: SampleStrategy,
    count: number,
    seed: number,
    signal: AbortSignal,
  ): Promise<Sampled> {
    const { tables, shelf, queries } = this.parts;
    const { images, matching } = await queries.listed(view, signal);
    switch (strategy.kind) {
      case 'random':
        return { images: Uint32Array.from(sampleStrata([images], count, seed)), absent: 0 };
      case 'stratified': {
        const strata = sectionsOf(strategy.column, images, matching, tables, shelf).map((section) => section.images);
        return { images: Uint32Array.from(sampleStrata(strata, count, seed)), absent: 0 };
      }
      case 'extreme': {
        const all = this.valuesOf(strategy.column, strategy.end, matching);
        const values = Float64Array.from(images, (image) => all[image] ?? Number.NaN);
        const absent = values.filter((value) => Number.isNaN(value)).length;
        return { images: Uint32Array.from(extremeImages(images, values, count, strategy.end)), absent };
      }
      case 'farthest':
        return this.farthest(images, strategy, count, seed, signal);
    }
  }

  private async farthest(
    listed: Uint32Array,
    { embedding: name, metric }: SampleStrategy & { readonly kind: 'farthest' },
    count: number,
    seed: number,
    signal: AbortSignal,
  ): Promise<Sampled> {
    const embedding = this.embeddings.get(name);
    if (embedding === undefined) throw new UserError(`There is no embedding “${name}”: import one first.`);
    const { images, dimensions, data } = embedding;
    const wanted = new Set(listed);
    const directed = (row: number) => data.subarray(row * dimensions, (row + 1) * dimensions).some((one) => one !== 0);
    const rows = Uint32Array.from(images.keys()).filter(
      (row) => wanted.has(images[row] ?? -1) && (metric === 'L2' || directed(row)),
    );
    const steps = farthestPoints(embedding, rows, count, seed, metric);
    let [sliceEnd, nextReport] = [performance.now() + slice, performance.now() + reportEvery];
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      signal.throwIfAborted();
      sliceEnd = performance.now() + slice;
      if (sliceEnd < nextReport) continue;
      this.parts.sampling(step.value, Math.min(count, rows.length));
      nextReport = sliceEnd + reportEvery;
    }
    return { images: step.value.map((at) => images[rows[at] ?? 0] ?? 0), absent: listed.length - rows.length };
  }

  private valuesOf(name: string, end: 'lowest' | 'highest', matching: Matching): Float64Array {
    const { tables, shelf } = this.parts;
    numbersOf(shelf.find(name), shelf);
    return valuesByImage({ column: name, descending: end === 'highest' }, matching, tables, shelf);
  }

  /** The column's own name, with the file's before it where that is taken. */
  private nameOf(source: ScoreSource): string {
    const origin = JSON.stringify([source.path, source.key, source.value]);
    const known = this.named.get(origin);
    if (known !== undefined) return known;
    const stem = basename(source.path, extname(source.path)).replace(/[^\p{L}\p{N}]+/gu, '_');
    const own = source.key === null ? stem : source.value;
    const taken = new Set([
      difficultyColumn,
      ...this.parts.shelf.all().map(({ name }) => name),
      ...this.embeddings.keys(),
    ]);
    const lower = new Set([...taken].map((name) => name.toLowerCase()));
    const free = (name: string) => !lower.has(name.toLowerCase());
    let name = free(own) ? own : `${stem}_${source.value}`;
    for (let number = 2; !free(name); number++) name = `${stem}_${source.value}_${number}`;
    this.named.set(origin, name);
    return name;
  }

  private async withTable<T>(path: string, work: (table: ScoreTable) => Promise<T>): Promise<T> {
    const table = await openScoreTable(path);
    try {
      return await work(table);
    } finally {
      await table.dispose();
    }
  }
}

function nothingRead(
  { path, key, value }: ScoreSource,
  { rows, unmatched }: Pick<ScoresImported, 'rows' | 'unmatched'>,
) {
  if (rows === 0) return `${path} has no rows.`;
  if (unmatched === rows) return `No row of ${path} names an image of the set by ${key?.column ?? 'its place'}.`;
  return `No row of ${path} has a value in ${value}.`;
}
