import { UserError } from '../../../core/text/userError';
import { parseResponse } from '../../../core/trajectory/parseResponse';
import type { ParsedResponse, Rollout, RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId, TraceFormat } from '../../../formats/format';
import type { FolderSource } from '../files/folderSource';
import { decodeRow } from '../scan/decodeRow';
import type { RowTable } from '../scan/rowTable';

/** Reads a response the way its system writes one. */
export function parseRecord(record: RolloutRecord, format: FormatId): ParsedResponse {
  return parseResponse(record.response, { dialect: format === 'active-o3-demo' ? 'active-o3' : 'generic' });
}

/** Fetches single rows of a scanned trace by their byte offsets. */
export class RowReader {
  constructor(
    private readonly dir: FolderSource,
    private readonly files: readonly string[],
    private readonly format: TraceFormat,
    private readonly rows: RowTable,
  ) {}

  /** Throws `UserError` when the file is gone, or changed since it was scanned. */
  async record(row: number): Promise<{ readonly record: RolloutRecord; readonly file: string; readonly line: number }> {
    const { file: index, line, offset, length } = this.rows.get(row);
    const file = this.files[index] ?? '';
    const bytes = await this.dir.source(file).read(offset, length);
    const { text } = decodeRow(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const { record } = await this.format.read(text, { file, line }, this.dir);
    if (record === null || bytes.length < length)
      throw new UserError(`${file}, line ${line}: the file changed after it was opened. Open it again.`);
    return { record, file, line };
  }

  async rollout(row: number): Promise<Rollout> {
    const { record, file, line } = await this.record(row);
    return { ...record, ...parseRecord(record, this.format.id), row, file, line };
  }
}
