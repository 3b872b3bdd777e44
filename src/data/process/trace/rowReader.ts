import { UserError } from '../../../core/text/userError';
import { parseResponse } from '../../../core/trajectory/parseResponse';
import type { ParsedResponse, Rollout, RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId, TraceFormat } from '../../../formats/format';
import type { FolderSource } from '../files/folderSource';
import { decodeRow } from '../scan/decodeRow';
import type { ParquetRows } from '../scan/parquetRows';
import type { RowTable } from '../scan/rowTable';

/** Reads a response the way its system writes one. */
export function parseRecord(record: RolloutRecord, format: FormatId): ParsedResponse {
  const dialect = format === 'active-o3-demo' ? 'active-o3' : 'generic';
  return parseResponse(record.response, { dialect, turns: record.statedTurns });
}

/** Fetches single rows of a scanned trace by their byte offsets. */
export class RowReader {
  constructor(
    private readonly dir: FolderSource,
    private readonly files: readonly string[],
    private readonly format: TraceFormat,
    private readonly rows: RowTable,
    /** Only for formats of tables. */
    private readonly parquet: ParquetRows | null,
  ) {}

  /** Throws `UserError` when the file is gone, or changed since it was scanned. */
  async record(row: number): Promise<{ readonly record: RolloutRecord } & Pick<Rollout, 'file' | 'line' | 'element'>> {
    const { file: index, line, element, offset, length } = this.rows.get(row);
    const file = this.files[index] ?? '';
    const bytes = await this.bytes(file, offset, length);
    const { text } = decodeRow(bytes);
    const place = element === null ? { file, line } : { file, line, element };
    const { record } = await this.format.read(text, place, this.dir);
    if (record === null || bytes.length !== length)
      throw new UserError(`${file}, line ${line}: the file changed after it was opened. Open it again.`);
    return { record, file, line, element };
  }

  /** A row of a table has its number for an offset. */
  private async bytes(file: string, offset: number, length: number): Promise<Buffer> {
    if (this.parquet !== null) return Buffer.from((await this.parquet.row(file, offset, length)) ?? '');
    const bytes = await this.dir.source(file).read(offset, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async rollout(row: number): Promise<Rollout> {
    const { record, ...place } = await this.record(row);
    return { ...record, ...parseRecord(record, this.format.id), row, ...place };
  }
}
