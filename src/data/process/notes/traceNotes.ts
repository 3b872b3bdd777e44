import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { AnnotationRecord } from '../../../core/annotation/annotation';
import { readSidecarLines, writeSidecar } from '../../../core/annotation/sidecar';
import { UserError } from '../../../core/text/userError';
import {
  type FoundRecord,
  NOTES_SLICE,
  type NotedPlace,
  type RecordPlace,
  type SidecarFile,
  type SidecarSaved,
  type SidecarStamp,
} from '../../../protocol/notes';
import { errorCode, fileError } from '../files/fileSource';
import type { TraceFiles } from '../files/traceFiles';
import type { TraceFolder } from '../files/traceFolder';
import type { RowReader } from '../trace/rowReader';
import type { TraceTables } from '../trace/tables';
import { writeAtomically } from './atomicFile';
import { findRecord } from './findRecord';
import { RecordKeys } from './recordKeys';
import { sidecarBeside, sidecarIn } from './sidecarPath';

/** Larger than any sidecar of people, below the longest string. */
const largest = 400 * 1024 * 1024;
const headBytes = 64 * 1024;
const problemsTold = 100;
const largestCopied = 2 ** 30;

/** Sidecars of a trace: read whole, handed out in slices, written atomically. */
export class TraceNotes {
  readonly keys: RecordKeys;
  /** Log file → its sidecar's records as JSON. */
  private readonly texts = new Map<string, readonly string[]>();
  private readonly lines = new Map<string, ReadonlyMap<number, number>>();

  constructor(
    private readonly dir: TraceFolder,
    private readonly files: Pick<TraceFiles, 'names'>,
    private readonly tables: TraceTables,
    private readonly reader: RowReader,
  ) {
    this.keys = new RecordKeys(tables, reader);
  }

  async open(places: readonly string[]): Promise<readonly SidecarFile[]> {
    this.texts.clear();
    const found: SidecarFile[] = [];
    const folders = new Map<string, ReadonlySet<string>>();
    for (const file of this.files.names) {
      const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
      const names = folders.get(folder) ?? new Set((await this.dir.list(folder)).map(({ name }) => name));
      folders.set(folder, names);
      // Listings of a trace are kept: a sidecar written since is not in them, one that is gone may be.
      const beside = sidecarBeside(this.dir.locate(file));
      const sidecar =
        (await this.readElsewhere(file, places)) ??
        (names.has(basename(beside)) || (await stampOf(beside)) !== null ? await this.read(file, beside, null) : null);
      if (sidecar !== null) found.push(sidecar);
    }
    return found;
  }

  private async readElsewhere(file: string, places: readonly string[]): Promise<SidecarFile | null> {
    for (const place of places) {
      const found = await this.read(file, await sidecarIn(place, this.dir.locate(file)), place);
      if (found !== null) return found;
    }
    return null;
  }

  slice(file: string, start: number): string {
    return `[${(this.texts.get(file) ?? []).slice(start, start + NOTES_SLICE).join(',')}]`;
  }

  keysOf(rows: readonly number[]): Promise<readonly NotedPlace[]> {
    return Promise.all(
      rows.map(async (row) => {
        const { file, line, step } = this.tables.rows.get(row);
        return { file: this.files.names[file] ?? '', key: await this.keys.of(row), hints: { line, step } };
      }),
    );
  }

  find(place: RecordPlace): Promise<FoundRecord | null> {
    return findRecord(this.tables, this.files.names.indexOf(place.file), place, (row) => this.keys.of(row));
  }

  rowsAt(file: string, lines: readonly number[]): readonly (number | null)[] {
    const index = this.files.names.indexOf(file);
    const known = this.lines.get(file) ?? this.indexLines(index);
    if (known.size === this.tables.rows.length) this.lines.set(file, known);
    return lines.map((line) => known.get(line) ?? null);
  }

