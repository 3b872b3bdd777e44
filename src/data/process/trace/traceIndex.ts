import { readFile } from 'node:fs/promises';
import type { FormatId, TraceFormat } from '../../../formats/format';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { digest } from '../cache/fingerprint';
import { freeze, type Registry, thaw } from '../cache/freeze';
import { readIndex, writeIndex } from '../cache/indexFile';
import { Bits } from '../columns/bits';
import { CategoryColumn } from '../columns/categoryColumn';
import { ColumnNames } from '../columns/columnNames';
import { ColumnStore } from '../columns/columnStore';
import { GroupSizes } from '../columns/groupSizes';
import { LoggedColumns } from '../columns/loggedColumns';
import { NumberColumn } from '../columns/numberColumn';
import type { LocatedTarget } from '../files/openTarget';
import type { FileState } from '../files/traceFiles';
import { SampleTable } from '../samples/sampleTable';
import { Attempts } from '../scan/attempts';
import { GroupTable } from '../scan/groupTable';
import { ProblemLog } from '../scan/problemLog';
import { RowTable } from '../scan/rowTable';
import { Titles } from '../scan/titles';
import { TraceTables } from './tables';

const registry: Registry = {
  // The keys of prompts seen last are remembered anew; what people said is another file's.
  tables: { type: TraceTables, without: ['format', 'keys', 'unsplit', 'unmeasured', 'places', 'regions', 'marks'] },
  columns: { type: ColumnStore, without: ['computed'] },
  rows: { type: RowTable },
  groups: { type: GroupTable },
  titles: { type: Titles },
  samples: { type: SampleTable },
  sizes: { type: GroupSizes },
  problems: { type: ProblemLog },
  attempts: { type: Attempts },
  logged: { type: LoggedColumns },
  names: { type: ColumnNames },
  numbers: { type: NumberColumn },
  category: { type: CategoryColumn },
  bits: { type: Bits },
};

interface Kept {
  readonly files: readonly FileState[];
  readonly tables: TraceTables;
}

/** An index that was found. */
export interface FoundIndex {
  /** What it knows of the files. */
  readonly files: readonly FileState[];
  /** Fills the tables, which hold nothing yet; answers the files with problems that are those in the tables. */
  fill(tables: TraceTables): readonly FileState[];
}

/** What the index of a trace is found by. */
export interface IndexOf {
  /** Absolute folder of the trace. */
  readonly root: string;
  /** The opened file in it; null for the folder. */
  readonly file: string | null;
  readonly format: FormatId;
  /** Files whose turns are not split: their rows are measured otherwise. */
  readonly unsplit: ReadonlySet<string>;
}

/** What a finished scan left behind, kept so that files which did not change are not scanned again. */
export class TraceIndex {
  constructor(
    private readonly shelf: CacheShelf,
    private readonly of: IndexOf,
  ) {}

  /** Null when there is none, or only a damaged one or another build's. */
  async find(): Promise<FoundIndex | null> {
    const path = await this.shelf.find(await this.name());
    const read = path === null ? null : await readIndex(path);
    if (read === null) return null;
    return {
      // Plain facts: they are frozen as they are.
      files: (read.tree as Kept).files,
      fill: (tables) => {
        const kept: Kept = { files: [], tables };
        thaw(read.tree, read.arrays, registry, kept);
        return kept.files;
      },
    };
  }

  /** `tables` may not change until it is done. */
  async store(files: readonly FileState[], tables: TraceTables): Promise<void> {
    const frozen = freeze({ files, tables } satisfies Kept, registry);
    await this.shelf.store(await this.name(), (path) => writeIndex(path, frozen));
  }

  /** Any other build of this program may read logs differently: it has indexes of its own. */
  private async name(): Promise<string> {
    const { root, file, format, unsplit } = this.of;
    return `${digest(JSON.stringify(['index', await build(), root, file, format, [...unsplit].sort()]))}.index`;
  }
}

/** Formats of records and of documents read their rows' neighbours too, which an index does not watch. */
export function indexOf(
  { unit, id: format }: TraceFormat,
  { dir, file }: LocatedTarget,
  shelf: CacheShelf,
  unsplit: ReadonlySet<string>,
): TraceIndex | null {
  if (unit === 'document' || unit === 'record') return null;
  return new TraceIndex(shelf, { root: dir.root, file, format, unsplit });
}

let known: Promise<string> | null = null;

/** What tells this build from others: the content of the program that runs. */
function build(): Promise<string> {
  known ??= readFile(process.argv[1] ?? process.execPath).then(digest);
  return known;
}
