import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exportGuide } from './exportGuide';

/** What lies on a disk that may be a segmentation model. */
export interface WeightsFound {
  /** Absolute folders with ONNX files, in the order they were met. */
  readonly folders: readonly string[];
  /** Absolute paths of checkpoints that there is a way to export. */
  readonly checkpoints: readonly string[];
  /** False when it was called off, or there was more than is looked at. */
  readonly complete: boolean;
}

export interface WalkOptions {
  readonly signal?: AbortSignal;
  /** Folders looked into so far. */
  readonly onProgress?: (folders: number) => void;
  /** Files and folders at most. */
  readonly mostEntries?: number;
}

const defaultEntries = 300_000;
const deepest = 12;
/** Never hold weights of the user's, and many files. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '__pycache__',
  'site-packages',
  'proc',
  'sys',
]);
/** As osam names what it downloads, in a folder of its own. */
const hashed = /^sha256[:-][0-9a-f]{64}$/;

/**
 * Looks through folders and those below them, breadth first, so that what is near comes first. Links to folders are not followed: they may
 * lead in circles. A folder that cannot be read is passed over.
 */
export async function findWeights(roots: readonly string[], options: WalkOptions = {}): Promise<WeightsFound> {
  const { signal, onProgress, mostEntries = defaultEntries } = options;
  const folders: string[] = [];
  const checkpoints: string[] = [];
  const seen = new Set<string>();
  let level = [...roots];
  let entries = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      if (signal?.aborted === true || entries > mostEntries) return { folders, checkpoints, complete: false };
      if (seen.has(folder)) continue;
      seen.add(folder);
      const read = await entriesOf(folder);
      entries += read.length;
      for (const entry of read) {
        if (entry.isDirectory()) {
          if (!passedOver.has(entry.name)) below.push(join(folder, entry.name));
        } else if (exportGuide(join(folder, entry.name)) !== null) checkpoints.push(join(folder, entry.name));
      }
      if (read.some(isGraph)) folders.push(folder);
      onProgress?.(seen.size);
    }
    level = below;
  }
  return { folders, checkpoints, complete: level.length === 0 };
}

function isGraph(entry: Dirent): boolean {
  return !entry.isDirectory() && (entry.name.toLowerCase().endsWith('.onnx') || hashed.test(entry.name));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Where tools of this trade keep their weights; those that do not exist cost nothing. */
export function usualPlaces(home: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { HF_HUB_CACHE, HF_HOME, TORCH_HOME, XDG_CACHE_HOME, XDG_DATA_HOME } = env;
  const cache = given(XDG_CACHE_HOME) ?? join(home, '.cache');
  const places = [
    given(HF_HUB_CACHE) ?? join(given(HF_HOME) ?? join(cache, 'huggingface'), 'hub'),
    join(given(TORCH_HOME) ?? join(cache, 'torch'), 'hub'),
    join(home, '.cache', 'osam', 'models'),
    join(home, 'xanylabeling_data', 'models'),
    join(home, 'anylabeling_data', 'models'),
    join(given(XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'darktable', 'models'),
  ];
  return [...new Set(places)];
}

function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