  async save(
    file: string,
    place: string | null,
    stamp: SidecarStamp | null,
    records: readonly AnnotationRecord[],
  ): Promise<SidecarSaved> {
    if (!this.files.names.includes(file)) throw new UserError(`${file} is no log of this trace.`);
    const log = this.dir.locate(file);
    const path = place === null ? sidecarBeside(log) : await sidecarIn(place, log);
    const now = await stampOf(path);
    if (now?.size !== stamp?.size || now?.changed !== stamp?.changed) return { kind: 'changed' };
    try {
      if (place !== null) await mkdir(dirname(path), { recursive: true });
      if (records.length === 0) await rm(path, { force: true });
      else await writeAtomically(path, writeSidecar(await this.fingerprint(file), records));
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      return { kind: 'unwritable', path, reason };
    }
    return { kind: 'saved', stamp: await stampOf(path) };
  }

  async saveAs(to: string, records: readonly AnnotationRecord[]): Promise<void> {
    const [file] = this.files.names;
    if (file === undefined || this.files.names.length > 1)
      throw new UserError(
        'This trace is several files, which are not copied as one. Use Export to take rollouts out of it.',
      );
    const from = this.dir.locate(file);
    if ((await realpath(to).catch(() => to)) === (await realpath(from)))
      throw new UserError('The log itself is never written. Choose another name.');
    const { size } = await stat(from);
    if (size > largestCopied)
      throw new UserError(
        `The log is ${(size / 1e9).toFixed(1)} GB: copy it yourself, or use Export to take rollouts out of it.`,
      );
    try {
      await copyFile(from, to);
      if (records.length === 0) await rm(sidecarBeside(to), { force: true });
      else
        await writeAtomically(
          sidecarBeside(to),
          writeSidecar(await this.fingerprint(file), await this.inCopy(file, records, basename(to))),
        );
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null) throw error;
      throw new UserError(`${to} was not written: ${reason}. Your annotations are kept.`);
    }
  }

  /** Records as a copy of their log knows them: keys of groups tell the file's name too. */
  private inCopy(file: string, records: readonly AnnotationRecord[], copy: string): Promise<AnnotationRecord[]> {
    return Promise.all(
      records.map(async (one) => {
        const [row = null] = one.kind === 'group' ? this.rowsAt(file, [one.hints.line]) : [];
        if (row === null) return one;
        const { record, line, element } = await this.reader.record(row);
        const place = { file, line, ...(element === null ? {} : { element }) };
        return { ...one, key: this.tables.keyInCopy(one.key, record, place, copy) };
      }),
    );
  }

  private async read(file: string, path: string, place: string | null): Promise<SidecarFile | null> {
    const stamp = await stampOf(path);
    if (stamp === null) return null;
    if (stamp.size > largest)
      throw new UserError(`${path} is ${Math.round(stamp.size / 1e6)} MB: too large a sidecar.`);
    const read = readSidecarLines(await readText(path));
    if (read === null)
      throw new UserError(
        `${path} is no sidecar of Saccade: its first line is not the header. Nothing was changed in it.`,
      );
    const { header, records, problems } = read;
    this.texts.set(file, records);
    const version = header.version;
    return { file, path, place, stamp, version, records: records.length, problems: problems.slice(0, problemsTold) };
  }

  private indexLines(file: number): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    const { rows } = this.tables;
    for (let row = 0; row < rows.length; row++) {
      const facts = rows.get(row);
      if (facts.file === file && !found.has(facts.line)) found.set(facts.line, row);
    }
    return found;
  }

  private async fingerprint(file: string) {
    const source = this.dir.source(file);
    const head = createHash('sha256')
      .update(await source.read(0, headBytes))
      .digest('hex');
    return { head, size: await source.size() };
  }
}

async function stampOf(path: string): Promise<SidecarStamp | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, changed: mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError(path, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(path, error);
  }
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'its name is too long for this disk',
  ENOTDIR: 'its folder is no folder',
  EFBIG: 'it is larger than the system lets you write',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  EIO: 'the disk reported an error',
};

/** Why a disk takes no file, in words; null for what is no such refusal. */
function refusalOf(error: unknown): string | null {
  return refusals[errorCode(error) ?? ''] ?? null;
}
