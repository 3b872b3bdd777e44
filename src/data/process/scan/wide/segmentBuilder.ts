import type { Problem } from '../../../../core/text/problem';
import type { Field, RolloutRecord } from '../../../../core/trajectory/rollout';
import { promptTitle } from '../../../../formats/title';
import { shortText } from '../../columns/loggedColumns';
import { sampleHashes } from '../../samples/sampleTable';
import { rowFlag, type SegmentGroup, type SegmentRows } from './segment';

/** Groups remembered from one segment to the next. */
const groupsKept = 8192;

/** Where a row's bytes stand in its segment. */
interface RowPlace {
  readonly offset: number;
  readonly length: number;
  /** 0-based line of the segment. */
  readonly line: number;
}

/** Groups that a thread met in the last segments. */
export class KnownGroups {
  private readonly byKey = new Map<string, SegmentGroup>();

  get(key: string): SegmentGroup | undefined {
    return this.byKey.get(key);
  }

  add(key: string, group: SegmentGroup): void {
    // To forget all of them at times is cheaper than to know the oldest.
    if (this.byKey.size >= groupsKept) this.byKey.clear();
    this.byKey.set(key, group);
  }

  clear(): void {
    this.byKey.clear();
  }
}

/** Collects a segment's rows for the message that carries them. */
export class SegmentBuilder {
  private count = 0;
  private fields = 0;
  private readonly groups: SegmentGroup[] = [];
  private readonly groupByKey = new Map<string, number>();
  private readonly sources = new Names();
  private readonly names = new Names();
  private readonly texts = new Names();
  private readonly problems: { readonly row: number; readonly problem: Problem }[] = [];
  private rows = rowArrays(1024);
  private logged = fieldArrays(4096);

  /**
   * @param file as rows name it.
   * @param known groups of segments before, by key: rows of one may stand far apart.
   */
  constructor(
    private readonly file: string,
    private readonly known: KnownGroups,
  ) {}

  /** A row that somebody else has to read. */
  unread(place: RowPlace): void {
    const row = this.place(place);
    this.rows.flags[row] = rowFlag.unread;
  }

  /** @param key of its group; null for a row that stands alone. */
  add(place: RowPlace, record: RolloutRecord, key: string | null, responseLength: number): void {
    const row = this.place(place);
    const { rows } = this;
    const { reward, step, dataSource, preference } = record;
    let flags = record.kind === 'sample' ? rowFlag.sample : 0;
    if (reward !== null) {
      flags |= rowFlag.reward;
      rows.rewards[row] = reward;
    }
    if (step !== null) {
      flags |= rowFlag.step;
      rows.steps[row] = step;
    }
    if (preference !== undefined) flags |= preference === 'chosen' ? rowFlag.chosen : rowFlag.rejected;
    rows.flags[row] = flags;
    rows.responseLengths[row] = responseLength;
    rows.groupOf[row] = this.group(record, key);
    rows.sourceOf[row] = dataSource === null ? 0 : this.sources.of(dataSource) + 1;
    const before = this.fields;
    for (const field of record.fields) this.field(field);
    rows.fieldCounts[row] = this.fields - before;
  }

  /** A problem of the row that was added last. */
  problem(problem: Problem): void {
    this.problems.push({ row: this.count - 1, problem });
  }

  build(start: number | null, end: number, lines: number): SegmentRows {
    const { count, fields, groups, problems } = this;
    const [rows, logged] = [cut(this.rows, count), cut(this.logged, fields)];
    const [sources, names, texts] = [this.sources.list, this.names.list, this.texts.list];
    return { start, end, lines, count, ...rows, ...logged, groups, sources, names, texts, problems };
  }

  private place({ offset, length, line }: RowPlace): number {
    if (this.count === this.rows.flags.length) this.rows = grown(this.rows, rowArrays(this.count * 2));
    const row = this.count++;
    this.rows.offsets[row] = offset;
    this.rows.lengths[row] = length;
    this.rows.lineOf[row] = line;
    return row;
  }

  private group(record: RolloutRecord, key: string | null): number {
    const known = key === null ? undefined : this.groupByKey.get(key);
    if (known !== undefined) return known;
    const group = this.groups.push(this.opening(record, key)) - 1;
    if (key !== null) this.groupByKey.set(key, group);
    return group;
  }

  private opening(record: RolloutRecord, key: string | null): SegmentGroup {
    const before = key === null ? undefined : this.known.get(key);
    if (before !== undefined) return before;
    const { loggedImageSize, inputSize } = record;
    const made = {
      key,
      title: promptTitle(record.prompt),
      sample: sampleHashes(record, this.file),
      sizes: { loggedImageSize, inputSize },
    };
    if (key !== null) this.known.add(key, made);
    return made;
  }

  /** Lists and objects make no columns. */
  private field({ name, value }: Field): void {
    const isText = typeof value === 'string';
    if (!isText && typeof value !== 'number' && typeof value !== 'boolean') return;
    if (this.fields === this.logged.isText.length) this.logged = grown(this.logged, fieldArrays(this.fields * 2));
    const { fieldNames, fieldValues, isText: texts } = this.logged;
    const at = this.fields++;
    fieldNames[at] = this.names.of(name);
    texts[at] = isText ? 1 : 0;
    // A longer text is no name, whatever it goes on with.
    fieldValues[at] = isText ? this.texts.of(value.slice(0, shortText + 1)) : Number(value);
  }
}

/** Texts by number, in the order in which they were first met. */
class Names {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.list.push(name) - 1;
    this.numbers.set(name, number);
    return number;
  }
}

function rowArrays(length: number) {
  return {
    offsets: new Uint32Array(length),
    lengths: new Uint32Array(length),
    lineOf: new Uint32Array(length),
    flags: new Uint8Array(length),
    rewards: new Float64Array(length),
    steps: new Float64Array(length),
    responseLengths: new Uint32Array(length),
    groupOf: new Uint32Array(length),
    sourceOf: new Uint32Array(length),
    fieldCounts: new Uint16Array(length),
  };
}

function fieldArrays(length: number) {
  return {
    fieldNames: new Uint16Array(length),
    fieldValues: new Float64Array(length),
    isText: new Uint8Array(length),
  };
}

type Arrays = Readonly<Record<string, Uint8Array | Uint16Array | Uint32Array | Float64Array>>;

function grown<T extends Arrays>(from: T, to: T): T {
  for (const [name, array] of Object.entries(from)) to[name]?.set(array);
  return to;
}

function cut<T extends Arrays>(arrays: T, length: number): T {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice(0, length)])) as T;
}
