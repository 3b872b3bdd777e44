import type { DirSource } from '../core/ports';
import type { JsonValue } from '../core/text/jsonValue';
import { Columns, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headBytes } from './head';
import { objectIn } from './jsonLines';
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

/** Parquet by its magic, and the names of its columns in the footer, which begins with the schema. */
async function isCompletions(dir: DirSource, file: string): Promise<boolean> {
  const source = await dir.open(file);
  const size = source === null ? 0 : await source.size();
  if (source === null || size < 12 || ascii(await source.read(0, 4)) !== 'PAR1') return false;
  const end = await source.read(size - 8, 8);
  if (end.length < 8 || ascii(end.subarray(4)) !== 'PAR1') return false;
  const length = new DataView(end.buffer, end.byteOffset, 4).getUint32(0, true);
  if (length > size - 12) return false;
  const footer = ascii(await source.read(size - 8 - length, Math.min(length, headBytes)));
  return neededColumns.every((name) => footer.includes(name));
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
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
