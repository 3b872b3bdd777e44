import { copyFile, realpath, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnnotationRecord } from '../../../core/annotation/annotation';
import { type LogFingerprint, writeSidecar } from '../../../core/annotation/sidecar';
import { UserError } from '../../../core/text/userError';
import type { FoundRecord, NotedPlace, RecordPlace } from '../../../protocol/notes';
import type { TraceFiles } from '../files/traceFiles';
import type { TraceFolder } from '../files/traceFolder';
import type { RowReader } from '../trace/rowReader';
import type { TraceTables } from '../trace/tables';
import { writeAtomically } from './atomicFile';
import { findRecord } from './findRecord';
import { headFingerprint } from './fingerprint';
import { RecordKeys } from './recordKeys';
import { sidecarBeside } from './sidecarPath';
import { refusalOf, Sidecars } from './sidecars';

const largestCopied = 2 ** 30;

/** Sidecars of a trace, and what tells its rollouts in them. */
export class TraceNotes {
  readonly keys: RecordKeys;
  readonly sidecars: Sidecars;
  private readonly lines = new Map<string, { readonly length: number; readonly known: ReadonlyMap<number, number> }>();

  constructor(
    private readonly dir: TraceFolder,
    private readonly files: Pick<TraceFiles, 'names'>,
    private readonly tables: TraceTables,
    private readonly reader: RowReader,
  ) {
    this.keys = new RecordKeys(tables, reader);
    // Files are added while the trace is scanned: the names are asked for, not copied.
    this.sidecars = new Sidecars({
      get names() {
        return files.names;
      },
      locate: (file) => dir.locate(file),
      fingerprint: (file) => this.fingerprint(file),
      besides: async (file) => {
        const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
        return new Set((await dir.list(folder)).map(({ name }) => name));
      },
    });
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
    const { length } = this.tables.rows;
    const kept = this.lines.get(file);
    // A trace grows: what was indexed before does not know its new rows.
    const known = kept?.length === length ? kept.known : this.indexLines(index);
    this.lines.set(file, { length, known });
    return lines.map((line) => known.get(line) ?? null);
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

  private indexLines(file: number): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    const { rows } = this.tables;
    for (let row = 0; row < rows.length; row++) {
      const facts = rows.get(row);
      if (facts.file === file && !found.has(facts.line)) found.set(facts.line, row);
    }
    return found;
  }

  private fingerprint(file: string): Promise<LogFingerprint> {
    return headFingerprint(this.dir.source(file));
  }
}
