import type { RepaintedMask, RepaintRequest } from '../core/dataset/repaintedMask';
import type { Size } from '../core/geometry/box';
import type { FrameChoice, FrameEvidence, FrameField } from '../core/geometry/frame';
import type { RewardComponent } from '../core/reward/component';
import type { Problem } from '../core/text/problem';
import type { FormatBadge, Rollout } from '../core/trajectory/rollout';
import type { ToolRulesId } from '../core/trajectory/tools/toolRules';
import type { FormatId } from '../formats/format';
import type { CompareMethods } from './compare';
import type { DatasetMethods } from './dataset';
import type { AllImageSetEvents, AllImageSetMethods } from './imageSets';
import type { MaskAnswer, MaskRequest } from './media';
import type { NotesMethods } from './notes';
import type { OverviewMethods } from './overview';
import type { ColumnInfo, TraceQuery, TraceView } from './query';
import type { ReviewMethods } from './review';
import type { RunsMethods } from './runs';
import type { ScoreMethods, TraceScoreProgress } from './score';

/** Where an image's bytes are. `table`: a cell of a parquet dataset, fetched by row when the image is wanted. */
export type ImageRef =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'table';
      readonly dataset: string;
      readonly row: number;
      readonly column: string;
      readonly index: number;
    }
  /** The `index`-th image inside a row of the trace itself. */
  | { readonly kind: 'row'; readonly row: number; readonly index: number };

export interface ImageCandidate {
  readonly ref: ImageRef;
  /** For the user: file and row, or path. */
  readonly label: string;
}

/** What became of a rollout's image. `pending`: the run's datasets are still being read; `trace/stale` follows. */
export type ImageState =
  | { readonly kind: 'pending'; readonly reason: string }
  | {
      readonly kind: 'resolved';
      readonly ref: ImageRef /** One sentence: named by the log, joined from … */;
      readonly how: string /** Images of this prompt. */;
      readonly count: number;
    }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly ImageCandidate[]; readonly reason: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly tried: readonly string[] };

/** The run's own configuration, read from a Hydra, EasyR1, ms-swift or wandb file or from settings. */
export interface RunConfig {
  /** File it was read from, or 'settings'. */
  readonly source: string;
  /** Absolute paths; globs and folders are already expanded. */
  readonly trainFiles: readonly string[];
  readonly validationFiles: readonly string[];
  readonly promptKey: string;
  readonly imageKey: string;
  readonly imageDir: string | null;
  /** Name or path of the model that was trained; tells which pixels it answers in. */
  readonly model: string | null;
  /** Rollouts per prompt (`rollout.n`, `num_generations`); null when not stated. */
  readonly groupSize: number | null;
  readonly advantageEstimator: string | null;
  readonly minPixels: number | null;
  readonly maxPixels: number | null;
  /** Reward functions by the names the run was started with; absent where nothing lists them. */
  readonly rewardFunctions?: readonly RewardComponent[];
  /** Whose tool cuts the run's crops; absent where nothing says. */
  readonly tool?: ToolRulesId;
}

/** What the user set, from settings, workspace state or flags; wins over everything found. */
export interface TraceOverrides {
  readonly datasetFiles?: readonly string[];
  readonly imageRoots?: readonly string[];
  readonly promptKey?: string;
  readonly imageKey?: string;
  readonly frames?: readonly FrameChoice[];
  /** group key → candidate chosen for an ambiguous or missing image. */
  readonly images?: Readonly<Record<string, ImageRef>>;
  /** Logged columns that are reward components; they win over those a config or a format names. */
  readonly components?: readonly RewardComponent[];
  /** By whose rules calls are replayed; wins over the format, the log and the config. */
  readonly tool?: ToolRulesId;
  /** Files, relative to the trace's root, whose responses are one turn each: no boundary is inferred in them. */
  readonly unsplit?: readonly string[];
}

