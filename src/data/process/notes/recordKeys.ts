import { createHash } from 'node:crypto';
import { Lru } from '../../../core/collections/lru';
import type { RowReader } from '../trace/rowReader';
import type { TraceTables } from '../trace/tables';

/** Keys kept: those of the groups looked at last. */
const kept = 20_000;
/** Rows that might be the same rollout and are compared; beyond them two equal rollouts may share a key. */
const mostCompared = 256;

/**
 * Keys of rollouts in sidecars: a hash of prompt, response and occurrence (how many rows before it in the same log file hold
 * the same prompt and response). They stand when a log is copied, and when rows are added behind them.
 */
export class RecordKeys {
  private readonly known = new Lru<number, string>(kept);
  private readonly rows = new Lru<string, number>(kept);

  constructor(
    private readonly tables: TraceTables,
    private readonly reader: RowReader,
  ) {}

  /** The row of a key in a log file, where its key was asked for of late; null otherwise. */
  rowOf(file: number, key: string): number | null {
    return this.rows.get(`${file}:${key}`) ?? null;
  }

  async of(row: number): Promise<string> {
    const known = this.known.get(row);
    if (known !== undefined) return known;
    const { record } = await this.reader.record(row);
    const { prompt, response } = record;
    const occurrence = await this.occurrence(row, prompt, response);
    const text = JSON.stringify([prompt, response, occurrence]);
    const key = createHash('sha256').update(text).digest('base64url').slice(0, 27);
    this.known.set(row, key);
    this.rows.set(`${this.tables.rows.fileOf(row)}:${key}`, row);
    return key;
  }

  /** Earlier rows of the same sample, file and length are read and compared: there are hardly any. */
  private async occurrence(row: number, prompt: string, response: string): Promise<number> {
    const { rows, groups, sampleKeys, columns } = this.tables;
    const { file, group } = rows.get(row);
    const lengths = columns.own('response_length');
    let count = 0;
    let compared = 0;
    for (const same of sampleKeys.same(group)) {
      if (groups.get(same).file > file) continue;
      for (
        let other: number | null = groups.get(same).first;
        other !== null && other < row;
        other = rows.following(other)
      ) {
        if (rows.get(other).file !== file || lengths.at(other) !== response.length) continue;
        if (++compared > mostCompared) return count;
        const { record } = await this.reader.record(other);
        if (record.response === response && record.prompt === prompt) count++;
      }
    }
    return count;
  }
}
