import type { StepSeries } from '../core/metric/stepStatistics';
import type { StepOverview, TraceOverview, TrainerMetrics } from '../protocol/overview';
import type { InfoCommand } from './arguments';
import { type Output, printableLine, toJson } from './output';
import type { Session } from './session';

/** `info --by step`: what the editor's overview draws. */
export async function printBySteps(session: Session, command: InfoCommand, out: Output): Promise<void> {
  await session.info();
  const { traceId } = session.opened;
  const { data } = session;
  const overview = await data.call(
    'overview/steps',
    { traceId, columns: null, right: command.right },
    { deadline: Number.POSITIVE_INFINITY },
  );
  const metrics = await data.call('overview/metrics', { traceId });
  if (command.json) await out.line(toJson(stepsDocument(command.path, overview, metrics), 2));
  else for (const line of stepsLines(overview, metrics)) await out.line(printableLine(line));
}

/** See docs/by-step.md. A number that nothing tells is null. */
function stepsDocument(path: string, { right, rightFrom, parts }: TraceOverview, metrics: TrainerMetrics): object {
  return {
    path,
    right,
    rightFrom,
    parts: parts.map((part) => ({
      kind: part.kind,
      withoutStep: part.withoutStep,
      replaced: part.replaced,
      steps: Array.from(part.steps, (_, at) => stepDocument(part, at, right)),
    })),
    trainer: metrics.logs.map(({ file, writer, series }) => ({
      file,
      writer,
      metrics: Object.fromEntries(
        series.map(({ name, steps, values }) => [name, { steps: [...steps], values: [...values].map(known) }]),
      ),
    })),
    problems: metrics.problems,
  };
}

function stepDocument(part: StepOverview, at: number, right: number | null): object {
  const { outcomes } = part;
  return {
    step: part.steps[at],
    rollouts: part.rollouts[at],
    malformed: known(part.malformed[at]),
    repaired: known(part.repaired[at]),
    truncated: known(part.truncated[at]),
    groups: outcomes.groups[at],
    noSpread: outcomes.noSpread[at],
    allRight: right === null ? null : outcomes.allRight[at],
    allWrong: right === null ? null : outcomes.allWrong[at],
    columns: Object.fromEntries(part.columns.map(({ name, series }) => [name, seriesDocument(series, at)])),
  };
}

function seriesDocument(series: StepSeries, at: number): object {
  return {
    count: series.count[at],
    notFinite: series.notFinite[at],
    mean: known(series.mean[at]),
    std: known(series.std[at]),
    q05: known(series.q05[at]),
    q25: known(series.q25[at]),
    q50: known(series.q50[at]),
    q75: known(series.q75[at]),
    q95: known(series.q95[at]),
  };
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

function stepsLines({ right, parts }: TraceOverview, { logs }: TrainerMetrics): readonly string[] {
  if (parts.length === 0) return ['No row logs a training step.'];
  const lines = parts.flatMap((part) => [
    part.kind === 'training' ? 'Training' : 'Validation',
    ...table(part, right),
    ...(part.withoutStep > 0 ? [`  ${part.withoutStep} rows log no step`] : []),
    ...(part.replaced > 0 ? [`  ${part.replaced} rows were replaced by a later attempt at their step`] : []),
  ]);
  const named = logs.map(({ file, writer, series }) => `  ${file} (${writer}): ${series.length} metrics`);
  return named.length === 0 ? lines : [...lines, 'Trainer’s metrics', ...named];
}

/** Mean of every column, one step a line; the quantiles are in `--json`. */
function table(part: StepOverview, right: number | null): readonly string[] {
  const head = ['step', 'rollouts', ...part.columns.map(({ name }) => name), 'malformed', 'truncated', 'no spread'];
  if (right !== null) head.push('all right', 'all wrong');
  const rows = Array.from(part.steps, (step, at) => {
    const { groups, noSpread, allRight, allWrong } = part.outcomes;
    const share = (counts: Uint32Array) => percent((counts[at] ?? 0) / (groups[at] ?? 0));
    const cells = [
      String(step),
      String(part.rollouts[at]),
      ...part.columns.map(({ series }) => decimals(series.mean[at])),
      percent(part.malformed[at]),
      percent(part.truncated[at]),
      share(noSpread),
    ];
    return right === null ? cells : [...cells, share(allRight), share(allWrong)];
  });
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows].map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')}`);
}

function decimals(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4)));
}

function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`;
}
