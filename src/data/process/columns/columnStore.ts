import type { Field } from '../../../core/trajectory/rollout';
import type { ColumnInfo } from '../../../protocol/query';
import { badges, type EnteredRow } from '../scan/rowTable';
import { CategoryColumn } from './categoryColumn';
import { ColumnNames } from './columnNames';
import { categoryValues, LoggedColumns } from './loggedColumns';
import { NumberColumn } from './numberColumn';
import type { RowMeasures } from './rowMeasures';

/** Numbers of our own, with what each counts. The total and the step are logged, but every format has its own name for them. */
const ownNumbers = {
  reward: 'The logged total reward.',
  step: 'Training step.',
  regions: 'Boxes in the response that could be read.',
  turns: 'Turns of the response: the policy’s and what came back to it.',
  tool_calls: 'Calls of tools that could be read.',
  response_length: 'Length of the response in UTF-16 units.',
  malformed: '1 where an action of the response cannot be read, else 0.',
  repaired: '1 where an action was read after a mend, else 0.',
  truncated:
    '1 where a thought, an answer or a call stays open at the end, or the log says that the limit was hit; else 0.',
} as const;
const ownCategories = {
  badge: 'How the response’s actions could be read: ok, repaired, malformed or none.',
  data_source: 'The dataset the row names.',
  file: 'File of the trace.',
  preference: 'Side of a pair: chosen or rejected.',
} as const;

/** Columns of every scoring: a logged one of the name gets a mark. */
const ownScores = ['recomputed_total', 'reward_differs', 'reward_difference'] as const;

export type OwnNumber = keyof typeof ownNumbers;
export type OwnCategory = keyof typeof ownCategories;

const ofResponses = 'badge regions region_area region_share turns tool_calls malformed repaired truncated'.split(' ');

/** Whether a column is known only when responses are read. */
export function isOfResponses(name: string): boolean {
  return ofResponses.includes(name);
}

/** Whether a condition in SQL may name such a column. */
export function mayNameResponses(condition: string): boolean {
  const lower = condition.toLowerCase();
  return ofResponses.some((name) => lower.includes(name));
}

/** Distinct files and data sources that have names; rows of others are without. */
const longList = 65_536;

type ColumnHead = Pick<ColumnInfo, 'name' | 'role' | 'about'>;

/** A column with its numbers or names by row. */
export type Column =
  | (ColumnHead & { readonly kind: 'number'; readonly data: NumberColumn })
  | (ColumnHead & { readonly kind: 'category'; readonly data: CategoryColumn });

/** Numbers made of other columns, of whole groups or of what is known by now; worked out when they are asked for. */
export interface ComputedColumn {
  readonly name: string;
  readonly about: string;
  compute(): NumberColumn;
}

/**
 * Every scanned row's numbers and names, by row. Filled by the scan; columns are found by the name in `ColumnInfo`. A
 * column's arrays are those that the scan goes on writing to: take them anew for each computation, and no row past the
 * `length` read before it.
 */
export class ColumnStore {
  length = 0;
  /** Rises when scores are replaced: what was found by their columns is found no more. */
  scoring = 0;
  /** Responses of some rows are still to be read: columns of what they hold are there all the same. */
  measuring = false;
  private readonly numbers = eachOf(ownNumbers, () => new NumberColumn());
  private readonly categories = eachOf(
    ownCategories,
    (name) => new CategoryColumn(longList, name === 'badge' ? badges : []),
  );
  /** Areas of regions as written, in whatever frame: `regionColumns` makes one unit of them. */
  readonly writtenAreas = new NumberColumn();
  readonly areasOf = new CategoryColumn(8);
  private readonly logged: LoggedColumns;
  private readonly names: ColumnNames;
  private scores: readonly ComputedColumn[] = [];
  /** Names given to scores, kept from one scoring to the next. */
  private readonly scoreNames = new Map<string, string>(ownScores.map((name) => [name, name]));

  constructor(private readonly computed: readonly ComputedColumn[]) {
    const ownNames = [...Object.keys(ownNumbers), ...Object.keys(ownCategories), ...ownScores];
    this.names = new ColumnNames([...ownNames, ...computed.map(({ name }) => name)]);
    this.logged = new LoggedColumns(this.names);
  }

  /** Takes recomputed rewards in the place of earlier ones; where a logged column has the name, a mark tells them apart. */
  setScores(scores: readonly ComputedColumn[]): void {
    this.scoring++;
    this.scores = scores.map((column) => {
      const name = this.scoreNames.get(column.name) ?? this.names.give(column.name, 'computed');
      this.scoreNames.set(column.name, name);
      return { ...column, name };
    });
  }

  /**
   * Takes the next row; answers its number. What its response holds follows.
   * @param responseLength UTF-16 units; null for a sample.
   */
  add(
    { reward, step, preference }: Pick<EnteredRow, 'reward' | 'step' | 'preference'>,
    file: string,
    dataSource: string | null,
    responseLength: number | null,
  ): number {
    const row = this.length++;
    const { numbers, categories } = this;
    if (reward !== null) numbers.reward.set(row, reward);
    if (step !== null) numbers.step.set(row, step);
    if (responseLength !== null) numbers.response_length.set(row, responseLength);
    categories.file.set(row, file);
    if (dataSource !== null) categories.data_source.set(row, dataSource);
    if (preference !== undefined) categories.preference.set(row, preference);
    return row;
  }

