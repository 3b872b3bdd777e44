import type { Size } from '../../../core/geometry/box';
import type { TraceProgress } from '../../../protocol/data';
import type { ScoreProgress } from '../../../protocol/score';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import type { ImageResolver } from '../images/resolver';
import type { TableLimits } from '../images/tableDatabase';
import type { ImageContents } from '../samples/imageContents';
import type { Workers } from '../scan/wide/workers';

/** What an open trace needs of the process that it is open in. */
export interface TraceDeps {
  /** For each of the databases that a trace of tables is read with. */
  readonly tableLimits: TableLimits;
  readonly resolver: Promise<ImageResolver>;
  /** Absolute folder for images out of rows. */
  readonly cacheDir: string;
  readonly contents: ImageContents;
  /** Where indexes of traces are kept. */
  readonly shelf: CacheShelf;
  /** Starts threads for large scans; null where there are none. */
  readonly workers: (() => Workers) | null;
  readonly imageSize: (path: string) => Promise<Size | null>;
  readonly progress: (progress: TraceProgress) => void;
  /** Scoring of all rollouts has come so far. */
  readonly scored: (progress: ScoreProgress) => void;
  /** A query's search for a text has come so far, in bytes. */
  readonly searched: (done: number, total: number) => void;
  /** Frames or images were decided anew: details given out before are out of date. */
  readonly stale: () => void;
  readonly log: (error: unknown) => void;
}
