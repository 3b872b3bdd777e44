import { UserError } from '../../../core/text/userError';
import { parseResponse } from '../../../core/trajectory/parseResponse';
import type { ParsedResponse, Rollout, RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId, RecordPlace, TraceFormat } from '../../../formats/format';
import type { TraceFiles } from '../files/traceFiles';
import type { TraceFolder } from '../files/traceFolder';
import { decodeRow } from '../scan/decodeRow';
import type { ParquetRows } from '../scan/parquetRows';
import type { RowTable } from '../scan/rowTable';

/** Reads a response the way its system writes one. `infer`: turns may be told by bare role lines. */
export function parseRecord(record: RolloutRecord, format: FormatId, infer: boolean): ParsedResponse {
  const asDemo = format === 'active-o3-demo' || (format === 'policy-trace' && record.statedTurns === undefined);
  const dialect = asDemo ? 'active-o3' : 'generic';
  return parseResponse(record.response, { dialect, turns: record.statedTurns, infer });
}

/** Fetches single rows of a scanned trace by their byte offsets. */
export class RowReader {
  constructor(
    private readonly dir: TraceFolder,
    private readonly files: Pick<TraceFiles, 'names' | 'isGone'>,
    private readonly format: TraceFormat,
    private readonly rows: RowTable,
    /** Only for formats of tables. */
    private readonly parquet: ParquetRows | null,
    /** Files in which no turns are inferred. */
    private readonly unsplit: ReadonlySet<string>,
  ) {}

  /** Throws `UserError` when the file is gone, or changed since it was scanned. */
  async record(row: number): Promise<{ readonly record: RolloutRecord } & Pick<Rollout, 'file' | 'line' | 'element'>> {
    const { text, place } = await this.text(row);
    const { record } = await this.format.read(text, place, this.dir);
    if (record === null) throw changed(place);
    return { record, file: place.file, line: place.line, element: place.element ?? null };
  }

  /** Encoded bytes of the `index`-th image inside a row. Throws `UserError` when the row holds none. */
  async embedded(row: number, index: number): Promise<Uint8Array> {
    const { text, place } = await this.text(row);
    const bytes = (await this.format.embedded?.(text, place, this.dir, index)) ?? null;
    if (bytes === null) throw new UserError(`${place.file}, line ${place.line}: the row holds no image ${index + 1}.`);
    return bytes;
  }

  private async text(row: number): Promise<{ readonly text: string; readonly place: RecordPlace }> {
    const { file: index, line, element, offset, length } = this.rows.get(row);
    const file = this.files.names[index] ?? '';
    if (this.files.isGone(index)) throw gone(file, line);
    const bytes = await this.bytes(file, offset, length);
    const place = element === null ? { file, line } : { file, line, element };
    if (bytes.length !== length) throw changed(place);
    return { text: decodeRow(bytes).text, place };
  }

  /** A row of a table has its number for an offset. */
  private async bytes(file: string, offset: number, length: number): Promise<Buffer> {
    if (this.parquet !== null) return Buffer.from((await this.parquet.row(file, offset, length)) ?? '');
    const bytes = await this.dir.source(file).read(offset, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async rollout(row: number): Promise<Rollout> {
    const { record, ...place } = await this.record(row);
    return { ...record, ...parseRecord(record, this.format.id, !this.unsplit.has(place.file)), row, ...place };
  }
}

function gone(file: string, line: number): UserError {
  return new UserError(`${file}, line ${line}: the file was written anew since; the text of this attempt is lost.`);
}

export function changed({ file, line }: RecordPlace): UserError {
  return new UserError(`${file}, line ${line}: the file changed after it was opened. Open it again.`);
}
