import type { JsonValue } from '../../core/text/jsonValue';
import type { Problem } from '../../core/text/problem';
import { parseTolerantJson } from '../../core/text/tolerantJson';
import { MetricPoints, type MetricSeries } from './metricPoints';

/** What a trainer logged of itself while it wrote the trace. */
export interface MetricLog {
  /** Who wrote it, for the user. */
  readonly writer: string;
  readonly series: readonly MetricSeries[];
  readonly problems: readonly Problem[];
}

type Fields = Readonly<Record<string, JsonValue>>;

const problemsTold = 20;
const deepest = 8;

/** Keys that tell where in the run a record stands: no metrics. */
const notMetrics: ReadonlySet<string> = new Set([
  'step',
  'global_step',
  'global_step/max_steps',
  'epoch',
  'percentage',
  'elapsed_time',
  'remaining_time',
]);

/**
 * The `log_history` of a `trainer_state.json`, as Hugging Face's `TrainerState.save_to_json` writes it: one flat record for
 * each call of `log`, with its `step`.
 */
export function readTrainerState(file: string, text: string): MetricLog {
  const writer = 'Hugging Face Trainer';
  const state = parsed(text);
  const history = isFields(state) ? state.log_history : undefined;
  if (!Array.isArray(history)) {
    const message = 'This is no state of a Trainer: it holds no list “log_history”. Its metrics are not shown.';
    return { writer, series: [], problems: [problem(file, null, message)] };
  }
  const points = new MetricPoints();
  for (const record of history) if (isFields(record)) addRecord(points, record);
  return { writer, series: points.series(), problems: [] };
}

/**
 * A log of one JSON record a line. Three writers differ only in where the step and the numbers stand:
 * verl's `FileLogger` (`{"step", "data": {…}}`), EasyR1's (`{"step", nested …}`, the `/` of names split into levels), and
 * ms-swift's `logging.jsonl` (flat, the step in `"global_step/max_steps": "12/500"`, numbers at times as texts).
 * Null when no line looks like any of them. A last line that is still being written is passed over.
 */
export function readMetricLines(file: string, text: string): MetricLog | null {
  const points = new MetricPoints();
  const problems: Problem[] = [];
  const lines = text.split('\n');
  let writer: string | null = null;
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const record = parsed(line);
    if (isFields(record)) {
      if (addRecord(points, record)) writer ??= writerOf(file, record);
      return;
    }
    const torn = index === lines.length - 1;
    if (!torn && problems.length < problemsTold)
      problems.push(problem(file, index + 1, 'This line of the metrics log is no JSON object; it was passed over.'));
  });
  return writer === null ? null : { writer, series: points.series(), problems };
}

function writerOf(file: string, record: Fields): string {
  if (isFields(record.data)) return 'verl file logger';
  if (record['global_step/max_steps'] !== undefined) return 'ms-swift logging.jsonl';
  return /(?:^|[\\/])experiment_log\.jsonl$/.test(file) ? 'EasyR1 experiment log' : 'metrics by step';
}

/** False when the record tells no step. */
function addRecord(points: MetricPoints, record: Fields): boolean {
  const step = stepOf(record);
  if (step === null) return false;
  const { data } = record;
  addLevel(points, step, data !== undefined && isFields(data) ? data : record, '', 0);
  return true;
}

function addLevel(points: MetricPoints, step: number, level: Fields, prefix: string, depth: number): void {
  for (const [key, value] of Object.entries(level)) {
    if (depth === 0 && notMetrics.has(key)) continue;
    const name = `${prefix}${key}`;
    const number = numberOf(value);
    if (number !== null) points.add(step, name, number);
    else if (isFields(value) && depth < deepest) addLevel(points, step, value, `${name}/`, depth + 1);
  }
}

function stepOf(record: Fields): number | null {
  for (const value of [record.step, record.global_step])
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  const progress = record['global_step/max_steps'];
  const step = typeof progress === 'string' ? /^(\d{1,15})\/\d{1,15}$/.exec(progress)?.[1] : undefined;
  return step === undefined ? null : Number(step);
}

/** Texts that are a number count as one; truth values do not. */
function numberOf(value: JsonValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40 || !/^[-+]?[\d.]/.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function parsed(text: string): JsonValue {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isFields(value: JsonValue | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(file: string, line: number | null, message: string): Problem {
  return { severity: 'warning', file, line, element: null, field: null, message };
}
