import type { JsonValue } from '../../../core/text/jsonValue';
import { UserError } from '../../../core/text/userError';
import type { FormatBadge, RolloutRecord } from '../../../core/trajectory/rollout';
import type { TraceFormat } from '../../../formats/format';
import { promptTitle } from '../../../formats/title';
import { GroupKeys } from '../scan/groupKey';
import { GroupTable } from '../scan/groupTable';
import { ProblemLog } from '../scan/problemLog';
import { RowTable } from '../scan/rowTable';
import type { ScannedRow } from '../scan/scanner';
import { parseRecord } from './rowReader';

/** Names kept of columns and data sources: a log with more is no log. */
const namesKept = 256;

/** Everything a trace's scan leaves behind: numbers by row, groups, names of columns, problems. */
export class TraceTables {
  readonly rows = new RowTable();
  readonly groups = new GroupTable();
  readonly problems = new ProblemLog();
  readonly badges: Record<FormatBadge, number> = { ok: 0, repaired: 0, malformed: 0, none: 0 };
  samples = 0;
  private readonly steps = new Set<number>();
  private readonly columns = new Set<string>();
  private readonly sources = new Set<string | null>();

  private readonly keys: GroupKeys;

  constructor(private readonly format: TraceFormat) {
    this.keys = new GroupKeys(format);
  }

  add({ fileIndex, place, offset, length, read }: ScannedRow): void {
    const { record } = read;
    if (record === null) return;
    const { badge, regions } = parseRecord(record, this.format.id);
    const key = this.keys.of(record, place);
    const row = this.rows.length;
    const group = this.groups.find(key) ?? this.groups.create(key, ownCopy(promptTitle(record.prompt)), fileIndex, row);
    const { reward, step } = record;
    const sample = record.kind === 'sample';
    const { line, element = null } = place;
    this.rows.add({
      file: fileIndex,
      line,
      element,
      offset,
      length,
      group,
      reward,
      step,
      badge,
      regions: regions.length,
      sample,
    });
    if (this.groups.get(group).first !== row) this.rows.link(this.groups.append(group, row), row);
    this.badges[badge]++;
    if (sample) this.samples++;
    this.note(record);
  }

  /** Distinct steps, ascending. */
  get sortedSteps(): readonly number[] {
    return [...this.steps].sort((a, b) => a - b);
  }

  /** Columns with a number or a truth value in some row, in first-seen order. */
  get numericColumns(): readonly string[] {
    return [...this.columns];
  }

  get dataSources(): readonly (string | null)[] {
    return [...this.sources];
  }

  /** The group itself; throws `UserError` for a number that names none. */
  checkedGroup(group: number): number {
    if (Number.isInteger(group) && group >= 0 && group < this.groups.length) return group;
    throw new UserError(`The trace has no group ${group + 1}.`);
  }

  /** Rows of a group, at most `limit`: the first ones, or those behind the member `after`. */
  members(group: number, limit: number, after: number | null = null): readonly number[] {
    const found: number[] = [];
    const from = after === null ? this.groups.get(group).first : this.rows.following(after);
    for (let row: number | null = from; row !== null; row = this.rows.following(row)) {
      if (found.length === limit) break;
      found.push(row);
    }
    return found;
  }

  private note({ step, fields, dataSource }: RolloutRecord): void {
    if (step !== null) this.steps.add(step);
    if (this.sources.size < namesKept) this.sources.add(dataSource);
    for (const { name, value } of fields) if (isNumeric(value) && this.columns.size < namesKept) this.columns.add(name);
  }
}

function isNumeric(value: JsonValue): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** A piece of a long string keeps all of it alive; a copy does not. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
