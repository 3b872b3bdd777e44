import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { Columns, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { objectIn } from './jsonLines';
import { parquetColumns } from './parquetColumns';
import { counted, fileName, joined } from './paths';
import { textRollout } from './textRollout';

/**
 * What TRL's GRPOTrainer writes with `log_completions=True`: `completions/completions_<step>.parquet` with `step`, `prompt`,
 * `completion`, one unweighted column a reward function, what `log_extra` added, and `advantage`. There is no total, and
 * NaN stands for a reward that did not apply. Images and special tokens are gone.
 */
export const trlCompletions: TraceFormat = {
  id: 'trl-completions',
  title: 'TRL completions',
  unit: 'table',
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const folderName = 'completions';
const stepFile = /^completions_(\d{5,15})\.parquet$/;
const filesTried = 5;
const neededColumns = ['step', 'prompt', 'completion'] as const;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  if (file !== null) {
    if (!stepFile.test(fileName(file)) || !(await isCompletions(dir, file))) return null;
    return { format: 'trl-completions', files: [file], reason: 'Completions of one step as TRL logs them.' };
  }
  for (const folder of ['', folderName]) {
    const files = (await dir.list(folder))
      .filter(({ kind, name }) => kind === 'file' && stepFile.test(name))
      .map(({ name }) => joined(folder, name))
      .sort((a, b) => (stepOf(a) ?? 0) - (stepOf(b) ?? 0));
    for (const candidate of files.slice(0, filesTried))
      if (await isCompletions(dir, candidate))
        return { format: 'trl-completions', files, reason: `${counted(files.length, 'step')} of completions by TRL.` };
  }
  return null;
}

async function isCompletions(dir: DirSource, file: string): Promise<boolean> {
  const has = await parquetColumns(dir, file);
  return has !== null && neededColumns.every(has);
}

function stepOf(file: string): number | null {
  const digits = stepFile.exec(fileName(file))?.[1];
  return digits === undefined ? null : Number(digits);
}

function read(text: string, place: RecordPlace): ReadRecord {
  const { row, ...rest } = objectIn(text, place);
  if (row === null) return 'refusal' in rest ? rest.refusal : refused(place, 'The row cannot be read.');
  if (typeof row.completion !== 'string')
    return refused(place, `"completion" is ${kindOf(row.completion)}; a rollout needs its text.`, 'completion');
  const columns = new Columns(Object.fromEntries(Object.entries(row).filter(([, value]) => applies(value))), place);
  return textRollout(columns, {
    step: columns.integer('step') ?? stepOf(place.file),
    uid: null,
    prompt: columns.text('prompt') ?? '',
    response: columns.text('completion') ?? '',
    groundTruth: columns.take('solution') ?? null,
    // The weights of the reward functions are in the run's config only.
    reward: null,
  });
}

/** pandas writes what a function did not judge as NaN, and what is missing as null. */
function applies(value: JsonValue): boolean {
  return value !== null && !Number.isNaN(value);
}
