import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../../../core/text/userError';
import { detectTrace, traceFormat } from '../../../formats/detect';
import type { RunFound } from '../../../protocol/runs';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { FolderSource } from '../files/folderSource';
import { locateTarget } from '../files/openTarget';

/** Bounds of a search: a home folder on a network drive must not be read for minutes. */
const mostRuns = 500;
const mostFolders = 5000;
const deepest = 8;
/** Files of one folder that are looked into; a folder of thousands is data, not logs. */
const mostFilesTried = 40;
const longest = 20_000;

const skipped = /^(\..+|node_modules|__pycache__|site-packages|wandb-cache|venv|env|global_step_\d+|checkpoint-\d+)$/;
const candidate = /\.(jsonl|json|txt|log|parquet|eval)$/i;
/** JSON that is configuration and never a log. */
const configuration =
  /^(package(-lock)?|tsconfig.*|.*config|args|generation_config|tokenizer.*|vocab|dataset_infos?|settings|manifest)\.json$/i;

/**
 * Traces below some folders: a folder that is one trace counts as one, its files are not listed again. Reads at most 64 KB of a
 * file. Ends early, with what it has, at its limits or when aborted.
 */
export async function findRuns(
  roots: readonly string[],
  shelf: CacheShelf,
  signal: AbortSignal,
): Promise<{ readonly runs: readonly RunFound[]; readonly complete: boolean }> {
  const runs: RunFound[] = [];
  const end = performance.now() + longest;
  let folders = 0;
  let complete = true;
  for (const root of roots) {
    let level = [''];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > deepest) complete = false;
      if (depth > deepest) break;
      const next: string[] = [];
      for (const name of level) {
        if (signal.aborted) return { runs, complete: false };
        if (++folders > mostFolders || runs.length >= mostRuns || performance.now() > end)
          return { runs, complete: false };
        await nextTurn();
        const { found, below } = await lookInto(root, name, shelf);
        runs.push(...found.slice(0, mostRuns - runs.length));
        next.push(...below);
      }
      level = next;
    }
  }
  return { runs, complete };
}

/** Traces of one folder, and the folders below it that may hold more. A folder that cannot be read holds none. */
async function lookInto(
  root: string,
  name: string,
  shelf: CacheShelf,
): Promise<{ readonly found: readonly RunFound[]; readonly below: readonly string[] }> {
  try {
    const whole = await runAt(root, name, true, shelf);
    const entries = await new FolderSource(join(root, name)).list('');
    const path = (entry: string) => (name === '' ? entry : `${name}/${entry}`);
    const below = entries
      .filter((entry) => entry.kind === 'directory' && !skipped.test(entry.name))
      .map((entry) => path(entry.name));
    if (whole !== null) return { found: [whole], below };
    const files = entries.filter(
      (entry) =>
        entry.kind === 'file' && entry.size > 0 && candidate.test(entry.name) && !configuration.test(entry.name),
    );
    const found: RunFound[] = [];
    for (const file of files.slice(0, mostFilesTried)) {
      const run = await runAt(root, path(file.name), false, shelf);
      if (run !== null) found.push(run);
    }
    return { found, below };
  } catch (error) {
    if (UserError.is(error)) return { found: [], below: [] };
    throw error;
  }
}

async function runAt(root: string, name: string, folder: boolean, shelf: CacheShelf): Promise<RunFound | null> {
  const path = join(root, name);
  const detection = await detectTrace(await locateTarget(path, shelf));
  if (detection === null) return null;
  return { path, name, folder, format: detection.format, title: traceFormat(detection.format).title };
}
