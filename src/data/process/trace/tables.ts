import { UserError } from '../../../core/text/userError';
import type { FormatBadge, RolloutRecord } from '../../../core/trajectory/rollout';
import type { RecordPlace, TraceFormat } from '../../../formats/format';
import { promptTitle } from '../../../formats/title';
import type { FileActions } from '../../../protocol/data';
import { attemptColumn } from '../columns/attemptColumn';
import { ColumnStore } from '../columns/columnStore';
import { groupColumns } from '../columns/groupColumns';
import { GroupSizes } from '../columns/groupSizes';
import type { Grouping } from '../columns/groupStatistics';
import { type RegionPlaces, type RegionSources, regionColumns, unknownPlaces } from '../columns/regionColumns';
import { measureRow, type RowMeasures } from '../columns/rowMeasures';
import type { View } from '../columns/view';
import { RowMarks } from '../review/rowMarks';
import { SampleTable, sampleHashes } from '../samples/sampleTable';
import { Attempts } from '../scan/attempts';
import { GroupKeys } from '../scan/groupKey';
import { type GroupOpening, GroupTable } from '../scan/groupTable';
import { ProblemLog } from '../scan/problemLog';
import { type EnteredRow, RowTable } from '../scan/rowTable';
import type { ScannedRow } from '../scan/scanJob';
import { countActions, sumOf } from '../scan/wide/measureRows';
import type { ActionCounts } from '../scan/wide/segment';
import { parseRecord } from './rowReader';
import { Unmeasured } from './unmeasured';

/** Names kept of data sources: a log with more is no log. */
const namesKept = 256;
const filesTold = 1000;

/** Everything a trace's scan leaves behind: numbers by row, groups, names of columns, problems. */
export class TraceTables {
  readonly rows = new RowTable();
  readonly groups = new GroupTable();
  readonly sampleKeys = new SampleTable();
  readonly sizes = new GroupSizes();
  /** Where boxes lie, once somebody can tell. */
  places: RegionPlaces = unknownPlaces;
  readonly regions: RegionSources;
  readonly problems = new ProblemLog();
  readonly attempts: Attempts;
  readonly badges: Record<FormatBadge, number> = { ok: 0, repaired: 0, malformed: 0, none: 0 };
  readonly columns: ColumnStore;
  readonly marks: RowMarks;
  samples = 0;
  /** Rows whose responses are read. */
  measured = 0;
  readonly unmeasured = new Unmeasured();
  private readonly actions = new Map<string, ActionCounts>();
  private readonly steps = new Set<number>();
  private readonly sources = new Set<string | null>();

  private readonly keys: GroupKeys;

  constructor(
    private readonly format: TraceFormat,
    /** Files in which no turns are inferred. */
    private readonly unsplit: ReadonlySet<string>,
  ) {
    this.keys = new GroupKeys(format);
    this.attempts = new Attempts(format.appendsSteps === true);
    const reward = () => this.columns.own('reward');
    const grouping = () => this.grouping;
    this.marks = new RowMarks({ grouping, reward, responses: () => this.columns.own('response_length') });
    const columns = () => this.columns;
    this.regions = { columns, grouping, logged: (group) => this.sizes.of(group), places: () => this.places };
    const attempts = attemptColumn(this.attempts, grouping);
    const regions = regionColumns(this.regions);
    const computed = [...regions, ...groupColumns(reward, grouping), attempts, ...this.marks.columns];
    this.columns = new ColumnStore(computed);
  }

  /** The key that a group of this key would have in a copy of its log; `record` is one of its rows. */
  keyInCopy(key: string, record: RolloutRecord, place: RecordPlace, copy: string): string {
    const named = this.keys.of(record, place);
    // Behind it stands the attempt.
    return key.startsWith(named) ? this.keys.of(record, { ...place, file: copy }) + key.slice(named.length) : key;
  }

  add({ fileIndex, place, offset, length, read }: ScannedRow): void {
    const { record } = read;
    if (record === null) return;
    const { line, element = null } = place;
    const { reward, step, preference, dataSource, prompt } = record;
    const sample = record.kind === 'sample';
    const facts = { file: fileIndex, line, element, offset, length, reward, step, sample, preference };
    const group = this.groupOf(this.keys.of(record, place), facts, () => ({
      title: promptTitle(prompt),
      sample: sampleHashes(record, place.file),
      sizes: record,
    }));
    const responseLength = sample ? null : record.response.length;
    const row = this.enter(facts, group, place.file, dataSource, responseLength);
    this.columns.addLogged(row, record.fields);
    const parsed = parseRecord(record, this.format.id, !this.unsplit.has(place.file));
    this.measure(row, measureRow(record, parsed), sample);
    this.countActions(place.file, countActions(parsed));
  }

