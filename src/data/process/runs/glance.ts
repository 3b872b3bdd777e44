import { stat } from 'node:fs/promises';
import { UserError } from '../../../core/text/userError';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import { detectTrace, traceFormat } from '../../../formats/detect';
import type { TraceFormat } from '../../../formats/format';
import type { RunGlance } from '../../../protocol/runs';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { type LocatedTarget, locateTarget } from '../files/openTarget';

/** Bytes looked at: at the beginning of a step's file, at the end of a log that grows. */
const looked = 256 * 1024;
const mostRows = 256;
/** Files whose time of change is asked for; a run of more steps than this tells by its last ones. */
const mostStats = 2000;

/** What the newest file of a trace says. Null when the path holds no trace (any more). */
export async function glance(path: string, shelf: CacheShelf): Promise<RunGlance | null> {
  try {
    const { dir, ...target } = await locateTarget(path, shelf);
    const detection = await detectTrace({ dir, ...target });
    if (detection === null) return null;
    const files = await withTimes(dir, detection.files);
    const newest = files.reduce((best, file) => (file.changed >= best.changed ? file : best), nothing);
    const records = await lastRecords(dir, newest.name, newest.bytes, traceFormat(detection.format));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { files: detection.files.length, bytes, changed: newest.changed, ...lastStep(records) };
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}

interface Timed {
  readonly name: string;
  readonly bytes: number;
  readonly changed: number;
}
const nothing: Timed = { name: '', bytes: 0, changed: 0 };

async function withTimes(dir: LocatedTarget['dir'], files: readonly string[]): Promise<readonly Timed[]> {
  const found = await Promise.all(
    files.slice(-mostStats).map(async (name): Promise<Timed> => {
      try {
        const { size, mtimeMs } = await stat(dir.locate(name));
        return { name, bytes: size, changed: mtimeMs };
      } catch {
        // Gone since it was listed, or no file of its own (a member of an archive).
        return { ...nothing, name };
      }
    }),
  );
  return found;
}

interface Looked {
  readonly records: readonly RolloutRecord[];
  /** Rows stand in front of them. */
  readonly cut: boolean;
}

/** Whole lines at the end of a log; only formats with a row a line tell so cheaply. */
async function lastRecords(
  dir: LocatedTarget['dir'],
  file: string,
  size: number,
  format: TraceFormat,
): Promise<Looked> {
  if (file === '' || format.unit !== 'line' || size === 0) return { records: [], cut: false };
  const source = await dir.open(file);
  if (source === null) return { records: [], cut: false };
  const start = Math.max(0, size - looked);
  const text = Buffer.from(await source.read(start, looked)).toString('utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const whole = start === 0 ? lines : lines.slice(1);
  const records: RolloutRecord[] = [];
  for (const line of whole.slice(-mostRows)) {
    const place = { file, line: 1 };
    const rows = (await format.readAll?.(line, place, dir)) ?? [await format.read(line, place, dir)];
    for (const { record } of rows) if (record !== null) records.push(record);
  }
  return { records, cut: start > 0 || whole.length > mostRows };
}

function lastStep({ records, cut }: Looked): Pick<RunGlance, 'step' | 'reward' | 'rows' | 'partial'> {
  const steps = records.flatMap(({ step }) => (step === null ? [] : [step]));
  const step = steps.length === 0 ? null : Math.max(...steps);
  const rewards = records.flatMap((record) =>
    record.step === step && record.reward !== null && Number.isFinite(record.reward) ? [record.reward] : [],
  );
  const sum = rewards.reduce((total, reward) => total + reward, 0);
  return {
    step,
    reward: rewards.length === 0 ? Number.NaN : sum / rewards.length,
    rows: rewards.length,
    partial: cut && records[0]?.step === step,
  };
}
