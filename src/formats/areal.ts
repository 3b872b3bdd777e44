import type { DirSource } from '../core/ports';
import { Columns, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { counted, fileName, folderOf, joined } from './paths';
import { textRollout } from './textRollout';

/**
 * AReaL's `rollout.dump_to_file`: `{rollout|eval-rollout}/{version}/{task_id}.jsonl`, one file per prompt, one line per
 * rollout with `task_id`, `sample_idx`, `head_version` and `tail_version` (the weights it began and ended with),
 * `reward`, `prompt`, `completion`. Special tokens are kept.
 */
export const areal: TraceFormat = {
  id: 'areal',
  title: 'AReaL rollout dump',
  unit: 'line',
  verbatim: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const version = /^\d+$/;
const filesTried = 5;
const firstKeys = /^\s*\{\s*"task_id"\s*:\s*[^,]{1,100},\s*"sample_idx"\s*:/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const files = file === null ? await dumpFiles(dir) : [file];
  for (const name of files.slice(0, filesTried)) {
    const head = await headRows(dir, name);
    if (head === null || !(head.rows.some(isRow) || firstKeys.test(head.cut))) continue;
    return { format: 'areal', files, reason: `${counted(files.length, 'prompt')} of an AReaL rollout dump.` };
  }
  return null;
}

/** Files of a version's folder, or of all versions below, in numeric order. */
async function dumpFiles(dir: DirSource): Promise<readonly string[]> {
  const root = await dir.list('');
  const numeric = (a: string, b: string) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
  const files = root.filter(({ kind, name }) => kind === 'file' && name.endsWith('.jsonl')).map(({ name }) => name);
  if (files.length > 0) return files.sort(numeric);
  const folders = root.filter(({ kind, name }) => kind === 'directory' && version.test(name)).map(({ name }) => name);
  const found: string[] = [];
  for (const folder of folders.sort(numeric)) {
    const entries = await dir.list(folder);
    const names = entries
      .filter(({ kind, name }) => kind === 'file' && name.endsWith('.jsonl'))
      .map(({ name }) => name);
    found.push(...names.sort(numeric).map((name) => joined(folder, name)));
  }
  return found;
}

function isRow(row: JsonObject): boolean {
  return (
    ['task_id', 'sample_idx', 'head_version', 'tail_version'].every((name) => Object.hasOwn(row, name)) &&
    typeof row.prompt === 'string' &&
    typeof row.completion === 'string'
  );
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  if (typeof line.row.completion !== 'string')
    return refused(place, `"completion" is ${kindOf(line.row.completion)}; a rollout needs its text.`, 'completion');
  const columns = new Columns(line.row, place);
  const task = columns.take('task_id');
  const folder = fileName(folderOf(place.file));
  return textRollout(columns, {
    // The folder is the newest version in the group; a rollout's own may be older and would tear the group apart.
    step: version.test(folder) ? Number.parseInt(folder, 10) : null,
    uid: typeof task === 'number' || typeof task === 'string' ? String(task) : null,
    prompt: columns.text('prompt') ?? '',
    response: columns.text('completion') ?? '',
    groundTruth: null,
    reward: columns.number('reward'),
  });
}
