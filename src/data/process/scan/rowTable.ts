import type { FormatBadge, RolloutRecord } from '../../../core/trajectory/rollout';

export const badges = ['ok', 'repaired', 'malformed', 'none'] as const satisfies readonly FormatBadge[];

/** What is known of a row before its group is, and before its response is read. */
export interface EnteredRow {
  readonly file: number;
  readonly line: number;
  /** 0-based element of a line that holds several rows; null otherwise. */
  readonly element: number | null;
  readonly offset: number;
  readonly length: number;
  /** Null when the log has none, NaN when it says so. */
  readonly reward: number | null;
  readonly step: number | null;
  readonly sample: boolean;
  readonly preference?: RolloutRecord['preference'] | undefined;
}

/** What is kept of a row. */
export interface RowFacts extends EnteredRow {
  readonly group: number;
  /** 0-based place in the group, in the order of the file. */
  readonly member: number;
  /** Null while the response is still to be read. */
  readonly badge: FormatBadge | null;
  readonly regions: number;
}

const none = -1;
const unknown = 15;

/** Rows of a trace in columns of numbers: 54 bytes a row, so that a million rows cost 54 MB. */
export class RowTable {
  length = 0;
  private capacity = 1024;
  private file = new Uint32Array(this.capacity);
  private line = new Uint32Array(this.capacity);
  /** Element in the line, or -1. */
  private element = new Int32Array(this.capacity);
  private offset = new Float64Array(this.capacity);
  private bytes = new Uint32Array(this.capacity);
  private group = new Int32Array(this.capacity);
  private member = new Uint32Array(this.capacity);
  /** Next row of the same group, or -1. */
  private next = new Int32Array(this.capacity);
  private reward = new Float64Array(this.capacity);
  private step = new Float64Array(this.capacity);
  /** Index into `badges`, or `unknown`; bit 4: no reward is logged; bit 5: a sample; bit 6: chosen; bit 7: rejected. */
  private flags = new Uint8Array(this.capacity);
  private regions = new Uint16Array(this.capacity);

  /** A row whose response is still to be read; `measure` follows. */
  add(row: EnteredRow, group: number, member: number): number {
    if (this.length === this.capacity) this.grow();
    const at = this.length++;
    this.file[at] = row.file;
    this.line[at] = row.line;
    this.element[at] = row.element ?? none;
    this.offset[at] = row.offset;
    this.bytes[at] = row.length;
    this.group[at] = group;
    this.member[at] = member;
    this.next[at] = none;
    this.reward[at] = row.reward ?? Number.NaN;
    this.step[at] = row.step ?? Number.NaN;
    const side = row.preference === undefined ? 0 : row.preference === 'chosen' ? 64 : 128;
    this.flags[at] = unknown | (row.reward === null ? 16 : 0) | (row.sample ? 32 : 0) | side;
    return at;
  }

  /** What a row's response holds. */
  measure(row: number, badge: FormatBadge, regions: number): void {
    this.flags[row] = (at(this.flags, row) & ~15) | badges.indexOf(badge);
    this.regions[row] = Math.min(regions, 0xffff);
  }

  /** Makes `row` follow `previous` in their group. */
  link(previous: number, row: number): void {
    this.next[previous] = row;
  }

  /** The next row of the same group; null for the last. */
  following(row: number): number | null {
    const next = this.next[row] ?? none;
    return next === none ? null : next;
  }

  /** Group of each row; entries from `length` on mean nothing. Replaced when the table grows. */
  get groupOf(): Int32Array {
    return this.group;
  }

  /** Number of the row's file. */
  fileOf(row: number): number {
    return at(this.file, row);
  }

  /** 1-based line. */
  lineOf(row: number): number {
    return at(this.line, row);
  }

  /** 0-based place in its group, in the order of the file. */
  memberOf(row: number): number {
    return at(this.member, row);
  }

  /** Bytes of a row, or of the line that holds it. */
  lengthOf(row: number): number {
    return at(this.bytes, row);
  }

  get(row: number): RowFacts {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) throw new RangeError(`no row ${row}`);
    const flags = at(this.flags, row);
    const step = at(this.step, row);
    const element = at(this.element, row);
    return {
      file: at(this.file, row),
      line: at(this.line, row),
      element: element === none ? null : element,
      offset: at(this.offset, row),
      length: at(this.bytes, row),
      group: at(this.group, row),
      member: at(this.member, row),
      reward: (flags & 16) === 0 ? at(this.reward, row) : null,
      step: Number.isNaN(step) ? null : step,
      badge: badges[flags & 15] ?? null,
      regions: at(this.regions, row),
      sample: (flags & 32) !== 0,
      ...((flags & 192) === 0 ? {} : { preference: (flags & 64) === 0 ? 'rejected' : 'chosen' }),
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    this.file = copied(this.file, new Uint32Array(capacity));
    this.line = copied(this.line, new Uint32Array(capacity));
    this.element = copied(this.element, new Int32Array(capacity));
    this.offset = copied(this.offset, new Float64Array(capacity));
    this.bytes = copied(this.bytes, new Uint32Array(capacity));
    this.group = copied(this.group, new Int32Array(capacity));
    this.member = copied(this.member, new Uint32Array(capacity));
    this.next = copied(this.next, new Int32Array(capacity));
    this.reward = copied(this.reward, new Float64Array(capacity));
    this.step = copied(this.step, new Float64Array(capacity));
    this.flags = copied(this.flags, new Uint8Array(capacity));
    this.regions = copied(this.regions, new Uint16Array(capacity));
  }
}

function at(column: ArrayLike<number>, row: number): number {
  return column[row] ?? Number.NaN;
}

function copied<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
