import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../core/text/userError';

/** What a job's settings begin with. */
export const jobMark = 'policy-job/1';
/** Where the record of a job is, beside its trace. */
export const checkpointPath = (trace: string) => `${trace}.done`;
/** Bytes of a record in which its settings are looked for. */
const longestSettings = 64 * 1024;

/** Which groups of a job are in its trace: a header with the job's settings, then a line for each group and each finished position. */
export class Checkpoint {
  /** Positions that are through, of those not before `watermark`. */
  private readonly ended = new Set<number>();
  /** Groups that are through, of positions that are not. */
  private readonly groups = new Map<number, Set<number>>();
  /** The first position that is not through. */
  watermark = 0;
  /** Groups that are through in all. */
  done = 0;
  /** Bytes of the trace that hold them. */
  traceBytes = 0;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  /**
   * Begins a job's record, or goes on with one. `settings`: what a job's rollouts depend on, as one line of JSON.
   * Throws `UserError` where the record is that of a job with other settings.
   */
  static async open(path: string, settings: string): Promise<Checkpoint> {
    const file = await open(path, 'a+').catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`${path}: cannot be written (${error.code ?? error.message})`);
    });
    try {
      const { size } = await file.stat();
      const text = size === 0 ? '' : (await file.read(Buffer.alloc(size), 0, size, 0)).buffer.toString('utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const checkpoint = new Checkpoint(file);
      // A line that a killed writer tore is written again.
      if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
      const end = whole.indexOf('\n');
      if (end < 0) await file.appendFile(`${settings}\n`);
      else if (whole.slice(0, end) !== settings) throw new UserError(differs(path, whole.slice(0, end), settings));
      else checkpoint.read(whole, end + 1);
      return checkpoint;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  hasGroup(position: number, group: number): boolean {
    return this.isEnded(position) || this.groups.get(position)?.has(group) === true;
  }

  isEnded(position: number): boolean {
    return position < this.watermark || this.ended.has(position);
  }

  /** A group's rows are on the disk, in the trace's first `traceBytes`. */
  endGroup(position: number, group: number, traceBytes: number): Promise<void> {
    this.addGroup(position, group, traceBytes);
    return this.write(`${position} ${group} ${traceBytes}\n`);
  }

  /** Every group of a position is. */
  endPosition(position: number): Promise<void> {
    this.addEnd(position);
    return this.write(`${position}\n`);
  }

  async close(): Promise<void> {
    await this.queue;
    await this.file.close();
  }

  private read(text: string, from: number): void {
    for (let start = from; start < text.length; ) {
      const end = text.indexOf('\n', start);
      const [position = -1, group, bytes] = text.slice(start, end).split(' ').map(Number);
      if (group === undefined) this.addEnd(position);
      else this.addGroup(position, group, bytes ?? 0);
      start = end + 1;
    }
  }

  private addGroup(position: number, group: number, bytes: number): void {
    const groups = this.groups.get(position) ?? new Set();
    this.groups.set(position, groups.add(group));
    this.done++;
    this.traceBytes = Math.max(this.traceBytes, bytes);
  }

  private addEnd(position: number): void {
    this.groups.delete(position);
    this.ended.add(position);
    while (this.ended.delete(this.watermark)) this.watermark++;
  }

  private write(line: string): Promise<void> {
    const mine = this.queue.then(() => this.file.appendFile(line));
    this.queue = mine.catch(() => undefined);
    return mine;
  }
}

/** Absolute path of the dataset that a job samples, or sampled, into a trace; null where no job's record lies beside it. */
export async function datasetOf(trace: string): Promise<string | null> {
  const file = await open(checkpointPath(trace), 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestSettings), 0, longestSettings, 0);
    const [first = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
    const { saccade, dataset } = settingsIn(first);
    return saccade === jobMark && typeof dataset === 'string' ? dataset : null;
  } finally {
    await file.close();
  }
}

/** Names the first setting that differs. */
function differs(path: string, before: string, now: string): string {
  const [old, own] = [settingsIn(before), settingsIn(now)];
  const name = Object.keys({ ...old, ...own }).find((key) => JSON.stringify(old[key]) !== JSON.stringify(own[key]));
  const what =
    name === undefined ? '' : `: ${name} was ${JSON.stringify(old[name])}, and is ${JSON.stringify(own[name])}`;
  return `${path}: this trace was begun with other settings${what}. Choose another trace, or the settings it was begun with.`;
}

function settingsIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
