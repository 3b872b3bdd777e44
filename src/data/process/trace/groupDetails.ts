import { setTimeout as delay } from 'node:timers/promises';
import { Lru } from '../../../core/collections/lru';
import { UserError } from '../../../core/text/userError';
import { GROUP_PAGE, type GroupDetail, type ImageState } from '../../../protocol/data';
import type { TraceQueries } from '../columns/traceQueries';
import type { View } from '../columns/view';
import { type CutRollout, cutTexts } from './cutTexts';
import type { TraceFrames } from './frames';
import type { TraceImages } from './images';
import type { RowReader } from './rowReader';
import type { Summaries } from './summaries';
import type { TraceTables } from './tables';

/** Rows of a group read side by side; large ones one by one, so that they do not fill the memory together. */
const rowsAtOnce = 8;
const largeRow = 2 * 1024 * 1024;
/** UTF-16 units of prompts and responses kept of groups looked at last. */
const textsKept = 32 * 1024 * 1024;

/** Which of a group's rows are wanted, and how long its image may take; see `trace/group`. */
export interface GroupAsked {
  readonly after: number | null;
  readonly patience: number | null;
  readonly view: number | null;
}

/** What a group's details are made of. */
export interface DetailSources {
  readonly tables: TraceTables;
  readonly reader: RowReader;
  readonly images: TraceImages;
  readonly summaries: Summaries;
  readonly frames: TraceFrames;
  readonly queries: TraceQueries;
  /** Aborted when the trace is closed. */
  readonly closing: AbortSignal;
  /** Details given out before are out of date. */
  readonly stale: () => void;
  readonly log: (error: unknown) => void;
}

/** Groups with their rollouts' texts, read from disk; those looked at last are kept. */
export class GroupDetails {
  private readonly details = new Lru<number, readonly CutRollout[]>(textsKept);

  constructor(private readonly of: DetailSources) {}

  async get(group: number, { after, patience, view: viewId }: GroupAsked, signal: AbortSignal): Promise<GroupDetail> {
    if (!Number.isInteger(group) || group < 0 || group >= this.of.tables.groups.length)
      throw new UserError(`The trace has no group ${group + 1}.`);
    if (after !== null && !this.isMember(after, group))
      throw new UserError(`Row ${after + 1} is not in group ${group + 1}.`);
    const view = viewId === null ? null : this.of.queries.view(viewId);
    const finding = patience === null ? this.of.images.state(group, signal) : this.imageWithin(group, patience);
    const [image, members] = await Promise.all([finding, this.membersOf(group, after, view)]);
    const rollouts = members.map(({ rollout }) => rollout);
    const tool = this.of.images.config?.tool;
    return {
      ...(tool === undefined ? {} : { tool }),
      summary: this.of.summaries.get(group, view),
      rollouts,
      image,
      frames: await this.of.frames.choices(rollouts[0]?.dataSource ?? null),
      truncated: members.flatMap(({ rollout: { row }, cutFrom }) =>
        cutFrom === null ? [] : [{ row, length: cutFrom }],
      ),
      tokenRows: members.flatMap(({ rollout: { row }, tokens }) => (tokens ? [row] : [])),
    };
  }

  /** The group's image, or `pending` when finding it takes longer than `patience` ms; who asked is told when it is known. */
  private async imageWithin(group: number, patience: number): Promise<ImageState> {
    const finding = this.of.images.state(group, this.of.closing);
    const found = await Promise.race([finding, delay(patience, null)]);
    if (found !== null) return found;
    finding.then(this.of.stale, this.of.log);
    return { kind: 'pending', reason: 'The run’s datasets are being read to find the image.' };
  }

  private isMember(row: number, group: number): boolean {
    const { rows } = this.of.tables;
    return Number.isInteger(row) && row >= 0 && row < rows.length && rows.get(row).group === group;
  }

  private async membersOf(group: number, after: number | null, view: View | null): Promise<readonly CutRollout[]> {
    const rows = this.of.tables.members(group, GROUP_PAGE, after, view);
    const known = after === null ? this.details.get(group) : undefined;
    // A group that grew since, or is seen through another view, is read again.
    if (known?.length === rows.length && known.every(({ rollout }, i) => rollout.row === rows[i])) return known;
    const members: CutRollout[] = [];
    const large = rows.some((row) => this.of.tables.rows.get(row).length > largeRow);
    const atOnce = large ? 1 : rowsAtOnce;
    for (let from = 0; from < rows.length; from += atOnce) {
      const some = rows.slice(from, from + atOnce);
      members.push(...(await Promise.all(some.map(async (row) => cutTexts(await this.of.reader.rollout(row))))));
    }
    const weight = members.reduce((sum, { rollout }) => sum + rollout.prompt.length + rollout.response.length, 0);
    if (after === null) this.details.set(group, members, weight);
    return members;
  }
}
