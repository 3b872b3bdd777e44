import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { TraceFormat } from '../../../formats/format';
import type { FilterChip } from '../../../protocol/query';
import type { TraceFiles } from '../files/traceFiles';
import type { TraceFolder } from '../files/traceFolder';
import { decodeRow } from '../scan/decodeRow';
import type { RowFacts, RowTable } from '../scan/rowTable';
import { changed, type RowReader } from '../trace/rowReader';
import type { RowMask } from './groupStatistics';
import { emptyMask, forEachRow } from './rowMask';
import { type Prefilter, prefilterOf, textMatcher } from './textPrefilter';

export type TextChip = Extract<FilterChip, { readonly kind: 'text' }>;

/** Where a trace's texts are. */
export interface SearchedTrace {
  readonly dir: TraceFolder;
  readonly files: Pick<TraceFiles, 'names' | 'isGone'>;
  readonly format: TraceFormat;
  readonly rows: RowTable;
  readonly reader: RowReader;
}

/** Told of bytes that were looked at, of all that are to be. */
export type OnSearched = (done: number, total: number) => void;

/** A stretch of a file. */
interface Window {
  readonly file: number;
  readonly start: number;
  readonly bytes: Buffer;
  readonly filter: Prefilter | null;
}

const windowBytes = 1024 * 1024;
/** Milliseconds of work before other requests get their turn. */
const slice = 8;
/** Milliseconds between two reports. */
const reportInterval = 100;

/**
 * Rows whose prompt or response holds a text. The log is read again from disk, a stretch at a time; rows whose bytes
 * cannot hold it are not decoded.
 * @param count rows of the trace that are looked at, of those only the ones in `among`.
 * @throws UserError when a file changed since it was scanned, or is gone.
 */
export async function rowsWithText(
  chip: TextChip,
  trace: SearchedTrace,
  count: number,
  among: RowMask,
  onSearched: OnSearched,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const mask = emptyMask(count);
  const matches = textMatcher(chip.text, chip.matchCase);
  const texts = new RowTexts(trace, chip);
  const wanted = new Uint32Array(sum(among, count, () => 1));
  let size = 0;
  forEachRow(among, count, (row) => {
    wanted[size++] = row;
  });
  const total = sum(among, count, (row) => trace.rows.lengthOf(row));
  let done = 0;
  let sliceEnd = performance.now() + slice;
  let nextReport = 0;
  for (const row of wanted) {
    const record = await texts.candidate(row);
    if (record !== null && holds(record, chip.where, matches))
      mask[row >>> 5] = (mask[row >>> 5] ?? 0) | (1 << (row & 31));
    done += trace.rows.lengthOf(row);
    if (performance.now() < sliceEnd) continue;
    if (performance.now() > nextReport) {
      onSearched(done, total);
      nextReport = performance.now() + reportInterval;
    }
    await nextTurn();
    signal.throwIfAborted();
    sliceEnd = performance.now() + slice;
  }
  onSearched(total, total);
  return mask;
}

function sum(among: RowMask, count: number, of: (row: number) => number): number {
  let all = 0;
  forEachRow(among, count, (row) => {
    all += of(row);
  });
  return all;
}

function holds(
  { prompt, response }: RolloutRecord,
  where: TextChip['where'],
  matches: (text: string) => boolean,
): boolean {
  return (where !== 'response' && matches(prompt)) || (where !== 'prompt' && matches(response));
}

/** Reads rows of a trace one after another. */
class RowTexts {
  private readonly prefilter: ((bytes: Buffer) => Prefilter) | null;
  private window: Window = { file: -1, start: 0, bytes: Buffer.alloc(0), filter: null };
  /** Rows of the line that was decoded last, where a line may hold several. */
  private line = { file: -1, offset: -1, records: new Map<number | null, RolloutRecord | null>() };

  constructor(
    private readonly trace: SearchedTrace,
    { text, matchCase }: TextChip,
  ) {
    this.prefilter = trace.format.verbatim === true ? prefilterOf(text, matchCase) : null;
  }

  /** The row when its text may hold what is looked for. */
  async candidate(row: number): Promise<RolloutRecord | null> {
    const { format, rows, reader, files } = this.trace;
    if (files.isGone(rows.get(row).file)) return null;
    if (format.unit === 'table' || format.unit === 'document') return (await reader.record(row)).record;
    const facts = rows.get(row);
    const { file, offset, length } = facts;
    const { window } = this;
    if (window.file !== file || offset < window.start || offset + length > window.start + window.bytes.length)
      await this.fill(facts);
    const start = offset - this.window.start;
    if (this.window.filter?.mayMatch(start, start + length) === false) return null;
    return this.decoded(facts, this.window.bytes.subarray(start, start + length));
  }

  private async fill({ file, line, offset, length }: RowFacts): Promise<void> {
    const path = this.trace.files.names[file] ?? '';
    const read = await this.trace.dir.source(path).read(offset, Math.max(length, windowBytes));
    if (read.length < length) throw changed({ file: path, line });
    const bytes: Buffer = Buffer.from(read.buffer, read.byteOffset, read.length);
    this.window = { file, start: offset, bytes, filter: this.prefilter?.(bytes) ?? null };
  }

  private async decoded({ file, line, element, offset }: RowFacts, bytes: Buffer): Promise<RolloutRecord> {
    const { dir, files, format } = this.trace;
    const place = { file: files.names[file] ?? '', line };
    if (this.line.file !== file || this.line.offset !== offset) {
      const { text } = decodeRow(bytes);
      const records = new Map<number | null, RolloutRecord | null>();
      if (format.readAll === undefined) {
        const at = element === null ? place : { ...place, element };
        records.set(element, (await format.read(text, at, dir)).record);
      } else for (const { element: of, record } of await format.readAll(text, place, dir)) records.set(of, record);
      this.line = { file, offset, records };
    }
    const record = this.line.records.get(element) ?? null;
    if (record === null) throw changed(place);
    return record;
  }
}
