import type { DirSource } from '../core/ports';
import { Columns, type JsonObject, kindOf, refused } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headElements } from './jsonArrays';
import { objectIn } from './jsonLines';
import { counted, fileName } from './paths';
import { textRollout } from './textRollout';

/** What verl logs to mlflow at each validation: `val_step<N>.json`, an array of `input`, `output` and `score`. */
export const verlValidation: TraceFormat = {
  id: 'verl-validation',
  title: 'verl validation samples (mlflow)',
  unit: 'element',
  arrayAt: [],
  validates: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const stepFile = /^val_step(\d{1,15})\.json$/;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const files = file === null ? await stepsIn(dir) : stepFile.test(fileName(file)) ? [file] : [];
  const [first] = files;
  const head = first === undefined ? null : await headElements(dir, first);
  if (head === null || !head.rows.some(isSample)) return null;
  return {
    format: 'verl-validation',
    files,
    reason: `${counted(files.length, 'validation')} that verl logged to mlflow.`,
  };
}

async function stepsIn(dir: DirSource): Promise<readonly string[]> {
  const names = (await dir.list('')).filter(({ kind, name }) => kind === 'file' && stepFile.test(name));
  return names.map(({ name }) => name).sort((a, b) => (stepOf(a) ?? 0) - (stepOf(b) ?? 0));
}

function isSample(row: JsonObject): boolean {
  return typeof row.input === 'string' && typeof row.output === 'string' && Object.hasOwn(row, 'score');
}

function stepOf(file: string): number | null {
  const digits = stepFile.exec(fileName(file))?.[1];
  return digits === undefined ? null : Number(digits);
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  if (typeof line.row.output !== 'string')
    return refused(place, `"output" is ${kindOf(line.row.output)}; a rollout needs its text.`, 'output');
  const columns = new Columns(line.row, place);
  return textRollout(columns, {
    step: stepOf(place.file),
    uid: null,
    prompt: columns.text('input') ?? '',
    response: columns.text('output') ?? '',
    groundTruth: columns.take('gts') ?? null,
    reward: columns.number('score'),
  });
}
