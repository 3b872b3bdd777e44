import type { MarkedRecord, RankedGroup, ReviewFound, ReviewProgress, ReviewStep } from '../../../protocol/review';
import type { TraceQueries } from '../columns/traceQueries';
import { type MarkPlacing, placeMarks, placeRankings } from './placeMarks';
import { ReviewQueue } from './reviewQueue';

/** The review of one trace: what people said of its rows, and what is left to look at. */
export class TraceReview {
  private readonly queue: ReviewQueue;
  /** Marks are placed in the order in which they were sent: a later one takes an earlier one back. */
  private placing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly queries: Pick<TraceQueries, 'view'>,
    private readonly of: MarkPlacing,
    private readonly closing: AbortSignal,
  ) {
    this.queue = new ReviewQueue(of.tables);
  }

  /** Answers how many records stand in the trace now. */
  async mark(records: readonly MarkedRecord[], rankings: readonly RankedGroup[], asked: AbortSignal): Promise<number> {
    const { marks } = this.of.tables;
    const signal = AbortSignal.any([asked, this.closing]);
    const done = this.placing.then(async () => {
      await placeMarks(records, marks, this.of, signal);
      await placeRankings(rankings, marks, this.of, signal);
    });
    this.placing = done.catch(() => undefined);
    await done;
    return marks.size;
  }

  next(view: number | null, step: ReviewStep): ReviewFound {
    return this.queue.next(view === null ? null : this.queries.view(view), step);
  }

  progress(view: number | null): ReviewProgress {
    return this.queue.progress(view === null ? null : this.queries.view(view));
  }
}
