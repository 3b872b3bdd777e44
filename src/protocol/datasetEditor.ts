import type { DatasetImage, PixelFrame } from '../core/dataset/datasetImage';
import type { Box } from '../core/geometry/box';
import type { TilePlace } from '../core/geometry/tilePyramid';
import type { ProposedBox } from '../core/policy/proposals';
import type { CanvasSegmentEvents, CanvasSegmentMethods } from './canvasSegment';
import type { DatasetCurateHostMethods } from './datasetCurate';
import type { DatasetEditHostEvents, DatasetEditHostMethods } from './datasetEdits';
import type { DatasetRolloutsHostEvents, DatasetRolloutsHostMethods } from './datasetRollouts';
import type {
  DuplicatesFound,
  ImageRow,
  ImageSetInfo,
  ImageSetProgress,
  ImageSetQuery,
  ImageSetStatistics,
  ImageSetVideo,
  ImageSetView,
} from './imageSet';
import type { PyramidInfo } from './media';
import type { ColumnInfo } from './query';
import type { Paint } from './rollouts';

/** What the dataset editor's page and its host say to each other. Images are addressed by index in the file. */

export interface DatasetWelcome {
  /** Name shown in the header: file or folder. */
  readonly name: string;
  readonly format: string;
  readonly formatTitle: string;
  readonly reason: string;
  readonly frame: PixelFrame;
  readonly progress: ImageSetProgress;
  /** One photo was opened, not a set of them: it is shown at once. */
  readonly photo: boolean;
  /** Set under test: the page exposes a read-only `saccadeTest.snapshot()`. */
  readonly testHook: boolean;
}

/** What a search for near-duplicates came to; `looked` and `unread` are images that were, and could not be, compared. */
export type DuplicatesAnswer = DuplicatesFound & { readonly looked: number; readonly unread: number };

/** A query of an image set that the user keeps by name. */
export interface SavedImageQuery {
  readonly name: string;
  readonly query: ImageSetQuery;
}

export type DatasetHostMethods = CanvasSegmentMethods &
  DatasetEditHostMethods &
  DatasetRolloutsHostMethods &
  DatasetCurateHostMethods & {
    'editor/ready': (p: { readonly version: number }) => DatasetWelcome;
    'set/info': (p: Record<never, never>) => ImageSetInfo;
    'set/columns': (p: Record<never, never>) => readonly ColumnInfo[];
    /** Places [start, start + count) of a view's order, or of the file. */
    'set/rows': (p: {
      readonly start: number;
      readonly count: number;
      readonly view: number | null;
    }) => readonly ImageRow[];
    'set/image': (p: { readonly index: number }) => DatasetImage;
    /** Null for an image that is no frame of a video. */
    'set/video': (p: { readonly index: number }) => ImageSetVideo | null;
    /** Rejects as the user's error with what is wrong with the query, in DuckDB's own words where it is the SQL. */
    'set/query': (p: { readonly query: ImageSetQuery }) => ImageSetView;
    'set/statistics': (p: { readonly view: number | null }) => ImageSetStatistics;
    /** As the set's frame has it, longer side at most `maxSide`: small ones fill the grid, larger ones the detail view. */
    'image/preview': (p: { readonly index: number; readonly maxSide: number }) => Paint;
    /** `box` in stored pixels. */
    'image/region': (p: { readonly index: number; readonly box: Box; readonly maxSide: number }) => Paint;
    /** Prepares the tiles of an image; null where it needs none. */
    'image/pyramid': (p: { readonly index: number }) => PyramidInfo | null;
    'image/tile': (p: { readonly index: number } & TilePlace) => Paint;
    /**
     * Asks a policy where to look, after the user said which and what about. `show` opens the rollouts in an editor of their own; else
     * what they propose is answered, in the set's frame. Null where there is nothing to answer.
     */
    'policy/ask': (p: { readonly index: number; readonly show: boolean }) => readonly ProposedBox[] | null;
    /** The rollouts that were sampled last from this page, in an editor of their own. */
    'policy/open': (p: Record<never, never>) => null;
    /** Asks for a folder in which the images lie, remembers it and opens the set anew; false when the user thought better of it. */
    'images/chooseFolder': (p: Record<never, never>) => boolean;
    /** Compares all images, under VS Code's progress, and makes the column `duplicates`; null when the user stopped it. */
    'images/findDuplicates': (p: Record<never, never>) => DuplicatesAnswer | null;
    /** Asks for a name and keeps the query in the workspace; null when the user thought better of it. */
    'filters/save': (p: { readonly query: ImageSetQuery; readonly words: string }) => SavedImageQuery | null;
    /** Lets the user choose, rename and delete kept queries; null when none was chosen. `columns`: those the set has. */
    'filters/pick': (p: { readonly columns: readonly string[] }) => SavedImageQuery | null;
    /** Opens a file of the set as text, at a 1-based line when there is one: a problem's place. */
    'editor/openPlace': (p: { readonly file: string; readonly line: number | null }) => null;
    'editor/copy': (p: { readonly text: string }) => null;
    'editor/showLog': (p: Record<never, never>) => null;
    'editor/restart': (p: Record<never, never>) => null;
    /** Asked every few seconds: a page whose host has died is told nothing by VS Code. */
    'editor/alive': (p: Record<never, never>) => null;
    /** Keyboard focus on the canvas: drives the context key `saccade.canvasFocus`. */
    'editor/focus': (p: { readonly canvas: boolean }) => null;
  };

/** Names of actions that commands and keys share. */
export type DatasetAction =
  | 'openImage'
  | 'closeImage'
  | 'nextImage'
  | 'previousImage'
  | 'toggleBoxes'
  | 'propose'
  | 'toggleList'
  | 'larger'
  | 'smaller'
  | 'selectAll'
  | 'clearSelection'
  | 'search'
  | 'addFilter'
  | 'sql'
  | 'clearFilter'
  | 'saveFilter'
  | 'savedFilters'
  | 'sort'
  | 'group'
  | 'findDuplicates'
  | 'showRollouts'
  | 'sampleImages'
  | 'threshold'
  | 'difficulty'
  | 'importScores'
  | 'toggleStatistics'
  | 'showProblems'
  | 'chooseFolder'
  | 'exportImages'
  | 'toggleHelp';

export type DatasetHostEvents = DatasetEditHostEvents &
  DatasetRolloutsHostEvents &
  CanvasSegmentEvents & {
    'set/progress': ImageSetProgress;
    /** The set was opened anew: what was fetched before is out of date. */
    'set/stale': Record<never, never>;
    /** Rows, statistics and labels have other annotations of these images than before, null: of any; or there are other columns. */
    'set/edited': { readonly images: readonly number[] | null };
    /** A command from the palette, a menu or a user's own keybinding. */
    'editor/perform': { readonly action: DatasetAction };
    /** The data child restarted or failed. */
    'editor/failure': { readonly message: string; readonly fatal: boolean };
  };

/** Served by the page to the host. */
export type DatasetWebviewMethods = {
  /** Read-only state for tests; refused unless the host runs under test. */
  'test/snapshot': (p: Record<never, never>) => unknown;
};
export type DatasetWebviewEvents = Record<never, never>;
