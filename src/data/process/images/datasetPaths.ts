import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { kindOf, lastParts, namesIn, withParents } from './nearby';

/** A dataset file that is here. */
export interface FoundDataset {
  readonly path: string;
  /** How it differs from what the configuration says; null when it does not. */
  readonly substitution: string | null;
}

export interface DatasetSearch {
  readonly found: readonly FoundDataset[];
  /** Configured names that are not here, each with the places looked at. */
  readonly missing: readonly { readonly name: string; readonly tried: readonly string[] }[];
}

const parents = 3;
const maxFiles = 2_000;
const maxDepth = 3;

/**
 * Finds the files a configuration names. Relative paths count from where the run was started, then from the configuration
 * and the trace; a run that was moved to another machine is found by the end of its path, beside the trace or the
 * configuration. A folder gives its table files.
 */
export async function findDatasets(
  names: readonly string[],
  places: { readonly cwd: string | null; readonly configDir: string | null; readonly traceDir: string },
): Promise<DatasetSearch> {
  const found: FoundDataset[] = [];
  const missing: { name: string; tried: readonly string[] }[] = [];
  for (const name of names) {
    const result = await findOne(expandHome(name), places);
    if (result.path === null) missing.push({ name, tried: result.tried });
    else {
      const substitution = result.moved ? `${name} is not here; used ${result.path} instead` : null;
      for (const path of await filesOf(result.path)) found.push({ path, substitution });
    }
  }
  return { found, missing };
}

async function findOne(
  name: string,
  { cwd, configDir, traceDir }: { cwd: string | null; configDir: string | null; traceDir: string },
): Promise<{ path: string | null; moved: boolean; tried: readonly string[] }> {
  const near = [...withParents(traceDir, parents), ...(configDir === null ? [] : withParents(configDir, parents))];
  const asWritten = isAbsolute(name)
    ? [name]
    : [...(cwd === null ? [] : [cwd]), ...near].map((base) => resolve(base, name));
  const moved = [2, 1]
    .map((count) => lastParts(name, count))
    .flatMap((tail) => near.flatMap((base) => [join(base, tail), join(base, 'data', tail)]));
  const tried: string[] = [];
  for (const path of new Set([...asWritten, ...moved])) {
    if (await isThere(path)) return { path, moved: !asWritten.includes(path), tried };
    tried.push(path);
  }
  return { path: null, moved: false, tried };
}

async function isThere(path: string): Promise<boolean> {
  return basename(path).includes('*') ? (await matches(path)).length > 0 : (await kindOf(path)) !== null;
}

/** Files of a pattern with `*` in its last part, which trainers let the shell or `datasets` expand. */
async function matches(pattern: string): Promise<readonly string[]> {
  const [head = '', ...rest] = basename(pattern).split('*');
  const fits = (name: string) => {
    if (!name.startsWith(head)) return false;
    let at = head.length;
    for (const [i, part] of rest.entries()) {
      const next = i === rest.length - 1 ? name.length - part.length : name.indexOf(part, at);
      if (next < at || name.slice(next, next + part.length) !== part) return false;
      at = next + part.length;
    }
    return true;
  };
  return (await namesIn(dirname(pattern))).filter(fits).map((name) => join(dirname(pattern), name));
}

/** The table files of a path: itself, those of a pattern, or those inside a folder (parquet before JSON Lines before JSON). */
async function filesOf(path: string): Promise<readonly string[]> {
  const paths = basename(path).includes('*') ? await matches(path) : [path];
  const files: string[] = [];
  for (const one of paths.slice(0, maxFiles)) {
    if ((await kindOf(one)) === 'directory') files.push(...(await tablesIn(one)));
    else files.push(one);
  }
  return files;
}

/** A folder without tables stands for itself: images with a JSON file each. */
async function tablesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const visit = async (dir: string, depth: number): Promise<void> => {
    for (const name of await namesIn(dir)) {
      if (files.length >= maxFiles) return;
      const path = join(dir, name);
      if (/\.(parquet|jsonl|ndjson|json)$/i.test(name)) files.push(path);
      else if (depth < maxDepth && !name.startsWith('.') && (await kindOf(path)) === 'directory')
        await visit(path, depth + 1);
    }
  };
  await visit(folder, 0);
  for (const pattern of [/\.parquet$/i, /\.(jsonl|ndjson)$/i]) {
    const tables = files.filter((file) => pattern.test(file));
    if (tables.length > 0) return tables;
  }
  return [folder];
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
