import { basename, dirname } from 'node:path';
import type { GroupNotes, Noted } from '../core/annotation/annotation';
import type { Box } from '../core/geometry/box';
import { findFrame } from '../core/geometry/frameChoice';
import { fromOriginal } from '../core/geometry/frameMap';
import { UserError } from '../core/text/userError';
import { placeOf, type Rollout } from '../core/trajectory/rollout';
import type { ExportTally } from '../formats/export/manifest';
import type { GroupDetail } from '../protocol/data';
import type { DatasetCopy, TruthMend } from '../protocol/dataset';
import type { ExportFolder } from './exportFolder';
import type { ExportNotes } from './exportNotes';
import { contextOf, groupDetails } from './groupPages';
import type { Session } from './session';

/** A box that somebody moved in a row's ground truth; of several words on one box the latest counts. */
interface Move {
  readonly time: string;
  readonly box: Box;
}

/** What is said of one row of a dataset by the groups of all steps that asked it. */
interface RowNotes {
  excluded: boolean;
  logged: readonly Box[];
  readonly moved: Map<number, Move>;
  readonly rollouts: Set<string>;
}

/** A dataset as the manifest tells of it. */
export interface ExportedDataset extends Omit<DatasetCopy, 'mended'> {
  readonly from: string;
  readonly file: string;
  readonly dropped: readonly number[];
  readonly mended: DatasetCopy['mended'];
}

/**
 * The run's own parquet datasets again, with the ground truth that somebody mended and without samples that somebody
 * excluded: samples of an excluded group, or of a group whose every rollout is. Rows that the trace never asked stay.
 */
export class DatasetExport {
  private readonly datasets = new Map<string, Map<number, RowNotes>>();

  constructor(
    private readonly session: Session,
    private readonly notes: ExportNotes,
    private readonly tally: ExportTally,
  ) {}

  /** Takes in what is said of a group. */
  async add(group: number): Promise<void> {
    const rollouts: Rollout[] = [];
    let detail: GroupDetail | null = null;
    for await (const page of groupDetails(this.session, group)) {
      detail ??= page.detail;
      rollouts.push(...page.rollouts);
    }
    const [first] = rollouts;
    if (detail === null || first === undefined) return;
    const said = this.notes.group(first.file, detail.summary.key);
    const noted = await this.notes.rollouts(rollouts);
    const excluded = said.excluded?.value === true || noted.every(({ notes }) => notes.excluded?.value === true);
    const moved = await this.moves(said, first, detail);
    const ids = rollouts.map(placeOf);
    if (typeof moved === 'string') return this.omit(moved, ids);
    if (!excluded && moved.size === 0) return;
    const { traceId } = this.session.opened;
    const rows = await this.session.data.call('dataset/rows', { traceId, group }, patient);
    if (typeof rows === 'string') return this.omit(`it is annotated, but ${rows}`, ids);
    if (excluded) this.omit('its sample is excluded by an annotation', ids);
    for (const { dataset, row } of rows) this.rowOf(dataset, row).take(excluded, first, moved, ids);
  }

  /** Writes the datasets that change; without a folder it is only found out what they would be. */
  async write(folder: ExportFolder | null): Promise<readonly ExportedDataset[]> {
    if (this.datasets.size === 0)
      throw new UserError(
        'There is nothing to change in the dataset: no ground truth was moved, and no sample is excluded. Move a box of the ground truth or exclude a group first, and save.',
      );
    const written: ExportedDataset[] = [];
    const names = new Set<string>();
    for (const [from, rows] of [...this.datasets].sort(([a], [b]) => a.localeCompare(b))) {
      const kept = [...rows].filter(([, { excluded }]) => !excluded);
      const dropped = [...rows].flatMap(([row, { excluded }]) => (excluded ? [row] : [])).sort((a, b) => a - b);
      const mends = kept.map(([row, { logged, moved }]): TruthMend => {
        return { row, logged, moved: [...moved].map(([index, { box }]) => [index, box] as const) };
      });
      const file = freeName(from, names);
      const to = folder === null ? null : await folder.reserve(file);
      const copy = await this.session.data.call('dataset/copy', { dataset: from, drop: dropped, mends, to }, patient);
      for (const one of copy.mended) {
        const ids = [...(rows.get(one.row)?.rollouts ?? [])];
        if ('reason' in one) this.omit(one.reason, ids);
        else this.tally.record(ids);
      }
      const mended = copy.mended.filter((one) => 'after' in one).length;
      for (let row = mended; row < copy.kept; row++) this.tally.record([]);
      written.push({ from, file, ...copy, dropped });
    }
    return written;
  }

  /** Where the group's ground truth should be, in the units that its dataset writes it in; why that cannot be told. */
  private async moves(
    said: GroupNotes,
    first: Rollout,
    detail: GroupDetail,
  ): Promise<ReadonlyMap<number, Move> | string> {
    const edits = Object.entries(said.truth ?? {});
    if (edits.length === 0) return new Map();
    const { frames, size } = await contextOf(this.session, detail);
    const { spec } = findFrame(frames, first.dataSource, 'groundTruth');
    if (spec === null) return 'its ground truth was moved, but the pixels that it counts in are unknown';
    if (typeof size === 'string' && spec.kind !== 'original')
      return 'its ground truth was moved, but the size of its image is not known';
    const image = typeof size === 'string' ? { width: 1, height: 1 } : size;
    return new Map(
      edits.map(([index, { value, time }]: readonly [string, Noted<Box>]) => [
        Number(index),
        { time, box: fromOriginal(value, spec, image, first) },
      ]),
    );
  }

  private rowOf(dataset: string, row: number) {
    const rows = this.datasets.get(dataset) ?? new Map<number, RowNotes>();
    this.datasets.set(dataset, rows);
    const found: RowNotes = rows.get(row) ?? { excluded: false, logged: [], moved: new Map(), rollouts: new Set() };
    rows.set(row, found);
    return {
      take: (excluded: boolean, first: Rollout, moved: ReadonlyMap<number, Move>, ids: readonly string[]) => {
        found.excluded ||= excluded;
        if (moved.size > 0) found.logged = first.truthBoxes.map(({ box }) => box);
        for (const [index, move] of moved)
          if (move.time >= (found.moved.get(index)?.time ?? '')) found.moved.set(index, move);
        for (const id of ids) found.rollouts.add(id);
      },
    };
  }

  private omit(reason: string, ids: readonly string[]): void {
    for (const id of ids) this.tally.omit(reason, id);
  }
}

const patient = { deadline: Number.POSITIVE_INFINITY };

/** Its own name; of several of one name with the folder's in front. */
function freeName(from: string, taken: Set<string>): string {
  const own = basename(from);
  let name = own;
  for (let i = 1; taken.has(name); i++) name = i === 1 ? `${basename(dirname(from))}-${own}` : `${i}-${own}`;
  taken.add(name);
  return name;
}