  addLogged(row: number, fields: readonly Field[]): void {
    this.logged.add(row, fields);
  }

  /** One logged value of a row, truth values as 0 and 1. */
  setLogged(row: number, name: string, value: number | string): void {
    this.logged.set(row, name, value);
  }

  /** What the row's response comes to; of a sample, which has none, only the badge. */
  measure(row: number, measures: RowMeasures, sample: boolean): void {
    const { badge, regions, regionArea, areaOf } = measures;
    this.categories.badge.set(row, badge);
    if (sample) return;
    const { numbers } = this;
    numbers.regions.set(row, regions);
    numbers.turns.set(row, measures.turns);
    numbers.tool_calls.set(row, measures.toolCalls);
    numbers.malformed.set(row, badge === 'malformed' ? 1 : 0);
    numbers.repaired.set(row, badge === 'repaired' ? 1 : 0);
    numbers.truncated.set(row, measures.truncated ? 1 : 0);
    if (regionArea === null) return;
    this.writtenAreas.set(row, regionArea);
    this.areasOf.set(row, areaOf);
  }

  own(name: OwnNumber): NumberColumn {
    return this.numbers[name];
  }

  ownCategory(name: OwnCategory): CategoryColumn {
    return this.categories[name];
  }

  /** Logged names with a number or a truth value in some row, in first-seen order. */
  get loggedNumbers(): readonly string[] {
    return [...this.logged].filter(({ number }) => number !== null).map(({ logged }) => logged);
  }

  /** Logged columns of numbers and truth values, by the names they go by here. */
  get loggedValues(): readonly { readonly name: string; readonly data: NumberColumn }[] {
    return [...this.logged].flatMap(({ name, number }) => (number === null ? [] : [{ name, data: number }]));
  }

  /**
   * Every column with a value in some row: ours, then logged ones in first-seen order.
   * @param components logged names that a config or the user calls parts of the reward, with their weights.
   */
  infos(components: ReadonlyMap<string, number | null> = new Map()): readonly ColumnInfo[] {
    const logged = new Map([...this.logged].map((column) => [column.name, column.logged]));
    return [...this.all()].map((column) => {
      const info = this.measuring && isOfResponses(column.name) ? stillRead(infoOf(column)) : infoOf(column);
      const weight = info.role === 'field' ? components.get(logged.get(info.name) ?? '') : undefined;
      return weight === undefined ? info : { ...info, role: 'component', weight };
    });
  }

  /** By the name in its `ColumnInfo`; null when there is no such column, or no row has a value in it. */
  find(name: string): Column | null {
    for (const column of this.all()) if (column.name === name) return column;
    return null;
  }

  /** Columns with a value in some row. Computed ones are computed. */
  *all(): IterableIterator<Column> {
    for (const column of this.everything())
      if (column.data.present > 0 || (this.measuring && isOfResponses(column.name))) yield column;
  }

  private *everything(): IterableIterator<Column> {
    for (const name of keysOf(ownNumbers)) {
      const role = name === 'reward' ? 'total' : 'derived';
      yield { kind: 'number', name, role, about: ownNumbers[name], data: this.numbers[name] };
    }
    for (const column of [...this.computed, ...this.scores]) {
      const { name, about } = column;
      // A getter: only the column that is asked for is worked out.
      yield {
        kind: 'number',
        name,
        role: 'derived',
        about,
        get data() {
          return column.compute();
        },
      };
    }
    for (const name of keysOf(ownCategories))
      yield { kind: 'category', name, role: 'derived', about: ownCategories[name], data: this.categories[name] };
    for (const { name, number, category } of this.logged) {
      if (number !== null) yield { kind: 'number', name, role: 'field', about: '', data: number };
      else if (category) yield { kind: 'category', name, role: 'field', about: '', data: category };
    }
  }
}

function infoOf({ kind, name, role, about, data }: Column): ColumnInfo {
  const { present } = data;
  if (kind === 'category')
    return {
      name,
      kind,
      role,
      about,
      present,
      min: Number.NaN,
      max: Number.NaN,
      values: data.frequent(categoryValues),
    };
  return { name, kind, role, about, present, min: data.min, max: data.max, values: [] };
}

function stillRead(info: ColumnInfo): ColumnInfo {
  return { ...info, about: `${info.about} Responses are still being read: what asks for it waits until they are.` };
}

function keysOf<K extends string>(of: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(of) as K[];
}

function eachOf<K extends string, T>(of: Readonly<Record<K, unknown>>, make: (name: K) => T): Readonly<Record<K, T>> {
  return Object.fromEntries(keysOf(of).map((name) => [name, make(name)])) as Record<K, T>;
}
