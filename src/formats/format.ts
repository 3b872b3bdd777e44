import type { FrameField, FrameSpec } from '../core/geometry/frame';
import type { DirSource } from '../core/ports';
import type { Problem } from '../core/text/problem';
import type { RolloutRecord } from '../core/trajectory/rollout';
import type { JsonObject } from './columns';

export type FormatId =
  | 'verl-dump'
  | 'active-o3-demo'
  | 'vstar'
  | 'r1v-log'
  | 'easyr1-generations'
  | 'deepeyes-eval'
  | 'chain-of-focus-eval'
  | 'geovista'
  | 'messages'
  | 'messages-json'
  | 'swift-completions'
  | 'mini-o3'
  | 'mini-o3-stats'
  | 'omni-r1'
  | 'omni-r1-frames'
  | 'longvt'
  | 'active-zero'
  | 'segagent'
  | 'segagent-predictions'
  | 'pixel-reasoner'
  | 'pixel-reasoner-samples'
  | 'rl-logging-board'
  | 'areal'
  | 'skyrl-evals'
  | 'trl-completions'
  | 'dataset-table'
  | 'inspect-eval'
  | 'inspect-json'
  | 'gui-odyssey'
  | 'os-atlas'
  | 'preference-pairs'
  | 'preference-pairs-json'
  | 'preference-pairs-table'
  | 'prm800k'
  | 'trl-stepwise'
  | 'trl-stepwise-table'
  | 'wandb-table'
  | 'verl-validation'
  | 'verifiers-results'
  | 'verifiers-traces'
  | 'rllm-episodes'
  | 'policy-trace';

/** What the user opened: a folder, or one file inside `dir`. */
export interface OpenTarget {
  readonly dir: DirSource;
  /** File name inside `dir` when one file was opened; null for the folder. */
  readonly file: string | null;
}

/** A trace recognised by its signature. */
export interface Detection {
  readonly format: FormatId;
  /** Files that hold rows, in reading order, relative to the target's `dir`. */
  readonly files: readonly string[];
  /** What was recognised, for the user. */
  readonly reason: string;
}

export interface RecordPlace {
  readonly file: string;
  /** 1-based line of the row in its file; of its first line where it takes several; of a table its 1-based row. */
  readonly line: number;
  /**
   * 0-based element of a line that holds several rows, or of the document's array in a format of elements; absent where the
   * line is one row.
   */
  readonly element?: number;
}

/** A row that opens (`record`) with what is wrong in it, or one that doesn't (`record` null, at least one problem). */
export interface ReadRecord {
  readonly record: RolloutRecord | null;
  readonly problems: readonly Problem[];
}

/** One row of a line that may hold several; `element` is null where the line turned out to be one row. */
export interface ElementRecord extends ReadRecord {
  readonly element: number | null;
}

/** Frames a format's own writer fixes; a field it leaves out is decided by config, evidence or the user. */
export type FormatFrames = Partial<Readonly<Record<FrameField, { readonly spec: FrameSpec; readonly reason: string }>>>;

/** How the first line of a record looks, in formats whose records take several lines. */
export interface RecordStart {
  /** ASCII text that such a line begins with: looked at before anything is decoded. */
  readonly prefix: string;
  /** What the line, without its newline and cut at 1024 bytes, must match besides. */
  readonly pattern: RegExp;
}

/** How rows are read before their responses are: what they are grouped, sorted and filtered by does not wait for those. */
export interface ObjectLines {
  /** Key whose text is the response, letter by letter, and tells nothing else of the row. */
  readonly response: string;
  /** As `TraceFormat.read`, of a line that was parsed; the response's text may be '' in it. */
  read(row: JsonObject, place: RecordPlace): ReadRecord;
}

/** One on-disk format of rollout traces. Reader and signature side by side. */
export interface TraceFormat {
  readonly id: FormatId;
  readonly title: string;
  /**
   * `line`: each line of a file is a row. `record`: a row begins with each line that `recordStart` knows and runs to the
   * next. `document`: each file is a row. `table`: each row of a parquet file, given to `read` as an object of JSON.
   * `element`: each element of the array at `arrayAt` in a JSON document of any size is a row.
   */
  readonly unit: 'line' | 'record' | 'document' | 'table' | 'element';
  /** Only for `element`, and always there: keys from the document's root to the array, [] where the root is the array. */
  readonly arrayAt?: readonly string[];
  /** Only for `record`, and always there. */
  readonly recordStart?: RecordStart;
  /** True when rows state no step: rollouts of one prompt come from several, so a group has no size to expect. */
  readonly stepless?: true;
  /** True when prompt and response stand in the row's text letter by letter, but for JSON's escapes: a search relies on it. */
  readonly verbatim?: true;
  /** True when one writer appends every step to one file: a lower step than the one before begins another attempt. */
  readonly appendsSteps?: true;
  /** True when rollouts of one prompt stand in several files; documents always may. */
  readonly acrossFiles?: true;
  /** True when the writer writes only what a run samples to validate. */
  readonly validates?: true;
  /** Only for `line` without `readAll` and without `appendsSteps`, in formats whose lines are JSON objects with the response as one text. */
  readonly objectLines?: ObjectLines;
  readonly frames: FormatFrames;
  /** Null when this is not such a trace. Reads at most 64 KB a file. */
  detect(target: OpenTarget): Promise<Detection | null>;
  /** `text` is the row's own bytes decoded; sibling files of a document are read through `dir`. */
  read(text: string, place: RecordPlace, dir: DirSource): Promise<ReadRecord>;
  /**
   * Every row of a line (or document), in a format where it may hold several. `read` is then given the element in its
   * place. A line that doesn't open at all is one refusal.
   */
  readAll?(text: string, place: RecordPlace, dir: DirSource): Promise<readonly ElementRecord[]>;
  /** Bytes of the `index`-th image inside a row (`LoggedView` of kind `embedded`); null when there is none. */
  embedded?(text: string, place: RecordPlace, dir: DirSource, index: number): Promise<Uint8Array | null>;
}
