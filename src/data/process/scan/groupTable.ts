import type { LoggedSizes } from '../../../core/geometry/frame';
import type { SampleHashes } from '../samples/sampleTable';
import { Titles } from './titles';

/** What is kept of a group's first row besides its place. */
export interface GroupOpening {
  readonly title: string;
  readonly sample: SampleHashes;
  readonly sizes: LoggedSizes;
}

/** One group while it is built. */
export interface GroupFacts {
  readonly key: string;
  readonly title: string;
  readonly file: number;
  readonly first: number;
  readonly size: number;
}

/** Groups in the order in which their first row stands in the trace. */
export class GroupTable {
  private readonly byKey = new Map<string, number>();
  private readonly keys: string[] = [];
  private readonly titles = new Titles();
  private readonly files: number[] = [];
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];
  private sizes = new Uint32Array(256);
  /** Lowest group whose size changed since `takeChanges`. */
  private changedFrom = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.keys.length;
  }

  find(key: string): number | null {
    return this.byKey.get(key) ?? null;
  }

  /** A new group, whose first row is appended next. */
  open(key: string, title: string, file: number): number {
    const group = this.keys.length;
    this.byKey.set(key, group);
    this.keys.push(key);
    this.titles.add(title);
    this.files.push(file);
    if (group === this.sizes.length) {
      const bigger = new Uint32Array(group * 2);
      bigger.set(this.sizes);
      this.sizes = bigger;
    }
    return group;
  }

  /** Puts `row` behind the group's rows; returns the row before it, null for the first. */
  append(group: number, row: number): number | null {
    const size = this.size(group);
    const previous = size === 0 ? null : (this.lasts[group] ?? null);
    if (size === 0) this.firsts[group] = row;
    this.lasts[group] = row;
    this.sizes[group] = size + 1;
    this.changedFrom = Math.min(this.changedFrom, group);
    return previous;
  }

  size(group: number): number {
    return this.sizes[group] ?? 0;
  }

  get(group: number): GroupFacts {
    const key = this.keys[group];
    if (key === undefined) throw new RangeError(`no group ${group}`);
    return {
      key,
      title: this.titles.shown(group),
      file: this.files[group] ?? 0,
      first: this.firsts[group] ?? 0,
      size: this.size(group),
    };
  }

  /** Every group is told by the next `takeChanges`. */
  changeAll(): void {
    this.changedFrom = 0;
  }

  /** Sizes from the lowest changed group on, an exact copy; the next call tells of later changes. */
  takeChanges(): { readonly from: number; readonly sizes: Uint32Array } {
    const from = Math.min(this.changedFrom, this.length);
    this.changedFrom = Number.POSITIVE_INFINITY;
    return { from, sizes: this.sizes.slice(from, this.length) };
  }

  /** Per file, the size most of its groups have; the larger of two equally common ones. */
  commonSizes(): ReadonlyMap<number, number> {
    const counts = new Map<number, Map<number, number>>();
    for (let group = 0; group < this.length; group++) {
      const file = this.files[group] ?? 0;
      const sizes = counts.get(file) ?? new Map<number, number>();
      counts.set(file, sizes);
      sizes.set(this.size(group), (sizes.get(this.size(group)) ?? 0) + 1);
    }
    const common = new Map<number, number>();
    for (const [file, sizes] of counts) {
      const ranked = [...sizes].sort(([size, count], [otherSize, other]) => other - count || otherSize - size);
      common.set(file, ranked[0]?.[0] ?? 1);
    }
    return common;
  }
}
