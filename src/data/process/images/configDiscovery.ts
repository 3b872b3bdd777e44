import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { type RunConfigFields, readHydraCwd, readRunConfig } from '../../../formats/runConfig/runConfigFields';
import { isFileError, kindOf, namesIn, withParents } from './nearby';

/** The run's configuration as found near a trace. */
export interface FoundConfig {
  readonly file: string;
  readonly fields: RunConfigFields;
  /** Folder relative paths of the run count from, where the run recorded it. */
  readonly cwd: string | null;
  /** The trace is what the run wrote for validation. */
  readonly validation: boolean;
}

/** Levels above the trace that are looked at. */
const levels = 4;
/** Runs of one folder (wandb, Hydra's outputs) that are looked at, newest first. */
const maxRuns = 40;
const maxBytes = 4 * 1024 * 1024;

/**
 * Walks up from the trace and returns the nearest configuration; of several runs side by side, the one that says it wrote
 * this folder, else the newest. Files that look like one but cannot be read are reported and passed over.
 */
export async function discoverConfig(
  tracePath: string,
): Promise<{ readonly config: FoundConfig | null; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const traceDir = (await kindOf(tracePath)) === 'directory' ? tracePath : dirname(tracePath);
  for (const folder of withParents(traceDir, levels)) {
    for (const candidates of [
      async () => [join(folder, '.hydra', 'config.yaml')],
      async () => [join(folder, 'experiment_config.json')],
      async () => [join(folder, 'args.json')],
      () => hydraOutputs(folder),
      () => wandbRuns(folder),
    ]) {
      const found: FoundConfig[] = [];
      for (const file of await candidates()) {
        const config = await readConfig(file, traceDir, problems);
        if (config !== null) found.push(config);
      }
      const chosen = found.find((config) => writesInto(config, traceDir)) ?? found[0];
      if (chosen !== undefined) return { config: chosen, problems };
    }
  }
  return { config: null, problems };
}

async function readConfig(file: string, traceDir: string, problems: Problem[]): Promise<FoundConfig | null> {
  if ((await kindOf(file)) !== 'file') return null;
  try {
    const fields = readRunConfig(await readSmall(file), file);
    if (fields === null) return null;
    const cwd = await hydraCwd(file);
    const validation = fields.validationDir !== null && samePlace(fields.validationDir, traceDir);
    return { file, fields, cwd, validation };
  } catch (error) {
    if (!UserError.is(error) && !isFileError(error)) throw error;
    problems.push({ severity: 'warning', file, line: null, element: null, field: null, message: error.message });
    return null;
  }
}

async function readSmall(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > maxBytes) throw new UserError(`${file}: larger than 4 MB, not read as a run's configuration`);
  return readFile(file, 'utf8');
}

async function hydraCwd(file: string): Promise<string | null> {
  const beside = join(dirname(file), 'hydra.yaml');
  if (basename(dirname(file)) !== '.hydra' || (await kindOf(beside)) !== 'file') return null;
  return readHydraCwd(await readSmall(beside), beside);
}

/** Hydra's default `outputs/<day>/<time>`, and one or no level of it. */
async function hydraOutputs(folder: string): Promise<readonly string[]> {
  const outputs = join(folder, 'outputs');
  const days = (await namesIn(outputs)).toReversed().slice(0, maxRuns);
  const runs = [outputs];
  for (const day of days) {
    runs.push(join(outputs, day));
    for (const time of (await namesIn(join(outputs, day))).toReversed()) {
      if (runs.length > 4 * maxRuns) break;
      if (!time.includes('.')) runs.push(join(outputs, day, time));
    }
  }
  const files = runs.map((run) => join(run, '.hydra', 'config.yaml'));
  const present: string[] = [];
  for (const file of files) if (present.length < maxRuns && (await kindOf(file)) === 'file') present.push(file);
  return present;
}

/** `wandb/run-<day>_<time>-<id>/files/config.yaml`; the names sort by time. */
async function wandbRuns(folder: string): Promise<readonly string[]> {
  const wandb = join(folder, 'wandb');
  const time = (name: string) => /run-(.*)$/.exec(name)?.[1] ?? '';
  const runs = (await namesIn(wandb))
    .filter((name) => /^(?:offline-)?run-/.test(name))
    .toSorted((a, b) => time(b).localeCompare(time(a)))
    .slice(0, maxRuns);
  return [join(folder, 'files', 'config.yaml'), ...runs.map((run) => join(wandb, run, 'files', 'config.yaml'))];
}

function writesInto({ fields }: FoundConfig, traceDir: string): boolean {
  return [fields.rolloutDir, fields.validationDir].some((dir) => dir !== null && samePlace(dir, traceDir));
}

/** The same folder, or, for a run that was moved, a folder whose path ends alike. */
function samePlace(written: string, traceDir: string): boolean {
  const tail = (path: string) =>
    path
      .split(/[\\/]+/)
      .filter((part) => part !== '' && part !== '.')
      .slice(-2);
  const a = tail(written);
  const b = tail(resolve(traceDir));
  return a.length > 0 && a.every((part, i) => b[b.length - a.length + i] === part);
}
