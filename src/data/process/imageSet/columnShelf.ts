import { UserError } from '../../../core/text/userError';
import { duplicatesColumn } from '../../../protocol/imageSet';
import { rolloutColumnNames } from '../../../protocol/imageSetRollouts';
import { type DifficultySource, difficultyColumn } from '../../../protocol/imageSetScores';
import type { ColumnInfo } from '../../../protocol/query';
import type { EffectiveTables } from './effectiveTables';
import { difficultyOf } from './scores/difficultyColumn';
import { type ColumnValues, ownColumns, type SetColumn } from './setColumns';

/** Distinct names of a category that are listed. */
const namesListed = 256;

/** A set's columns with their values, made when they are first asked for and again when the tables have changed. */
export class ColumnShelf {
  private readonly made = new Map<string, { readonly state: string; readonly values: ColumnValues }>();
  private marks: readonly SetColumn[] = [];
  private readonly values = new Map<string, SetColumn>();
  private difficulty: DifficultySource = { by: 'passRate' };

  constructor(private readonly tables: EffectiveTables) {}

  /** Takes what people said of images, in the place of what they said before. A column of a set's own name stands for it. */
  mark(columns: readonly SetColumn[]): void {
    for (const { name } of [...this.marks, ...columns]) this.made.delete(name);
    this.made.delete(difficultyColumn);
    this.marks = columns;
  }

  /** Takes a column of what others know of images, in the place of one of the same name. */
  add(column: SetColumn): void {
    const taken = [...ownColumns, ...this.marks].some(({ name }) => same(name, column.name));
    const name = taken ? `${column.name} (given)` : column.name;
    this.values.set(name.toLowerCase(), { ...column, name });
    this.made.clear();
  }

  /** What `difficulty` is made of from now on. */
  setDifficulty(source: DifficultySource): void {
    this.difficulty = source;
    this.made.delete(difficultyColumn);
  }

  /** Takes given columns away. */
  drop(names: readonly string[]): void {
    for (const name of names) this.values.delete(name.toLowerCase());
    this.made.clear();
  }

  all(): readonly SetColumn[] {
    const own = ownColumns.filter(({ name }) => !this.marks.some((mark) => same(mark.name, name)));
    const stated = [...own, ...this.marks, ...this.values.values()];
    const difficulty = difficultyOf(stated, this.difficulty, (column) => this.valuesOf(column));
    return difficulty === null ? stated : [...stated, difficulty];
  }

  /** Throws `UserError`, which names the columns there are. */
  find(name: string): SetColumn {
    const found = this.all().find((column) => same(column.name, name));
    if (found === undefined) throw this.unknown(name);
    return found;
  }

  unknown(name: string): UserError {
    if (same(name, duplicatesColumn))
      return new UserError('Near-duplicates were not looked for yet: use Find Near-Duplicates first.');
    if (rolloutColumnNames.some((one) => same(name, one)))
      return new UserError('No rollouts are joined with the images: use Show Rollouts on Images first.');
    return new UserError(`The image set has no column “${name}”. ${this.known()}`);
  }

  /** One sentence for messages. */
  known(): string {
    return `Columns: ${this.all()
      .map(({ name }) => name)
      .join(', ')}.`;
  }

  valuesOf(column: SetColumn): ColumnValues {
    const { images, annotations, version } = this.tables;
    const state = `${images.length} ${annotations.length} ${version}`;
    const known = this.made.get(column.name);
    if (known?.state === state) return known.values;
    const values = column.make(this.tables);
    this.made.set(column.name, { state, values });
    return values;
  }

  /** Columns with a value in some row. */
  infos(): readonly ColumnInfo[] {
    return this.all()
      .map((column) => this.info(column))
      .filter(({ present }) => present > 0);
  }

  private info(column: SetColumn): ColumnInfo {
    const values = this.valuesOf(column);
    const { name, kind, role, about } = column;
    const head = { name, kind, role, about, values: [] };
    const { annotations } = this.tables;
    const counts = column.of === 'image' ? () => true : (row: number) => (annotations.images[row] ?? -1) >= 0;
    if (values.kind === 'number') return { ...head, ...rangeOf(values.values, counts) };
    if (values.kind === 'text') return { ...head, ...noRange, present: values.texts.length };
    return { ...head, ...noRange, ...listed(values.codes, values.names, counts) };
  }
}

/** Names of columns as SQL tells them apart. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const noRange = { min: Number.NaN, max: Number.NaN };

/** Whether a row is of an image: those of edited images were replaced. */
type Counts = (row: number) => boolean;

function rangeOf(values: ArrayLike<number>, counts: Counts): { present: number; min: number; max: number } {
  let [present, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value) || !counts(row)) continue;
    present++;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { present, ...noRange } : { present, min, max };
}

function listed(
  codes: ArrayLike<number>,
  names: readonly string[],
  counted: Counts,
): { present: number; values: readonly string[] } {
  const counts = new Uint32Array(names.length);
  let present = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (code < 0 || !counted(row)) continue;
    present++;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const seen = names.map((_, code) => code).filter((code) => (counts[code] ?? 0) > 0);
  const order = seen.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, namesListed);
  return { present, values: order.map((code) => names[code] ?? '') };
}
