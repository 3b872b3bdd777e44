import type { FormatId } from '../formats/format';

/** A trace found in the workspace. */
export interface RunFound {
  /** Absolute path of the file or folder. */
  readonly path: string;
  /** Relative to the root it was found under, forward slashes; '' for the root itself. */
  readonly name: string;
  readonly folder: boolean;
  readonly format: FormatId;
  readonly title: string;
}

/** What the newest file of a trace says, without scanning the rest. */
export interface RunGlance {
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds since 1970 of the newest change. */
  readonly changed: number;
  /** Highest training step in the rows looked at; null when they state none. */
  readonly step: number | null;
  /** Mean logged reward of that step's rows among those looked at; NaN without one. */
  readonly reward: number;
  /** Rows behind `reward`. */
  readonly rows: number;
  /** The step may have rows that were not looked at. */
  readonly partial: boolean;
}

/** Served by the data child. */
export type RunsMethods = {
  /** Traces below the roots, in the order they are met; `complete` is false when a limit ended the search. */
  'runs/find': (p: { roots: readonly string[] }) => {
    readonly runs: readonly RunFound[];
    readonly complete: boolean;
  };
  /** Null when the path holds no trace any more. */
  'runs/glance': (p: { path: string }) => RunGlance | null;
};