export interface TraceOpened {
  readonly traceId: number;
  readonly format: FormatId;
  readonly formatTitle: string;
  readonly reason: string;
  /** Absolute folder that `files`, `Rollout.file` and `CropOutput.file` are relative to. */
  readonly root: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** State of the background scan. Counts only grow. */
export interface TraceProgress {
  readonly traceId: number;
  /** Every row is there, in its group and with its rewards; responses of some may still be read. */
  readonly done: boolean;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  /** Rows so far, samples without a response among them. */
  readonly rollouts: number;
  readonly samples: number;
  /** Rows whose responses were read for what they hold: as many as `rollouts` in the end. */
  readonly measured: number;
  readonly groups: number;
  readonly problems: number;
  /** Sizes of groups [sizesFrom, sizesFrom + sizes.length) as they stand now. */
  readonly sizesFrom: number;
  readonly sizes: Uint32Array;
}

export interface RolloutSummary {
  readonly row: number;
  /** 0-based place in its group, in the order of the file: the same in every view. */
  readonly member: number;
  readonly reward: number | null;
  readonly step: number | null;
  /** Both null while the response is still to be read. */
  readonly badge: FormatBadge | null;
  readonly regions: number | null;
  /** Its side of a pair in preference data. */
  readonly preference?: 'chosen' | 'rejected';
  /** Value of the column that the view is sorted by; null without one, absent where nothing is sorted. */
  readonly sorted?: number | null;
}

/** A group of a step that the run went through more than once. */
export interface GroupAttempt {
  /** 1-based. */
  readonly number: number;
  /** A later attempt at the step is in the log. */
  readonly superseded: boolean;
}

/**
 * One group for the list. `rollouts` is cut at `GROUP_PAGE` members; in a view they are the matching ones in its order.
 * Everything else speaks of the whole group in every view: `size` is the true count.
 */
export interface GroupSummary {
  readonly group: number;
  readonly key: string;
  readonly step: number | null;
  readonly title: string;
  readonly size: number;
  /** Only where the log holds several attempts at the step: the run was resumed from an earlier one. */
  readonly attempt?: GroupAttempt;
  /** The size differs from the run's n (config, or the file's mode): the grouping may be wrong. */
  readonly uncertain: boolean;
  readonly meanReward: number;
  /** Sample standard deviation (N−1); NaN for fewer than two rewards. */
  readonly stdReward: number;
  /** What the view orders its groups by; NaN where no matching row has a value, absent where nothing is sorted. */
  readonly sorted?: number;
  readonly rollouts: readonly RolloutSummary[];
}
export const GROUP_PAGE = 64;

/** Everything the editor shows of one group; texts over 256 KB are cut and say so. */
export interface GroupDetail {
  readonly summary: GroupSummary;
  readonly rollouts: readonly Rollout[];
  readonly image: ImageState;
  readonly frames: readonly FrameChoice[];
  /** Rows whose `response` was cut, with the full length in UTF-16 units. */
  readonly truncated: readonly { readonly row: number; readonly length: number }[];
  /** Rows whose `tokens` were left out for their size: `trace/rollout` has them. */
  readonly tokenRows: readonly number[];
  /** As in `RunConfig`. */
  readonly tool?: ToolRulesId;
}

export interface FrameReport {
  readonly dataSource: string | null;
  readonly field: FrameField;
  readonly choice: FrameChoice;
  readonly evidence: readonly FrameEvidence[];
}

export interface FileActions {
  readonly file: string;
  readonly actions: number;
  readonly malformed: number;
  /** Read after a mend. */
  readonly repaired: number;
}

export interface TraceInfo {
  readonly format: FormatId;
  readonly formatTitle: string;
  readonly files: readonly string[];
  readonly rollouts: number;
  readonly samples: number;
  readonly groups: number;
  readonly uncertainGroups: number;
  /** Distinct training steps, ascending. */
  readonly steps: readonly number[];
  /** Numeric logged columns besides the total, in first-seen order (fields until named components). */
  readonly fields: readonly string[];
  /** Fields that the user or, without them, the run's config names reward components. */
  readonly rewardComponents: readonly string[];
  readonly frames: readonly FrameReport[];
  readonly images: { readonly resolved: number; readonly ambiguous: number; readonly missing: number };
  readonly badges: Readonly<Record<FormatBadge, number>>;
  /** Files with actions that could not be read, or only after a mend, in reading order; at most a thousand. */
  readonly troubledFiles: readonly FileActions[];
  readonly config: RunConfig | null;
  /** Columns that the trace would have, and why it has not; as far as the scan and the frames are known. */
  readonly absent: readonly { readonly column: string; readonly reason: string }[];
  /** At most 1,000; `problemCount` is the true count. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** Served by the data child. */
export type DataMethods = OverviewMethods &
  RunsMethods &
  CompareMethods &
  DatasetMethods &
  AllImageSetMethods &
  NotesMethods &
  ReviewMethods &
  ScoreMethods & {
    'trace/open': (p: { path: string; overrides: TraceOverrides }) => TraceOpened;
    /** With `view`, `start` counts in its groups, and members are its rows in its order. */
    'trace/groups': (p: { traceId: number; start: number; count: number; view?: number }) => readonly GroupSummary[];
    /**
     * `rollouts` are the first `GROUP_PAGE` members, or those behind the member in row `after`; with `view` its rows only,
     * in its order. `patience`: milliseconds after which an image that is not found yet is answered as `pending`; without
     * it the answer waits.
     */
    'trace/group': (p: {
      traceId: number;
      group: number;
      after?: number;
      patience?: number;
      view?: number;
    }) => GroupDetail;
    /** Members [start, start + count) of a group, at most 1,000 a call: what the list shows of large ones. */
    'trace/members': (p: {
      traceId: number;
      group: number;
      start: number;
      count: number;
      view?: number;
    }) => readonly RolloutSummary[];
    /** Columns with a value in some row, as far as the scan has come. */
    'trace/columns': (p: { traceId: number }) => readonly ColumnInfo[];
    /** Rows scanned by now that match. Throws `UserError` for an unknown column, and with DuckDB's own words for bad SQL. */
    'trace/query': (p: { traceId: number; query: TraceQuery }) => TraceView;
    /** One rollout by row, its texts whole. */
    'trace/rollout': (p: { traceId: number; row: number }) => Rollout;
    /** `wait`: after the scan has ended; image states of every group are resolved then. */
    'trace/info': (p: { traceId: number; wait: boolean }) => TraceInfo;
    'trace/override': (p: { traceId: number; overrides: TraceOverrides }) => null;
    /** Files are looked at for growth from now on: every 2 s while `visible`, else every 30 s. `trace/progress` tells. */
    'trace/watch': (p: { traceId: number; visible: boolean }) => null;
    'trace/close': (p: { traceId: number }) => null;
    /** Absolute path of a file of the trace as text: of a packed one, of what it holds. */
    'trace/locate': (p: { traceId: number; file: string }) => { path: string };
    /** A file on disk with the image's encoded bytes; a table cell is written into the cache first. */
    'image/file': (p: { traceId: number; ref: ImageRef }) => { path: string };
    /** As `image/file`, of an image that came back during a rollout; null where the log left its bytes out. */
    'image/view': (p: { traceId: number; row: number; observation: number }) => { path: string } | null;
    /**
     * Reads at most 64 KB a file; null when no format claims the path. `below`: a folder counts too that holds its trace a level
     * or two further down, as `trace/open` would find it. Never throws for an unreadable file.
     */
    'path/detect': (p: { path: string; below?: boolean }) => { format: FormatId; title: string } | null;
  };

/** Bytes that a search for a text has looked at, of all that it is to. */
export interface SearchProgress {
  readonly done: number;
  readonly total: number;
}

export type DataEvents = AllImageSetEvents & {
  'score/progress': TraceScoreProgress;
  'trace/progress': TraceProgress;
  /** A query's search for a text: bytes looked at, of all that are to be. */
  'trace/searched': SearchProgress & { readonly traceId: number };
  /** Frames or image states were decided anew: group details fetched before are out of date. */
  'trace/stale': { readonly traceId: number };
};

/** Served by the data child's parent: only the media child decodes images. */
export type DataParentMethods = {
  /** Size of the stored pixels from the header; null when it is no image. */
  'image/size': (p: { path: string }) => Size | null;
  /** As `MediaMethods`. Throws `UserError`. */
  'image/repaint': (p: RepaintRequest) => RepaintedMask | null;
  'image/mask': (p: MaskRequest) => MaskAnswer;
};
