import type { RolloutsIntent, RolloutsState } from '../core/document/rolloutsState';
import type { Box, Size } from '../core/geometry/box';
import type { TilePlace } from '../core/geometry/tilePyramid';
import type { Rollout } from '../core/trajectory/rollout';
import type { CanvasSegmentEvents, CanvasSegmentMethods } from './canvasSegment';
import type { CompareHostMethods } from './compare';
import type { GroupDetail, GroupSummary, RolloutSummary, SearchProgress, TraceInfo, TraceProgress } from './data';
import type { LiveHostEvents, LiveHostMethods } from './live';
import type { PyramidInfo } from './media';
import type { FoundRecord, NotesHostEvents, NotesHostMethods } from './notes';
import type { OverviewHostMethods } from './overview';
import type { ColumnInfo, SavedQuery, TraceQuery, TraceView } from './query';
import type { ReviewHostEvents, ReviewHostMethods } from './review';
import type { ScoreHostMethods, ScoreProgress } from './score';
import type { ShareHostMethods } from './share';

export interface RolloutsWelcome {
  /** Name shown in the header: file or folder. */
  readonly name: string;
  /** Id of the format: some fix which tool cut the crops. */
  readonly format: string;
  readonly formatTitle: string;
  readonly reason: string;
  readonly state: RolloutsState;
  readonly progress: TraceProgress;
  readonly samples: boolean;
  /** Set under test (ExtensionMode.Test, or SACCADE_TEST_HOOK=1): the webview exposes a read-only `saccadeTest.snapshot()`. */
  readonly testHook: boolean;
}

/** A picture the webview can paint: by URI from the cache folder, or encoded bytes where the host cannot decode. */
export type Paint =
  | { readonly kind: 'uri'; readonly uri: string; readonly size: Size; readonly original: Size }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mime: string }
  | { readonly kind: 'error'; readonly message: string };

/** Ways to mend an image that was not found. */
export type ImageMend = 'chooseImage' | 'chooseDataset' | 'chooseFolder' | 'openSettings';

/** Served by the host to one webview. Groups are addressed by index, images by group. */
export type RolloutsHostMethods = OverviewHostMethods &
  CompareHostMethods &
  NotesHostMethods &
  ReviewHostMethods &
  ScoreHostMethods &
  ShareHostMethods &
  LiveHostMethods &
  CanvasSegmentMethods & {
    'editor/ready': (p: { readonly version: number }) => RolloutsWelcome;
    /** Groups [start, start + count) of a view, or of the file. */
    'trace/groups': (p: {
      readonly start: number;
      readonly count: number;
      readonly view: number | null;
    }) => readonly GroupSummary[];
    /** Members [start, start + count) of a group in a view, or in the file: what the list shows of large ones. */
    'trace/members': (p: {
      readonly group: number;
      readonly start: number;
      readonly count: number;
      readonly view: number | null;
    }) => readonly RolloutSummary[];
    'trace/columns': (p: Record<never, never>) => readonly ColumnInfo[];
    /** Rejects as the user's error with what is wrong with the query, in DuckDB's own words where it is the SQL. */
    'trace/query': (p: { readonly query: TraceQuery }) => TraceView;
    /** Asks for a name and keeps the query in the workspace; null when the user thought better of it. */
    'filters/save': (p: { readonly query: TraceQuery; readonly words: string }) => SavedQuery | null;
    /** Lets the user choose, rename and delete kept queries; null when none was chosen. `columns`: those the trace has. */
    'filters/pick': (p: { readonly columns: readonly string[] }) => SavedQuery | null;
    'trace/group': (p: { readonly group: number }) => GroupDetail;
    'trace/rollout': (p: { readonly row: number }) => Rollout;
    'trace/info': (p: Record<never, never>) => TraceInfo;
    /** Preview of the group's image, longer side at most `maxSide`. */
    'image/preview': (p: { readonly group: number; readonly maxSide: number }) => Paint;
    /** `box` in stored pixels of the original. */
    'image/region': (p: { readonly group: number; readonly box: Box; readonly maxSide: number }) => Paint;
    /** Prepares the tiles of the group's image; null where it needs none. */
    'image/pyramid': (p: { readonly group: number }) => PyramidInfo | null;
    'image/tile': (p: { readonly group: number } & TilePlace) => Paint;
    /**
     * An image that came back to the policy, by its index in the rollout's `observations`; `box` in its own pixels cuts a
     * part. Null where the log left its bytes out: what was seen follows from the image and the box of the call.
     */
    'image/view': (p: {
      readonly row: number;
      readonly observation: number;
      readonly box: Box | null;
      readonly maxSide: number;
    }) => Paint | null;
    'image/mend': (p: {
      readonly group: number;
      readonly how: ImageMend /** for an ambiguous image */;
      readonly candidate: number | null;
    }) => null;
    'editor/intent': (p: { readonly intent: RolloutsIntent }) => RolloutsState;
    /** Opens the log as text at the rollout's line. */
    'editor/openLog': (p: { readonly row: number }) => null;
    /** Opens a file of the trace as text, at a 1-based line when there is one: a problem's place. */
    'editor/openPlace': (p: { readonly file: string; readonly line: number | null }) => null;
    'editor/copy': (p: { readonly text: string }) => null;
    'editor/showLog': (p: Record<never, never>) => null;
    /** Starts the processes anew: the way on from a fatal `editor/failure`. */
    'editor/restart': (p: Record<never, never>) => null;
    /** Asked every few seconds: a page whose host has died is told nothing by VS Code. */
    'editor/alive': (p: Record<never, never>) => null;
    /** Keyboard focus on the canvas: drives the context key `saccade.canvasFocus`. */
    'editor/focus': (p: { readonly canvas: boolean }) => null;
  };

