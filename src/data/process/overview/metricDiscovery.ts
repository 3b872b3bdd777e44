import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { readHead } from '../../../formats/head';
import { type MetricLog, readMetricLines, readTrainerState } from '../../../formats/trainerMetrics/metricLog';
import { FileSource } from '../files/fileSource';
import { isFileError, kindOf, namesIn, withParents } from '../images/nearby';

/** A log of metrics with the file it was read from, relative to the trace's folder. */
export interface FoundMetrics extends MetricLog {
  readonly file: string;
}

export interface MetricsNearby {
  readonly logs: readonly FoundMetrics[];
  readonly problems: readonly Problem[];
}

/** Levels above the trace that are looked at, as for its configuration. */
const levels = 4;
const maxBytes = 128 * 1024 * 1024;
/** Entries of one folder, and folders beside each other, that are looked into. */
const maxNames = 2000;
const maxFolders = 40;
/** Bytes that tell a verl log from other JSON lines. */
const firstLine = 64 * 1024;

/**
 * Walks up from the trace and reads the metrics that its trainer left in the nearest folder that has some:
 * `trainer_state.json` (or the newest checkpoint's), `experiment_log.jsonl`, `logging.jsonl`, or what verl's file logger
 * wrote (`{project}/{experiment}.jsonl`).
 */
export async function discoverMetrics(tracePath: string): Promise<MetricsNearby> {
  const traceDir = (await kindOf(tracePath)) === 'directory' ? tracePath : dirname(tracePath);
  const problems: Problem[] = [];
  for (const folder of withParents(traceDir, levels)) {
    const logs: FoundMetrics[] = [];
    for (const path of await candidates(folder, traceDir, problems)) {
      const log = await readLog(path, traceDir, problems);
      if (log !== null) logs.push(log);
    }
    if (logs.length > 0) return { logs, problems };
  }
  return { logs: [], problems };
}

async function candidates(folder: string, traceDir: string, problems: Problem[]): Promise<readonly string[]> {
  const names = (await namesIn(folder)).slice(0, maxNames);
  const named = ['trainer_state.json', 'experiment_log.jsonl', 'logging.jsonl'].filter((name) => names.includes(name));
  const found = named.map((name) => join(folder, name));
  if (!named.includes('trainer_state.json')) {
    const state = await newestCheckpointState(folder, names);
    if (state !== null) found.unshift(state);
  }
  return found.length > 0 ? found : verlLogs(folder, names, traceDir, problems);
}

/** `checkpoint-{step}/trainer_state.json`: each holds the history up to its own step, so the last one holds all. */
async function newestCheckpointState(folder: string, names: readonly string[]): Promise<string | null> {
  const steps = names.flatMap((name) => /^checkpoint-(\d{1,12})$/.exec(name)?.[1] ?? []).map(Number);
  for (const step of steps.sort((a, b) => b - a).slice(0, maxFolders)) {
    const path = join(folder, `checkpoint-${step}`, 'trainer_state.json');
    if ((await kindOf(path)) === 'file') return path;
  }
  return null;
}

/**
 * verl logs into the folder it was started in, next to those of other experiments: of several, the one whose name the
 * trace's path holds; otherwise none, for another run's numbers would be worse than none.
 */
async function verlLogs(
  folder: string,
  names: readonly string[],
  traceDir: string,
  problems: Problem[],
): Promise<readonly string[]> {
  const folders = names.filter((name) => !name.startsWith('.')).slice(0, maxFolders);
  const paths = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
  for (const name of folders)
    if ((await kindOf(join(folder, name))) === 'directory')
      for (const inner of (await namesIn(join(folder, name))).slice(0, maxFolders))
        if (inner.endsWith('.jsonl')) paths.push(join(folder, name, inner));
  const logs: string[] = [];
  for (const path of paths.slice(0, maxNames)) if (await isVerlLog(path)) logs.push(path);
  if (logs.length <= 1) return logs;
  const way = traceDir.split(/[\\/]/);
  const own = logs.filter((path) => way.includes(basename(path, '.jsonl')));
  if (own.length !== 1)
    problems.push(
      problem(
        relative(traceDir, folder) || '.',
        `${logs.length} logs of verl’s file logger lie here, and nothing tells which of them this run wrote: none is shown.`,
      ),
    );
  return own.length === 1 ? own : [];
}

async function isVerlLog(path: string): Promise<boolean> {
  // Rollouts are dumped under the same extension, named by their step.
  if (/^\d+\.jsonl$/.test(basename(path)) || (await kindOf(path)) !== 'file') return false;
  try {
    const head = await readHead(new FileSource(basename(path), path), firstLine);
    return /^\s*\{\s*"step"\s*:\s*-?\d+\s*,\s*"data"\s*:\s*\{/.test(head?.text.slice(0, 200) ?? '');
  } catch (error) {
    if (UserError.is(error)) return false;
    throw error;
  }
}

async function readLog(path: string, traceDir: string, problems: Problem[]): Promise<FoundMetrics | null> {
  const file = relative(traceDir, path).replaceAll('\\', '/');
  // A pipe of that name would never end.
  if ((await kindOf(path)) !== 'file') return null;
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      problems.push(problem(file, 'Larger than 128 MB: not read as a log of metrics.'));
      return null;
    }
    const text = await readFile(path, 'utf8');
    const log = path.endsWith('.json') ? readTrainerState(file, text) : readMetricLines(file, text);
    if (log === null) return null;
    problems.push(...log.problems);
    return log.series.length === 0 ? null : { ...log, file };
  } catch (error) {
    if (!isFileError(error)) throw error;
    problems.push(problem(file, error.message));
    return null;
  }
}

function problem(file: string, message: string): Problem {
  return { severity: 'warning', file, line: null, element: null, field: null, message };
}