  /** Takes the group of the row that comes next. */
  groupOf(named: string, { file, step }: EnteredRow, describe: () => GroupOpening): number {
    const attempt = this.attempts.of(file, step);
    const key = attempt === 1 ? named : `${named}@${attempt}`;
    const found = this.groups.find(key);
    if (found !== null) return found;
    const { title, sample, sizes } = describe();
    const group = this.groups.open(key, ownCopy(title), file);
    this.sampleKeys.add(sample);
    this.sizes.add(group, sizes);
    this.attempts.note(group, attempt);
    return group;
  }

  /**
   * Takes the next row, without what its response holds; answers its number.
   * @param responseLength UTF-16 units; null for a sample.
   */
  enter(
    facts: EnteredRow,
    group: number,
    file: string,
    dataSource: string | null,
    responseLength: number | null,
  ): number {
    const row = this.columns.add(facts, file, dataSource, responseLength);
    this.rows.add(facts, group, this.groups.size(group));
    const before = this.groups.append(group, row);
    if (before !== null) this.rows.link(before, row);
    if (facts.sample) this.samples++;
    if (facts.step !== null) this.steps.add(facts.step);
    if (this.sources.size < namesKept) this.sources.add(dataSource);
    return row;
  }

  /** What the response of a row comes to. */
  measure(row: number, measures: RowMeasures, sample: boolean): void {
    this.rows.measure(row, measures.badge, measures.regions);
    this.columns.measure(row, measures, sample);
    this.badges[measures.badge]++;
    this.measured++;
  }

  countActions(file: string, counts: ActionCounts): void {
    const before = this.actions.get(file);
    this.actions.set(file, before === undefined ? counts : sumOf(before, counts));
  }

  /** Files with actions that could not be read, or only after a mend, in reading order; at most a thousand. */
  get troubledFiles(): readonly FileActions[] {
    const troubled = [...this.actions].filter(([, { malformed, repaired }]) => malformed + repaired > 0);
    return troubled.slice(0, filesTold).map(([file, counts]) => ({ file, ...counts }));
  }

  /** Rows as they stand now, with their groups. */
  get grouping(): Grouping {
    return { rows: this.rows.length, groups: this.groups.length, groupOf: this.rows.groupOf };
  }

  /** Differs once columns of rows that were there before hold something else. */
  get columnsVersion(): string {
    return `${this.columns.scoring}:${this.marks.version}:${this.places.version}`;
  }

  /** Distinct steps, ascending. */
  get sortedSteps(): readonly number[] {
    return [...this.steps].sort((a, b) => a - b);
  }

  /** Columns with a number or a truth value in some row, in first-seen order. */
  get numericColumns(): readonly string[] {
    return this.columns.loggedNumbers;
  }

  get dataSources(): readonly (string | null)[] {
    return [...this.sources];
  }

  /** The group itself; throws `UserError` for a number that names none. */
  checkedGroup(group: number): number {
    if (Number.isInteger(group) && group >= 0 && group < this.groups.length) return group;
    throw new UserError(`The trace has no group ${group + 1}.`);
  }

  /** Rows of a group in the order of the file. */
  *rowsOf(group: number): IterableIterator<number> {
    const { first } = this.groups.get(group);
    for (let row: number | null = first; row !== null; row = this.rows.following(row)) yield row;
  }

  /** Rows of a group, at most `limit`: the first ones, or those behind the member `after`; of a view, in its order. */
  members(group: number, limit: number, after: number | null = null, view: View | null = null): readonly number[] {
    if (after === null) return this.membersFrom(group, 0, limit, view);
    if (view !== null) return this.membersFrom(group, this.ordered(group, view).indexOf(after) + 1, limit, view);
    const found: number[] = [];
    for (let row = this.rows.following(after); row !== null; row = this.rows.following(row)) {
      if (found.length === limit) break;
      found.push(row);
    }
    return found;
  }

  /** At most `limit` rows of a group from its member `start` on; of a view, in its order. */
  membersFrom(group: number, start: number, limit: number, view: View | null): readonly number[] {
    if (view !== null) return [...this.ordered(group, view).subarray(start, start + limit)];
    const found: number[] = [];
    let member = 0;
    for (const row of this.rowsOf(group)) {
      if (found.length >= limit) break;
      if (member++ >= start) found.push(row);
    }
    return found;
  }

  private ordered(group: number, view: View): Uint32Array {
    return view.members(group, () => this.rowsOf(group));
  }
}

/** A piece of a long string keeps all of it alive; a copy does not. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
