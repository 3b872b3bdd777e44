import { readFile, rename, writeFile } from 'node:fs/promises';

/** How a job stands, in `<trace>.status.json`: replaced whole, at most once a second. */
export interface JobStatus {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly pid: number;
  /** Groups that are in the trace, of how many; `total` null while it is not known. */
  readonly done: number;
  readonly total: number | null;
  /** Groups that were given up in this run of the job; a later run tries them again. */
  readonly errors: number;
  readonly lastError: string | null;
  /** Calls answered in this run, and how many a second. */
  readonly calls: number;
  readonly callsPerSecond: number;
  /** ISO 8601. */
  readonly started: string;
  readonly updated: string;
}

export const statusPath = (trace: string) => `${trace}.status.json`;

export async function writeStatus(trace: string, status: JobStatus): Promise<void> {
  const path = statusPath(trace);
  await writeFile(`${path}.part`, `${JSON.stringify(status, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** Null where there is none, or none that can be read. */
export async function readStatus(trace: string): Promise<JobStatus | null> {
  try {
    const value = JSON.parse(await readFile(statusPath(trace), 'utf8')) as Partial<JobStatus>;
    return typeof value.pid === 'number' && typeof value.state === 'string' ? (value as JobStatus) : null;
  } catch {
    return null;
  }
}

/** The process of a job that says it is running, where that process lives; null otherwise. */
export async function runningJob(trace: string): Promise<number | null> {
  const status = await readStatus(trace);
  if (status?.state !== 'running' || status.pid === process.pid) return null;
  try {
    process.kill(status.pid, 0);
    return status.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? status.pid : null;
  }
}
