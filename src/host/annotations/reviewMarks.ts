import { type AnnotationRecord, idOf, type RecordHints } from '../../core/annotation/annotation';
import { rankLevels } from '../../core/annotation/ranking';
import { reviewMark } from '../../core/annotation/reviewMark';
import { MARKS_SLICE, type MarkedRecord, type RankedGroup } from '../../protocol/review';
import type { TraceLink } from '../traces/traceLink';
import { type NotesListener, splitKey, type TraceAnnotations } from './traceAnnotations';

export interface MarkEvents {
  /** Marks of a whole sidecar have reached the data child. */
  placed(): void;
  failed(doing: string, error: unknown): void;
}

/**
 * Tells the data child what people said of rollouts: queue, filters and orders know it from there. Edits go before a sidecar that is
 * still being placed; a child that was started anew is told everything again.
 */
export class ReviewMarks implements NotesListener {
  private edits: Promise<unknown> = Promise.resolve();
  private bulk: Promise<unknown> = Promise.resolve();
  /** Opening of the trace that was told; null while there is nothing to tell. */
  private toldTo: number | null = null;
  /** Of records that were told, by id: one that is gone has none of its own any more. */
  private readonly told = new Map<string, RecordHints>();

  constructor(
    private readonly annotations: Pick<TraceAnnotations, 'all'>,
    private readonly link: Pick<TraceLink, 'ask' | 'openings' | 'whenOpen'>,
    private readonly events: MarkEvents,
  ) {}

  changed(_: number, records: ReadonlyMap<string, AnnotationRecord | null>): void {
    const ids = [...records.keys()].filter((id) => this.speaksOf(id));
    if (ids.length === 0) return;
    if (ids.length > MARKS_SLICE) this.tellAll(ids);
    else this.edits = this.edits.then(() => this.tell(ids));
  }

  /** Every edit that was heard of is told, to the child that answers now. */
  async settled(): Promise<void> {
    await this.edits;
    if (this.toldTo === null) return;
    await this.link.whenOpen();
    const { openings } = this.link;
    if (openings === this.toldTo) return;
    this.toldTo = openings;
    this.tellAll([...this.told.keys()]);
  }

  private tellAll(ids: readonly string[]): void {
    this.bulk = this.bulk.then(async () => {
      for (let from = 0; from < ids.length; from += MARKS_SLICE) await this.tell(ids.slice(from, from + MARKS_SLICE));
      this.events.placed();
    });
  }

  /** As the records are when they are told, not as they were when it was decided to. */
  private async tell(ids: readonly string[]): Promise<void> {
    try {
      const records = ids.flatMap((id) => this.marked(id));
      await this.link.whenOpen();
      this.toldTo ??= this.link.openings;
      const rankings = ids.flatMap((id) => this.ranked(id));
      await this.link.ask('review/mark', { records, rankings }, { deadline: Number.POSITIVE_INFINITY });
    } catch (error) {
      this.events.failed('telling what was reviewed', error);
    }
  }

  private speaksOf(id: string): boolean {
    if (this.told.has(id)) return true;
    const record = this.annotations.all.get(id);
    if (record?.kind === 'group') return record.notes.ranking !== undefined;
    return record?.kind === 'rollout' && reviewMark(record.notes) !== null;
  }

  private marked(id: string): readonly MarkedRecord[] {
    if (!id.startsWith(rolloutId)) return [];
    const record = this.annotations.all.get(id);
    const hints = record?.hints ?? this.told.get(id);
    if (hints === undefined) return [];
    this.told.set(id, hints);
    const { file, own } = splitKey(id.slice(rolloutId.length));
    return [{ file, key: own, hints, mark: record?.kind === 'rollout' ? reviewMark(record.notes) : null }];
  }

  private ranked(id: string): readonly RankedGroup[] {
    if (!id.startsWith(groupId)) return [];
    const record = this.annotations.all.get(id);
    if (record !== undefined) this.told.set(id, record.hints);
    const ranking = record?.kind === 'group' ? record.notes.ranking : undefined;
    const { own } = splitKey(id.slice(groupId.length));
    return [{ key: own, levels: ranking === undefined ? [] : rankLevels(ranking.value) }];
  }
}

/** What stands before a key in an id. */
const rolloutId = idOf({ kind: 'rollout', key: '' });
const groupId = idOf({ kind: 'group', key: '' });