/** Names of actions that commands and keys share. */
export type RolloutsAction =
  | 'nextRollout'
  | 'previousRollout'
  | 'nextGroup'
  | 'previousGroup'
  | 'firstRollout'
  | 'lastRollout'
  | 'nextRegion'
  | 'previousRegion'
  | 'zoomToRegion'
  | 'fit'
  | 'actualSize'
  | 'zoomIn'
  | 'zoomOut'
  | 'toggleRaw'
  | 'colourTokens'
  | 'toggleChain'
  | 'toggleMeant'
  | 'nextChainStep'
  | 'previousChainStep'
  | 'toggleAllSiblings'
  | 'toggleTruth'
  | 'toggleHelp'
  | 'showFrames'
  | 'chooseTool'
  | 'showProblems'
  | 'toggleOverview'
  | 'thenAndNow'
  | 'clearSelection'
  | 'filterSearch'
  | 'filterAdd'
  | 'filterSql'
  | 'filterMalformed'
  | 'filterRepaired'
  | 'filterTruncated'
  | 'filterZeroVariance'
  | 'filterClear'
  | 'filterRefresh'
  | 'filterSave'
  | 'filterSaved'
  | 'sort'
  | 'labelWrong'
  | 'labelNeutral'
  | 'labelRight'
  | 'labelNone'
  | 'firstError'
  | 'nextTurn'
  | 'previousTurn'
  | 'setReward'
  | 'editTags'
  | 'editRationale'
  | 'editBoxes'
  | 'revertBox'
  | 'editGroupTags'
  | 'editStepRationale'
  | 'rankHigher'
  | 'rankLower'
  | 'prefer'
  | 'toggleReviewed'
  | 'toggleExcluded'
  | 'toggleGroupExcluded'
  | 'filterDiffers'
  | 'showScore'
  | 'scoreAll'
  | 'pythonReward'
  | 'saveProfile'
  | 'copyLink'
  | 'showSample'
  | 'saveView'
  | 'saveHtml'
  | 'showGroup'
  | 'showTiles'
  | 'showDiff'
  | 'diffMenu'
  | 'nextUnreviewed'
  | 'previousUnreviewed'
  | 'reviewAndNext'
  | 'reviewGroup'
  | 'reviewMenu'
  | 'reviewAll'
  | 'reviewSpread'
  | 'reviewDiffers'
  | 'reviewFlips'
  | 'propose'
  | 'sampleGroup'
  | 'segment'
  | 'acceptMask'
  | 'undoClick'
  | 'redoClick'
  | 'nextCandidate'
  | 'previousCandidate'
  | 'segmentHover'
  | 'segmentClicks'
  | 'segmentBrush'
  | 'segmentEraser'
  | 'segmentPolygon'
  | 'rerunClicks'
  | 'branchClicks'
  | 'toggleMasks';

export type RolloutsHostEvents = NotesHostEvents &
  CanvasSegmentEvents &
  LiveHostEvents &
  ReviewHostEvents & {
    'trace/progress': TraceProgress;
    'state/changed': RolloutsState;
    'score/progress': ScoreProgress;
    /** Of a query that somebody asked for in this window. */
    'filter/progress': SearchProgress;
    /** Image states or frames were recomputed: drop cached group details. */
    'groups/stale': Record<never, never>;
    /** Somebody followed a link to this rollout. */
    'editor/reveal': FoundRecord;
    /** A command from the palette, a menu or a user's own keybinding. */
    'editor/perform': { readonly action: RolloutsAction };
    /** The data child restarted or failed. */
    'editor/failure': { readonly message: string; readonly fatal: boolean };
  };

/** Served by the webview to the host. */
export type RolloutsWebviewMethods = {
  /** Read-only state for tests; refused unless the host runs under test. */
  'test/snapshot': (p: Record<never, never>) => unknown;
};
export type RolloutsWebviewEvents = Record<never, never>;
