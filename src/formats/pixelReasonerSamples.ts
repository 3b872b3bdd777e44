import type { DirSource } from '../core/ports';
import type { RolloutRecord } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject } from './columns';
import type { Detection, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn, parsed } from './jsonLines';
import { counted, fileName } from './paths';
import { smallText } from './smallText';
import { textRollout } from './textRollout';

/**
 * What Pixel-Reasoner appends to `logs/sample.jsonl` in training (rank 0) and to `logs/sample.eval_iter{N}_{rank}.jsonl` in
 * evaluations (every rank): a line a rollout with `solutions`, `gts`, `round0_correctness`, `round1_correctness`,
 * `validity`, `reward`, `round1_nwait`, `round0_nwait`, `qids`, `questions`, `num_actions`, `curiosity` and `penalty`, those
 * that the run has. Chat tokens are kept, marks of images are not. Training lines state no step.
 */
export const pixelReasonerSamples: TraceFormat = {
  id: 'pixel-reasoner-samples',
  title: 'Pixel-Reasoner samples',
  unit: 'line',
  stepless: true,
  frames: {},
  detect,
  read: async (text, place) => read(text, place),
};

const sampleName = /^sample\.(?:eval_iter(\d{1,9})_\d{1,9}\.)?jsonl$/;
/** Samples of one evaluation that are held to be joined with its dumps. */
const joinedBytes = 256 * 1024 * 1024;

async function detect({ dir, file }: OpenTarget): Promise<Detection | null> {
  const names =
    file !== null ? [file] : (await dir.list('')).map(({ name }) => name).filter((name) => sampleName.test(name));
  const found: string[] = [];
  for (const name of names) if (await isSamples(dir, name)) found.push(name);
  // Validation never mixes with training: a run's folder opens as what it trained on.
  const training = found.filter((name) => fileName(name) === 'sample.jsonl');
  const files = training.length > 0 ? training : found;
  if (files.length === 0) return null;
  const left = found.length - files.length;
  const more = left === 0 ? '' : ` ${counted(left, 'file')} of evaluations beside it can be opened alone.`;
  return { format: 'pixel-reasoner-samples', files, reason: `Samples that Pixel-Reasoner logged.${more}` };
}

async function isSamples(dir: DirSource, file: string): Promise<boolean> {
  const head = await headRows(dir, file);
  // `solutions` is the first key that the writer takes, and is often longer than the head.
  return head !== null && (head.rows.some(isSample) || /^\{"solutions": "/.test(head.cut));
}

function isSample(row: JsonObject): boolean {
  return typeof row.solutions === 'string' && typeof row.questions === 'string' && row.qids !== undefined;
}

function read(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const columns = new Columns(line.row, place);
  const iteration = sampleName.exec(fileName(place.file))?.[1];
  const id = columns.peek('qids');
  const groundTruth = columns.take('gts') ?? null;
  return textRollout(columns, {
    step: iteration === undefined ? null : Number(iteration),
    uid: typeof id === 'string' || typeof id === 'number' ? String(id) : null,
    prompt: columns.text('questions') ?? '',
    response: columns.text('solutions') ?? '',
    groundTruth,
    reward: columns.number('reward'),
  });
}

type Scores = Pick<RolloutRecord, 'reward' | 'groundTruth' | 'fields'>;

interface Evaluation {
  /** Names and sizes of the files that were read: a growing log is read again. */
  readonly stamp: string;
  /** By `qids`; null where lines of one question disagree (several ranks may have been given it). */
  readonly scores: ReadonlyMap<string, Scores | null>;
}

const evaluations = new WeakMap<DirSource, Map<number, Promise<Evaluation>>>();

/** What an evaluation's samples in the folder's root say of a question; null when they are not there or disagree. */
export async function evaluatedSample(dir: DirSource, iteration: number, qid: string): Promise<Scores | null> {
  const files = (await dir.list('')).filter(({ name }) => sampleName.exec(name)?.[1] === String(iteration));
  const stamp = files.map(({ name, size }) => `${name}:${size}`).join(' ');
  const known = evaluations.get(dir) ?? new Map<number, Promise<Evaluation>>();
  evaluations.set(dir, known);
  let evaluation = known.get(iteration);
  if (evaluation === undefined || (await evaluation).stamp !== stamp) {
    evaluation = readEvaluation(dir, files, stamp);
    known.set(iteration, evaluation);
  }
  return (await evaluation).scores.get(qid) ?? null;
}

async function readEvaluation(
  dir: DirSource,
  files: readonly { readonly name: string; readonly size: number }[],
  stamp: string,
): Promise<Evaluation> {
  const scores = new Map<string, Scores | null>();
  const total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { name } of total > joinedBytes ? [] : files) {
    const lines = ((await smallText(dir, name, joinedBytes)) ?? '').split('\n');
    for (const [i, line] of lines.entries()) {
      if (!isObject(parsed(line))) continue;
      const { record } = read(line, { file: name, line: i + 1 });
      if (record?.uid === null || record?.uid === undefined) continue;
      const { reward, groundTruth, fields } = record;
      const one = { reward, groundTruth, fields: fields.filter((field) => field.name !== 'qids') };
      const other = scores.get(record.uid);
      const agrees = other === undefined || (other !== null && JSON.stringify(other) === JSON.stringify(one));
      scores.set(record.uid, agrees ? one : null);
    }
  }
  return { stamp, scores };
}
