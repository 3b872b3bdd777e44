import type { Size } from '../../../core/geometry/box';
import { findFrame } from '../../../core/geometry/frameChoice';
import { sampleRows } from '../../../core/metric/sampling';
import type { FrameReport } from '../../../protocol/data';
import type { RegionPlaces } from '../columns/regionColumns';
import type { TraceFrames } from './frames';
import type { TraceImages } from './images';
import type { TraceTables } from './tables';

/** Groups whose images are measured: of more, a fixed sample, in which every step has its share. */
const mostGroups = 4096;
/** Milliseconds after which no more are measured. */
const patience = 30_000;
const atOnce = 8;

/** Sizes of images that areas are given in pixels and in shares of, where the log does not tell them. */
export class RegionSizes implements RegionPlaces {
  version = 0;
  private readonly sizes = new Map<number, Size>();
  private measuring: Promise<void> = Promise.resolve();
  /** Groups there were when it was last asked. */
  private seen = 0;
  /** Frames in force then. */
  private framed: readonly FrameReport[] = [];

  constructor(
    private readonly tables: TraceTables,
    private readonly images: TraceImages,
    private readonly frames: TraceFrames,
    private readonly signal: AbortSignal,
    /** Columns have values that they had not before. */
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  reports(): readonly FrameReport[] {
    return this.frames.reports();
  }

  measured(group: number): Size | null {
    return this.sizes.get(group) ?? null;
  }

  /** What was measured may be of other images than those in force now. */
  forget(): void {
    this.sizes.clear();
    this.seen = 0;
    this.version++;
  }

  /** Measures images of groups that came since it was last asked. */
  follow(): void {
    if (this.tables.groups.length > this.seen) void this.measure();
  }

  /** Measures what the frames in force call for, once they are known. */
  measure(): Promise<void> {
    this.seen = this.tables.groups.length;
    this.measuring = this.measuring
      .then(() => this.run())
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.onError(error);
      });
    return this.measuring;
  }

  private async run(): Promise<void> {
    const reports = await this.frames.settled();
    if (reports !== this.framed) this.version++;
    this.framed = reports;
    const wanted = this.wanted(reports);
    const until = performance.now() + patience;
    // One picture is asked about at many steps.
    const byPicture = new Map<number, Promise<Size | null>>();
    const { sampleKeys } = this.tables;
    const before = this.sizes.size;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let group = wanted[next++]; group !== undefined && performance.now() < until; group = wanted[next++]) {
        if (this.signal.aborted) return;
        const picture = sampleKeys.hasPicture(group) ? sampleKeys.picture(group) : null;
        const known = picture === null ? undefined : byPicture.get(picture);
        const finding = known ?? this.images.measure(group, this.signal);
        if (picture !== null) byPicture.set(picture, finding);
        const size = await finding;
        if (size !== null) this.sizes.set(group, size);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (this.sizes.size === before) return;
    this.version++;
    if (!this.signal.aborted) this.onChange();
  }

  /** Groups with regions in a frame that is known, on images whose size no log tells: at most `mostGroups`. */
  private wanted(reports: readonly FrameReport[]): readonly number[] {
    const { rows, columns, groups, sizes } = this.tables;
    const choices = reports.map(({ choice }) => choice);
    const sources = columns.ownCategory('data_source');
    const found: number[] = [];
    for (let group = 0; group < groups.length; group++) {
      if (this.sizes.has(group)) continue;
      let row: number | null = groups.get(group).first;
      while (row !== null && !columns.writtenAreas.has(row)) row = rows.following(row);
      if (row === null) continue;
      const field = columns.areasOf.at(row) === 'prediction' ? 'prediction' : 'tool';
      const { spec } = findFrame(choices, sources.at(row), field);
      if (spec !== null && sizes.of(group).loggedImageSize === null) found.push(group);
    }
    return [...sampleRows(found.length, mostGroups)].map((at) => found[at] ?? 0);
  }
}
