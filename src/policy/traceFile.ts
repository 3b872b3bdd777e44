import { type FileHandle, open } from 'node:fs/promises';
import type { PolicyRollout } from '../core/policy/policyRollout';
import { tolerantJsonOrNone } from '../core/text/tolerantJson';
import { UserError } from '../core/text/userError';
import { isObject } from '../formats/columns';
import { policyTraceMark } from '../formats/policyTrace';
import { policyTraceLine } from '../formats/policyTraceLine';

/** Bytes of a file's beginning that tell what it is. */
const headBytes = 64;
const stretch = 2 ** 20;

/** A trace that rollouts are appended to, a group at a time, each on the disk before the call returns. */
export class TraceFile {
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  /**
   * A new file, or one that Saccade wrote before, without the line that a killed writer tore. Throws `UserError` for any other
   * file: nothing is ever added to it.
   */
  static async open(path: string): Promise<TraceFile> {
    const file = await open(path, 'a+').catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`${path}: the trace cannot be written (${error.code ?? error.message})`);
    });
    try {
      const { size } = await file.stat();
      if (size > 0 && !(await beginsAsOurs(file)))
        throw new UserError(`${path}: the file is no trace of policies; choose another`);
      const whole = await wholeLines(file, size);
      if (whole < size) await file.truncate(whole);
      return new TraceFile(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Appends rollouts as lines; resolves with the file's length once they are on the disk. */
  append(rollouts: readonly PolicyRollout[]): Promise<number> {
    return this.appendLines(rollouts.map(policyTraceLine));
  }

  /** The same of lines that are rows of such a trace. */
  appendLines(lines: readonly string[]): Promise<number> {
    const text = lines.map((line) => `${line}\n`).join('');
    const mine = this.queue.then(async () => {
      await this.file.appendFile(text);
      await this.file.datasync();
      return (await this.file.stat()).size;
    });
    this.queue = mine.catch(() => undefined);
    return mine;
  }

  /** What the rows hold in a column, `uid` by default, from a byte on, where a row begins. */
  async idsFrom(byte: number, column = 'uid'): Promise<ReadonlySet<string>> {
    const { size } = await this.file.stat();
    const ids = new Set<string>();
    if (size <= byte) return ids;
    for await (const line of this.file.readLines({ start: byte, autoClose: false })) {
      const row = tolerantJsonOrNone(line);
      const id = isObject(row) ? row[column] : null;
      if (typeof id === 'string') ids.add(id);
    }
    return ids;
  }

  async close(): Promise<void> {
    await this.queue;
    await this.file.close();
  }
}

/** Bytes up to the last line break. */
async function wholeLines(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - stretch);
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const at = buffer.lastIndexOf(10);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function beginsAsOurs(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const head = buffer.subarray(0, bytesRead).toString('utf8');
  const start = `{"saccade":"${policyTraceMark}"`;
  return head.length < start.length ? start.startsWith(head) : head.startsWith(start);
}
