import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../../core/text/userError';
import { midEnding } from '../../../formats/activeO3Demo';
import { encodingOf, encodingTrouble } from '../../../formats/encoding';
import type { OpenTarget } from '../../../formats/format';
import { headBytes } from '../../../formats/head';
import { pickleTrouble } from '../../../formats/pickles';
import { errorCode, fileError } from './fileSource';
import { FolderSource } from './folderSource';

/** A path the user opened, with the folder its trace's files are relative to. */
export interface LocatedTarget extends OpenTarget {
  readonly dir: FolderSource;
  /** Absolute path of the file or folder. */
  readonly path: string;
}

/** The demo's crops stand beside its `json` folder, so opening that folder or a file in it roots the trace above. */
const demoFolder = 'json';

/** Throws `UserError` when nothing readable is there. */
export async function locateTarget(path: string): Promise<LocatedTarget> {
  const absolute = resolve(path);
  const folder = dirname(absolute);
  const name = basename(absolute);
  if (await isFolder(absolute)) {
    const dir = new FolderSource(absolute);
    const isDemo = name === demoFolder && (await dir.list('')).some((entry) => entry.name.endsWith(midEnding));
    return isDemo ? { dir: new FolderSource(folder), file: null, path: folder } : { dir, file: null, path: absolute };
  }
  if (basename(folder) === demoFolder && name.endsWith(midEnding))
    return { dir: new FolderSource(dirname(folder)), file: `${demoFolder}/${name}`, path: absolute };
  return { dir: new FolderSource(folder), file: name, path: absolute };
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
  'trajectory folders of Mini-o3 (traj.jsonl), lists of ' +
  'messages about an image (JSON Lines with "messages", "conversations" or "pred_output"), ms-swift\'s ' +
  "completions.jsonl, RLLoggingBoard's rollout_data_rank0.jsonl, AReaL's and SkyRL's dumps";

/** Why no format claims the target. */
export async function explainUnknown({ dir, file, path }: LocatedTarget): Promise<UserError> {
  if (file === null) return new UserError(`No trace in ${path}. Saccade looked for ${lookedFor}.`);
  const pickled = pickleTrouble(file);
  if (pickled !== null) return new UserError(`${path}: ${pickled}`);
  const source = dir.source(file);
  if ((await source.size()) === 0) return new UserError(`${path} is empty: there is no rollout in it.`);
  const trouble = encodingTrouble(encodingOf(await source.read(0, headBytes)));
  if (trouble !== null) return new UserError(`${path}: ${trouble}`);
  return new UserError(`${path} is not a trace Saccade knows. It looked for ${lookedFor}.`);
}
