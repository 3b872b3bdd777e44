import { groupOutcomes } from '../../src/core/metric/groupOutcomes';
import { orderBySteps } from '../../src/core/metric/stepOrder';
import { stepShares, stepStatistics } from '../../src/core/metric/stepStatistics';
import { ColumnStore } from '../../src/data/process/columns/columnStore';
import { scatterOf } from '../../src/data/process/overview/scatter';
import { overviewOf } from '../../src/data/process/overview/stepOverview';
import { type BenchRow, median, timed, within } from './bench';

export const name = 'overview';
export const budget = 'a million rollouts over a thousand steps: the first plot within a second after the scan';

const rollouts = 1_000_000;
const steps = 1000;
const groupSize = 8;

/** Columns as the scan of a run leaves them: rewards of two values, two logged fields, lengths, regions. */
function filled(): { columns: ColumnStore; groupOf: Int32Array } {
  const columns = new ColumnStore([]);
  const groupOf = new Int32Array(rollouts);
  for (let row = 0; row < rollouts; row++) {
    groupOf[row] = Math.floor(row / groupSize);
    const noise = (Math.imul(row, 2654435761) >>> 0) / 2 ** 32;
    const step = Math.floor((row * steps) / rollouts);
    const reward = noise < step / steps ? 1 : 0;
    columns.add({ reward, step }, `${step}.jsonl`, null, row % 97);
    columns.setLogged(row, 'format', noise > 0.1 ? 1 : 0);
    columns.setLogged(row, 'coverage', noise);
    const [turns, toolCalls] = [1 + (row % 5), row % 3];
    const measures = {
      badge: 'ok',
      regions: row % 4,
      regionArea: null,
      areaOf: 'prediction',
      turns,
      toolCalls,
    } as const;
    columns.measure(row, { ...measures, truncated: row % 50 === 0 }, false);
  }
  return { columns, groupOf };
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const { columns, groupOf } = filled();
  const grouping = { rows: rollouts, groups: rollouts / groupSize, groupOf };
  const input = { columns, grouping, validates: () => false, complete: true, attempt: () => 1 };
  const { signal } = new AbortController();
  const reward = columns.own('reward');
  const step = columns.own('step');
  const order = orderBySteps({ length: rollouts, step: (row) => step.at(row) ?? Number.NaN });
  const [all] = await timed(() => overviewOf(input, { columns: null, right: null }, signal));
  const first = await median(5, () => overviewOf(input, { columns: ['reward'], right: null }, signal));
  const sorted = await median(5, () => orderBySteps({ length: rollouts, step: (row) => step.at(row) ?? Number.NaN }));
  const column = await median(5, () => stepStatistics(order, (row) => reward.at(row)));
  const shares = await median(5, () => stepShares(order, (row) => reward.at(row) === 1));
  const groups = await median(5, () =>
    groupOutcomes(
      order,
      (row) => groupOf[row] ?? 0,
      grouping.groups,
      (row) => reward.at(row),
      1,
    ),
  );
  const scatter = await median(5, () => scatterOf(columns, rollouts, 'response_length', 'reward'));
  return {
    rows: [
      within('numbers of the first plot', first, 'ms', 1000),
      { metric: 'all columns, cold', value: all, unit: 'ms' },
      { metric: 'rows sorted by step', value: sorted, unit: 'ms' },
      { metric: 'one column with its quantiles', value: column, unit: 'ms' },
      { metric: 'one share', value: shares, unit: 'ms' },
      { metric: 'outcomes of the groups', value: groups, unit: 'ms' },
      { metric: 'scatter of two columns', value: scatter, unit: 'ms' },
    ],
  };
}
