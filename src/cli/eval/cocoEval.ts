import { type Diagnosis, diagnose } from '../../core/metric/coco/diagnosis';
import { type Evaluation, evaluate } from '../../core/metric/coco/evaluate';
import { type EvalNumber, meanOf, summarise } from '../../core/metric/coco/summary';
import type { EvalOptions, ResultTable } from '../../core/metric/coco/tables';
import type { Problem } from '../../core/text/problem';
import { readEvalResults } from '../../formats/evaluation/evalResults';
import { type EvalTruth, readEvalTruth } from '../../formats/evaluation/evalTruth';
import { type Output, printable, printableLine, toJson } from '../output';
import { diskFile } from './diskFile';
import type { EvalCommand } from './evalArguments';
import { diagnosisLines, numberLines, settingLines, shown } from './evalTables';

interface CategoryRow {
  readonly id: number | string;
  readonly name: string;
  readonly frequency: string | null;
  readonly targets: number;
  readonly ap: number | null;
  readonly ar: number | null;
}

/** A list of results against ground truth in COCO's layout: what pycocotools or LVIS's evaluator prints, and a diagnosis. */
export async function printCocoEval(truthPath: string, command: EvalCommand, out: Output): Promise<void> {
  const { masks, lvis, json } = command;
  const truth = await readEvalTruth(diskFile(truthPath), { masks, lvis });
  const results = await readEvalResults(diskFile(command.path), truth, masks, lvis);
  const options = optionsOf(command);
  const evaluation = evaluate(truth.table, results.table, options);
  const numbers = [...summarise(evaluation), ...(lvis ? frequencies(evaluation, truth) : [])];
  const diagnosis = diagnosisOf(truth, results.table, command);
  const categories = evaluation.categories.map((_, i) => categoryRow(evaluation, truth, i));
  const notes = notesOf(truth, results.table);
  const problems = [...truth.problems, ...results.problems];
  const problemCount = truth.problemCount + results.problemCount;
  tellProblems(problems, problemCount);
  if (json) {
    await out.line(
      toJson(
        {
          groundTruth: truthPath,
          results: command.path,
          ...settingsOf(command),
          images: truth.images.length,
          annotations: truth.table.length,
          detections: results.table.length,
          metrics: Object.fromEntries(numbers.map(({ name, value }) => [name, value])),
          diagnosis: { iou: command.found, near: command.near, ...diagnosis },
          categories,
          notes,
          problemCount,
          problems,
        },
        2,
      ),
    );
    return;
  }
  const counts = `${truth.images.length} images, ${truth.table.length} annotations, ${results.table.length} results`;
  for (const line of [...settingLines(command), counts, '', ...numberLines(numbers)]) await out.line(line);
  for (const line of ['', ...diagnosisLines(diagnosis, command.found, command.near)]) await out.line(line);
  if (command.byCategory) for (const line of ['', ...categoryLines(categories)]) await out.line(line);
  for (const note of notes) await out.line(note);
}

export function optionsOf({ thresholds, areas, maxDetections, agnostic }: EvalCommand): EvalOptions {
  return { iouThresholds: thresholds, areas, maxDetections, agnostic };
}

/** What numbers depend on; printed with every report. */
export function settingsOf(command: EvalCommand): object {
  const { masks, lvis, thresholds, areas, maxDetections, agnostic } = command;
  return {
    type: masks ? 'segm' : 'bbox',
    rules: lvis ? 'lvis' : 'coco',
    iou: thresholds,
    areas,
    maxDetections,
    agnostic,
  };
}

function diagnosisOf(truth: EvalTruth, results: ResultTable, command: EvalCommand): Diagnosis {
  const [area = { name: 'all', from: 0, to: Number.POSITIVE_INFINITY }] = command.areas;
  const maxDetections = command.maxDetections.at(-1) ?? 100;
  const { found: threshold, near, agnostic } = command;
  return diagnose(truth.table, results, { threshold, near, area, maxDetections, agnostic });
}

/** LVIS: AP of categories that are rare, common and frequent in its training images. */
function frequencies({ options, categories }: Evaluation, truth: EvalTruth): readonly EvalNumber[] {
  const every = options.iouThresholds.map((_, t) => t);
  const most = options.maxDetections.length - 1;
  return ['r', 'c', 'f'].map((frequency) => {
    const own = categories.filter(({ category }) => truth.categories[category]?.frequency === frequency);
    return {
      name: `AP${frequency}`,
      kind: 'AP',
      thresholds: options.iouThresholds,
      area: options.areas[0]?.name ?? '',
      maxDetections: options.maxDetections[most] ?? 0,
      value: meanOf(own, 'AP', every, 0, most),
    };
  });
}

function categoryRow({ options, categories }: Evaluation, truth: EvalTruth, index: number): CategoryRow {
  const every = options.iouThresholds.map((_, t) => t);
  const most = options.maxDetections.length - 1;
  const one = categories[index];
  const { id = -1, name = 'all', frequency = null } = truth.categories[one?.category ?? -1] ?? {};
  const own = one === undefined ? [] : [one];
  return {
    id,
    name,
    frequency,
    targets: one?.targets[0] ?? 0,
    ap: meanOf(own, 'AP', every, 0, most),
    ar: meanOf(own, 'AR', every, 0, most),
  };
}

/** What a reader of the numbers must know. */
function notesOf({ table }: EvalTruth, { scores }: ResultTable): readonly string[] {
  const same = scores.length > 1 && scores.every((score) => score === scores[0]);
  return [
    ...(same
      ? ['Order-dependent: all scores are equal, so that the order of the file decides which results come first.']
      : []),
    ...(table.zeroId.includes(1)
      ? ['An annotation has the id 0: what matches it counts as wrong, as in pycocotools.']
      : []),
  ];
}

function categoryLines(categories: readonly CategoryRow[]): readonly string[] {
  const width = Math.max(8, ...categories.map(({ name }) => name.length));
  const rows = categories.map(
    ({ name, targets, ap, ar }) => `${name.padEnd(width)}  ${String(targets).padStart(7)}  ${shown(ap)}  ${shown(ar)}`,
  );
  return [`${'category'.padEnd(width)}  ${'objects'.padStart(7)}     AP     AR`, ...rows.map(printableLine)];
}

function tellProblems(problems: readonly Problem[], count: number): void {
  const most = 10;
  for (const { file, element, field, message } of problems.slice(0, most)) {
    const place = `${file}${element === null ? '' : `[${element}]`}${field === null ? '' : ` ${field}`}`;
    process.stderr.write(`${printable(`${place}: ${message}`)}\n`);
  }
  if (count > most) process.stderr.write(`… and ${count - most} more problems (--json lists the first of them)\n`);
}
