import { join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import { detectTrace } from '../../../formats/detect';
import type { Detection } from '../../../formats/format';
import type { CacheShelf } from '../../../supervise/cacheShelf';
import { archives, type LocatedTarget, locateTarget } from './openTarget';

export interface FoundTrace {
  readonly target: LocatedTarget;
  readonly detection: Detection;
}

/** How deep a run's folder is looked into, and at how many folders: dumps lie one or two levels down, beside checkpoints. */
const depth = 2;
const foldersTried = 60;
const never = /^(\..*|node_modules|__pycache__|global_step_\d+|checkpoint-\d+)$/;

/**
 * The one trace below a folder that is none itself: a newcomer opens the run's folder, not the dump in it, or the folder of
 * an evaluation's logs. Null when there is none.
 * @throws UserError that names them when there are several.
 */
export async function traceBelow(folder: LocatedTarget, shelf: CacheShelf): Promise<FoundTrace | null> {
  const found: { readonly name: string; readonly trace: FoundTrace }[] = [];
  let level = [''];
  let tried = 0;
  for (let down = 0; down < depth; down++) {
    const next: string[] = [];
    for (const above of level)
      for (const { kind, name } of await folder.dir.list(above)) {
        const opens = kind === 'directory' ? !never.test(name) : archives.test(name);
        if (!opens || ++tried > foldersTried) continue;
        const path = above === '' ? name : `${above}/${name}`;
        const target = await locateTarget(join(folder.path, path), shelf);
        const detection = await detectTrace(target);
        if (detection === null && kind === 'directory') next.push(path);
        else if (detection !== null) found.push({ name: path, trace: { target, detection } });
      }
    level = next;
  }
  // The data that a run was trained on lies beside its dumps; alone, it is what is meant.
  const dumps = found.filter(({ trace }) => trace.detection.format !== 'dataset-table');
  const meant = dumps.length > 0 ? dumps : found;
  const [first, second] = meant;
  if (first === undefined || second === undefined) return first?.trace ?? null;
  const names = meant.slice(0, 8).map(({ name }) => name);
  const more = meant.length > names.length ? ' …' : '';
  throw new UserError(`${folder.path} holds ${meant.length} traces. Open one of them: ${names.join(', ')}${more}.`);
}
