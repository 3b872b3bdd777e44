import { stat } from 'node:fs/promises';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { type Fingerprint, fingerprint } from '../cache/fingerprint';
import { type FileEnd, type FileJob, fileStart, type ScanPoint } from '../scan/scanJob';
import { errorCode, FileSource, fileError } from './fileSource';
import { PackedFile } from './packedFile';
import type { TraceFolder } from './traceFolder';

/** Files looked at in parallel. */
const atOnce = 16;

/** What is known of a file by its index in the trace. A file that was written anew gets another index. */
export interface FileState {
  readonly name: string;
  /** The bytes that its rows were read from are no longer there. */
  readonly gone: boolean;
  readonly point: ScanPoint;
  /** Rows that were read from it. */
  rows: number;
  /** Of the bytes that were scanned; null when they could not be looked at, or are no plain file's. */
  readonly seen: Fingerprint | null;
  /** Problems that are over when the file grows. */
  readonly atEnd: readonly Problem[];
}

/** What has to be scanned since files changed. */
export interface FileChanges {
  readonly jobs: readonly FileJob[];
  readonly withdrawn: readonly Problem[];
  /** Files written anew: index before, index now. */
  readonly replaced: readonly (readonly [number, number])[];
}

type Change = 'same' | 'grown' | 'replaced';

/** The files of a trace: how far each is scanned, and how they changed since. */
export class TraceFiles {
  /** By index; a name stands twice when its file was written anew. */
  readonly names: string[] = [];
  private states: FileState[] = [];

  constructor(
    private readonly dir: TraceFolder,
    /** Whether a file that grew goes on where its scan ended: one whose rows follow one another. */
    private readonly appendable: boolean,
  ) {}

  /** Takes files that are new. */
  add(names: readonly string[]): readonly FileJob[] {
    const known = new Set(this.names);
    return names.filter((name) => !known.has(name)).map((name) => this.begin(name));
  }

  isGone(index: number): boolean {
    return this.states[index]?.gone ?? false;
  }

  /** Bytes that are scanned, of the files as they are now. */
  get bytes(): number {
    return this.states.reduce((sum, { gone, seen }) => sum + (gone ? 0 : (seen?.size ?? 0)), 0);
  }

  /** So many more rows were read from a file. */
  rows(index: number, count: number): void {
    const state = this.states[index];
    if (state !== undefined) state.rows += count;
  }

  /** The scan of files ended here. */
  async ended(ends: readonly FileEnd[]): Promise<void> {
    await inParallel(ends, async ({ index, point, size, atEnd }) => {
      this.set(index, { point, atEnd, seen: await this.look(this.names[index] ?? '', size) });
    });
  }

  /** How the files that were there changed; a file that is gone keeps its rows. */
  async changes(): Promise<FileChanges> {
    const jobs: FileJob[] = [];
    const withdrawn: Problem[] = [];
    const replaced: [number, number][] = [];
    const current = this.states.flatMap((state, index) =>
      state.gone || state.seen === null ? [] : [{ state, index }],
    );
    await inParallel(current, async ({ state, index }) => {
      const change = await this.changeOf(state, index);
      if (change === 'same') return;
      // Nothing was read from it: whatever it holds now is the first attempt.
      const again = change === 'grown' && (this.appendable || state.rows === 0);
      if (!again && state.rows > 0) {
        this.set(index, { gone: true });
        const job = this.begin(state.name);
        replaced.push([index, job.index]);
        jobs.push(job);
      } else jobs.push({ file: state.name, index, from: again && state.rows > 0 ? state.point : fileStart });
      withdrawn.push(...state.atEnd);
    });
    return { jobs: jobs.sort((a, b) => a.index - b.index), withdrawn, replaced };
  }

  /** Null when a later look could not tell whether they changed, or rows can no longer be read. */
  snapshot(): readonly FileState[] | null {
    return this.states.every(({ gone, seen }) => !gone && seen !== null) ? this.states : null;
  }

  restore(states: readonly FileState[]): void {
    this.states = [...states];
    this.names.splice(0, this.names.length, ...states.map(({ name }) => name));
  }

  private begin(name: string): FileJob {
    const index = this.names.push(name) - 1;
    this.states.push({ name, gone: false, point: fileStart, rows: 0, seen: null, atEnd: [] });
    return { file: name, index, from: fileStart };
  }

  private set(index: number, change: Partial<FileState>): void {
    const state = this.states[index];
    if (state !== undefined) this.states[index] = { ...state, ...change };
  }

  private async changeOf({ name, seen }: FileState, index: number): Promise<Change> {
    const location = this.locationOf(name);
    if (seen === null || location === null) return 'same';
    try {
      const { size, mtimeMs } = await stat(location);
      if (size === seen.size && mtimeMs === seen.mtimeMs) return 'same';
      const source = this.dir.source(name);
      if (source instanceof PackedFile) {
        source.forget();
        return 'replaced';
      }
      if (size < seen.size) return 'replaced';
      const now = await fingerprint(location, name, seen.size);
      if (now.head !== seen.head || now.tail !== seen.tail) return 'replaced';
      if (size > seen.size) return 'grown';
      this.set(index, { seen: now });
      return 'same';
    } catch (error) {
      // A file that is gone may be back at the next look: network drives lose them for a while.
      if (UserError.is(error) || UserError.is(fileError(name, error)) || errorCode(error) !== null) return 'same';
      throw error;
    }
  }

  /** Absolute path of the file whose bytes tell of changes; null for a member of an archive. */
  private locationOf(name: string): string | null {
    const source = this.dir.source(name);
    if (source instanceof PackedFile) return source.packed;
    return source instanceof FileSource ? this.dir.locate(name) : null;
  }

  private async look(name: string, size: number): Promise<Fingerprint | null> {
    const location = this.locationOf(name);
    if (location === null) return null;
    try {
      // A packed file is known by its own bytes, all of them.
      return await (location === this.dir.locate(name)
        ? fingerprint(location, name, size)
        : fingerprint(location, name));
    } catch (error) {
      if (UserError.is(error)) return null;
      throw error;
    }
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(work));
}
