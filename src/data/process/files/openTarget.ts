import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../../core/text/userError';
import { midEnding } from '../../../formats/activeO3Demo';
import { encodingOf, encodingTrouble } from '../../../formats/encoding';
import type { OpenTarget } from '../../../formats/format';
import { headBytes } from '../../../formats/head';
import { pickleTrouble } from '../../../formats/pickles';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { errorCode, fileError } from './fileSource';
import { FolderSource } from './folderSource';
import { PackedFile } from './packedFile';
import { PackedFolder } from './packedFolder';
import type { TraceFolder } from './traceFolder';
import { ZipFolder } from './zipFolder';

/** A path the user opened, with the folder its trace's files are relative to. */
export interface LocatedTarget extends OpenTarget {
  readonly dir: TraceFolder;
  /** Absolute path of the file or folder. */
  readonly path: string;
}

/** The demo's crops stand beside its `json` folder, so opening that folder or a file in it roots the trace above. */
const demoFolder = 'json';
/** Logs that are archives, opened as a folder. */
export const archives = /\.eval$/i;

/**
 * Throws `UserError` when nothing readable is there.
 * @param shelf where packed logs are unpacked.
 */
export async function locateTarget(path: string, shelf: CacheShelf): Promise<LocatedTarget> {
  const absolute = resolve(path);
  const folder = dirname(absolute);
  const name = basename(absolute);
  if (await isFolder(absolute)) {
    const dir = packed(absolute, shelf);
    const isDemo = name === demoFolder && (await dir.list('')).some((entry) => entry.name.endsWith(midEnding));
    return isDemo ? { dir: packed(folder, shelf), file: null, path: folder } : { dir, file: null, path: absolute };
  }
  if (basename(folder) === demoFolder && name.endsWith(midEnding))
    return { dir: packed(dirname(folder), shelf), file: `${demoFolder}/${name}`, path: absolute };
  if (archives.test(name)) return { dir: new ZipFolder(absolute), file: null, path: absolute };
  const dir = packed(folder, shelf);
  return { dir, file: dir.claim(name), path: absolute };
}

function packed(folder: string, shelf: CacheShelf): PackedFolder {
  return new PackedFolder(new FolderSource(folder), shelf);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory() || found.isFile()) return found.isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new UserError(`${path}: there is no such file or folder.`);
    throw fileError(path, error);
  }
  throw new UserError(`${path} is neither a file nor a folder.`);
}

const lookedFor =
  'verl rollout dumps ({step}.jsonl with "input", "output", "score", "step"), output of the ACTIVE-O3 demo ' +
  '(json/*_mid.json with "file_name", "question", "response"), V* samples (name.json with "target_object", "bbox", ' +
  '"question" beside the image), logs of accuracy rewards of the R1-V family, EasyR1\'s generations.log, ' +
  'trajectory folders of Mini-o3 (traj.jsonl) and its stats.json, dumps of Pixel-Reasoner (conv.json, sample.jsonl), ' +
  "SegAgent's traces and predictions, Omni-R1's info.txt, Active-Zero's records, " +
  'completions_{step}.parquet of TRL, lists of messages about an image (JSON Lines or a JSON array with "messages", ' +
  '"conversations" or "pred_output"), ms-swift\'s ' +
  "completions.jsonl, RLLoggingBoard's rollout_data_rank0.jsonl, AReaL's and SkyRL's dumps, Inspect's .eval and .json logs, parquet datasets with images, verifiers' results.jsonl and traces.jsonl, rLLM's episodes, wandb tables, preference pairs, PRM800K, GUI-Odyssey's episodes, OS-Atlas' actions";

/** Files of an unknown folder whose beginning is looked at for a reason. */
const filesTried = 5;

/** Why no format claims the target. */
export async function explainUnknown({ dir, file, path }: LocatedTarget): Promise<UserError> {
  if (file === null)
    return new UserError(`No trace in ${path}. ${await folderTrouble(dir)}Saccade looked for ${lookedFor}.`);
  const trouble = await fileTrouble(dir, file, path);
  if (trouble !== null) return new UserError(trouble);
  return new UserError(`${path} is not a trace Saccade knows. It looked for ${lookedFor}.`);
}

/** The first file that looks like a log and cannot be one: a folder of nothing but such files says so. */
async function folderTrouble(dir: TraceFolder): Promise<string> {
  const logs = (await dir.list('')).filter(({ kind, name }) => kind === 'file' && name.endsWith('.jsonl'));
  for (const { name } of logs.slice(0, filesTried)) {
    const trouble = await fileTrouble(dir, name, name);
    if (trouble !== null) return `${trouble} `;
  }
  return '';
}

/** What makes any format refuse a file. */
async function fileTrouble(dir: TraceFolder, file: string, shown: string): Promise<string | null> {
  const pickled = pickleTrouble(file);
  if (pickled !== null) return `${shown}: ${pickled}`;
  const source = dir.source(file);
  const head = await source.read(0, headBytes);
  if (head.length === 0 && source instanceof PackedFile && (await source.packedSize()) > 0)
    return `${shown} cannot be unpacked: its beginning is damaged, or it is no packed file.`;
  if (head.length === 0) return `${shown} is empty: there is no rollout in it.`;
  const trouble = encodingTrouble(encodingOf(head));
  return trouble === null ? null : `${shown}: ${trouble}`;
}
