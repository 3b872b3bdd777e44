import type { JsonValue } from '../core/text/jsonValue';
import type { Field, LoggedStepLabel } from '../core/trajectory/rollout';
import { Columns, isObject, type JsonObject, kindOf, refused } from './columns';
import type { FormatId, OpenTarget, ReadRecord, RecordPlace, TraceFormat } from './format';
import { headRows, objectIn } from './jsonLines';
import { readConversation } from './messages';
import { parquetColumns } from './parquetColumns';
import { spokenRow } from './spokenRow';

/**
 * PRM800K: `question.problem`, and `label.steps[]` with one or more `completions` (`text`, `rating` −1, 0 or +1), the one
 * chosen, or a `human_completion`. The chosen steps are the turns; alternatives are a field. Its data is text only.
 */
export const prm800k: TraceFormat = {
  id: 'prm800k',
  title: 'PRM800K',
  unit: 'line',
  stepless: true,
  frames: {},
  detect: async ({ dir, file }) => {
    const head = file === null ? null : await headRows(dir, file);
    const fits = head !== null && (head.rows.some(isLabelled) || /^\s*\{\s*"labeler"\s*:/.test(head.cut));
    return fits && file !== null
      ? { format: 'prm800k', files: [file], reason: 'Lines with "question" and labelled steps.' }
      : null;
  },
  read: async (text, place) => readPrm(text, place),
};

/** TRL's stepwise supervision: `prompt`, `completions` (a text a step) and `labels` (true, false); a step is a turn. */
export const trlStepwise = stepwise('trl-stepwise', 'line');
export const trlStepwiseTable = stepwise('trl-stepwise-table', 'table');

function isLabelled({ question, label }: JsonObject): boolean {
  return isObject(question) && typeof question.problem === 'string' && isObject(label) && Array.isArray(label.steps);
}

function readPrm(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const { row } = line;
  if (!isLabelled(row)) return refused(place, 'The line holds no question with labelled steps.', 'label');
  const columns = new Columns(row, place);
  const question = columns.take('question');
  const label = columns.take('label');
  if (!isObject(question) || !isObject(label)) return refused(place, 'The line holds no question.', 'question');
  const steps = Array.isArray(label.steps) ? label.steps : [];
  const taken = steps.map(chosenStep);
  const messages = [
    { role: 'user', content: question.problem ?? '' },
    ...taken.map((step) => ({ role: 'assistant', content: step?.text ?? '' })),
  ];
  taken.forEach((step, i) => {
    if (step === null) columns.note('warning', 'label', `holds no text for step ${i + 1}`);
  });
  const alternatives = steps.flatMap((step, i) => othersOf(step, taken[i]?.text ?? null, i));
  const { record, problems } = spokenRow(columns, readConversation(messages), {
    column: 'label',
    groundTruth: question.ground_truth_answer ?? null,
    fields: [
      ...fieldsOf(label, ['finish_reason', 'total_time']),
      ...fieldsOf(question, ['pre_generated_answer', 'pre_generated_verifier_score', 'ground_truth_solution']),
      ...(alternatives.length === 0 ? [] : [{ name: 'alternatives', value: alternatives }]),
    ],
  });
  const stepLabels = taken.flatMap((step, turn): readonly LoggedStepLabel[] =>
    step === null || step.rating === null ? [] : [{ turn, label: step.rating, rationale: null }],
  );
  return record === null ? { record, problems } : { record: { ...record, stepLabels }, problems };
}

interface ChosenStep {
  readonly text: string;
  readonly rating: -1 | 0 | 1 | null;
}

/** The chosen completion, else what the labeller wrote, else the first: a solution ends at its first error unchosen. */
function chosenStep(step: JsonValue): ChosenStep | null {
  if (!isObject(step)) return null;
  const completions = Array.isArray(step.completions) ? step.completions : [];
  const index = step.chosen_completion;
  const human = step.human_completion;
  const chosen = typeof index === 'number' ? completions[index] : null;
  const written = isObject(human) ? human : typeof human === 'string' ? { text: human } : null;
  const one: JsonValue | undefined = isObject(chosen) ? chosen : (written ?? completions[0]);
  if (!isObject(one) || typeof one.text !== 'string') return null;
  const { rating } = one;
  return { text: one.text, rating: rating === -1 || rating === 0 || rating === 1 ? rating : null };
}

function othersOf(step: JsonValue, chosen: string | null, i: number): readonly JsonValue[] {
  const completions = isObject(step) && Array.isArray(step.completions) ? step.completions : [];
  return completions.flatMap((one: JsonValue) =>
    isObject(one) && one.text !== chosen ? [{ step: i + 1, text: one.text ?? null, rating: one.rating ?? null }] : [],
  );
}

function fieldsOf(object: JsonObject, names: readonly string[]): readonly Field[] {
  return names.flatMap((name) => {
    const value = object[name];
    return value === undefined || value === null ? [] : [{ name, value }];
  });
}

function stepwise(id: FormatId, unit: 'line' | 'table'): TraceFormat {
  return {
    id,
    title: 'TRL stepwise supervision',
    unit,
    stepless: true,
    frames: {},
    detect: async (target) => {
      const fits = unit === 'line' ? await isStepwiseText(target) : await isStepwiseTable(target);
      const reason = 'Rows with "prompt", "completions" and a label for each.';
      return fits && target.file !== null ? { format: id, files: [target.file], reason } : null;
    },
    read: async (text, place) => readStepwise(text, place),
  };
}

async function isStepwiseText({ dir, file }: OpenTarget): Promise<boolean> {
  const head = file === null ? null : await headRows(dir, file);
  return head?.rows.some((row) => isSteps(row)) ?? false;
}

async function isStepwiseTable({ dir, file }: OpenTarget): Promise<boolean> {
  const has = file?.toLowerCase().endsWith('.parquet') ? await parquetColumns(dir, file) : null;
  return has === null ? false : ['prompt', 'completions', 'labels'].every(has);
}

function isSteps({ prompt, completions, labels }: JsonObject): boolean {
  return (
    typeof prompt === 'string' &&
    Array.isArray(completions) &&
    completions.every((one: JsonValue) => typeof one === 'string') &&
    Array.isArray(labels) &&
    labels.some((label: JsonValue) => typeof label === 'boolean')
  );
}

function readStepwise(text: string, place: RecordPlace): ReadRecord {
  const line = objectIn(text, place);
  if (line.row === null) return line.refusal;
  const columns = new Columns(line.row, place);
  const completions = columns.take('completions');
  const labels = columns.take('labels');
  if (!Array.isArray(completions))
    return refused(place, `"completions" is ${kindOf(completions)}; a list of steps is expected.`, 'completions');
  const marks = Array.isArray(labels) ? labels : [];
  if (marks.length !== completions.length)
    columns.note('warning', 'labels', `has ${marks.length} elements beside ${completions.length} completions`);
  const messages = [
    { role: 'user', content: columns.text('prompt') ?? '' },
    ...completions.map((one: JsonValue) => ({ role: 'assistant', content: one })),
  ];
  const { record, problems } = spokenRow(columns, readConversation(messages), { column: 'completions' });
  const stepLabels = marks
    .slice(0, completions.length)
    .flatMap((mark, turn): readonly LoggedStepLabel[] =>
      typeof mark === 'boolean' ? [{ turn, label: mark ? 1 : -1, rationale: null }] : [],
    );
  return record === null ? { record, problems } : { record: { ...record, stepLabels }, problems };
}
