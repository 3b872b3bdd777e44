import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FormatId } from '../../../formats/format';
import type { TraceFolder } from '../files/traceFolder';
import type { Foreground } from '../scan/foreground';
import { badges } from '../scan/rowTable';
import { measureRows } from '../scan/wide/measureRows';
import { areaFields, type MeasuredRows, type MeasureTask, unreadable } from '../scan/wide/segment';
import type { Workers } from '../scan/wide/workers';
import type { TraceTables } from './tables';

/** Bytes and rows of a task: tens of milliseconds. */
const taskBytes = 1024 * 1024;
const taskRows = 4096;
/** Tasks under way, for each thread. */
const ahead = 3;
/** Milliseconds that a task waits for requests under way. */
const patience = 250;

export interface ResponsePassInput {
  readonly tables: TraceTables;
  readonly dir: TraceFolder;
  readonly format: FormatId;
  /** File names by index. */
  readonly names: readonly string[];
  readonly unsplit: ReadonlySet<string>;
  readonly workers: Pick<Workers, 'run' | 'count'>;
  readonly foreground: Foreground;
  readonly progress: () => void;
  readonly log: (error: unknown) => void;
}

interface Task {
  readonly rows: readonly number[];
  readonly measure: MeasureTask;
}

/** Reads the responses of all rows that were entered without; ends early, quietly, when aborted. */
export async function readResponses(input: ResponsePassInput, signal: AbortSignal): Promise<void> {
  const { workers, tables, foreground, progress, log } = input;
  const begun: { readonly task: Task; readonly measured: Promise<MeasuredRows> }[] = [];
  const tasks = tasksOf(input);
  for (;;) {
    while (begun.length < ahead * workers.count) {
      const { value: task } = tasks.next();
      if (task === undefined) break;
      const measured = workers.run(task.measure);
      // It may be given up before anybody waits for it.
      measured.catch(() => undefined);
      begun.push({ task, measured });
    }
    const first = begun.shift();
    if (first === undefined) return;
    const { task, measured } = first;
    const results = await measured.catch((error: unknown) => {
      if (!signal.aborted) log(error);
      return null;
    });
    if (signal.aborted) return;
    take(tables, task, results ?? (await here(task)));
    progress();
    await foreground.idle(patience);
  }
}

/** What a thread that ended left behind is read by this one. */
async function here({ measure }: Task): Promise<MeasuredRows> {
  await nextTurn();
  return measureRows(measure);
}

/** Rows that follow one another in a file. */
function* tasksOf({ tables, names, dir, format, unsplit }: ResponsePassInput): Generator<Task, void> {
  let rows: number[] = [];
  let file = -1;
  let bytes = 0;
  const made = (): Task => {
    const name = names[file] ?? '';
    const places = rows.map((row) => tables.rows.get(row));
    const offsets = Float64Array.from(places, ({ offset }) => offset);
    const lengths = Uint32Array.from(places, ({ length }) => length);
    const infer = !unsplit.has(name);
    const location = dir.locate(name);
    return { rows, measure: { kind: 'measure', format, location, file: name, infer, offsets, lengths } };
  };
  for (const row of tables.unmeasured.take()) {
    const { file: of, length } = tables.rows.get(row);
    if (rows.length > 0 && (of !== file || bytes + length > taskBytes || rows.length === taskRows)) {
      yield made();
      rows = [];
      bytes = 0;
    }
    file = of;
    rows.push(row);
    bytes += length;
  }
  if (rows.length > 0) yield made();
}

function take(tables: TraceTables, { rows, measure }: Task, measured: MeasuredRows): void {
  for (const [at, row] of rows.entries()) {
    const badge = measured.badge[at] ?? unreadable;
    const areaOf = measured.areaOf[at] ?? 0;
    const measures = {
      badge: badges[badge] ?? 'none',
      regions: measured.regions[at] ?? 0,
      regionArea: areaOf === 0 ? null : (measured.regionArea[at] ?? Number.NaN),
      areaOf: areaFields[areaOf - 1] ?? 'prediction',
      turns: measured.turns[at] ?? 0,
      toolCalls: measured.toolCalls[at] ?? 0,
      truncated: measured.truncated[at] === 1,
    };
    if (badge === unreadable) tables.measured++;
    else tables.measure(row, measures, tables.rows.get(row).sample);
  }
  tables.countActions(measure.file, measured.actions);
}
