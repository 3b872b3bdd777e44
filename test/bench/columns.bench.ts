import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { createDataClient, type DataClient } from '../../src/data/client';
import { ColumnStore } from '../../src/data/process/columns/columnStore';
import { groupStatistics } from '../../src/data/process/columns/groupStatistics';
import { everything, type TraceQuery } from '../../src/protocol/query';
import { type BenchRow, median, within } from './bench';

export const name = 'columns';
export const budget =
  'A million rollouts: sorted or filtered in 200 ms, group statistics in 400 ms, a random row in 20 ms, 600 MB resident';

const rollouts = 1_000_000;
const groupSize = 8;

/** One short line as verl dumps it; what is measured is the number of rows, not their length. */
function line(row: number): string {
  const group = Math.floor(row / groupSize);
  return `${JSON.stringify({
    input: `user\nQuestion ${group}\n`,
    output: `<answer>${row % 9}</answer>`,
    score: ((row * 7919) % 1009) / 1009,
    step: 1,
    acc: row % 3 === 0,
    overlong: -((row * 31) % 97) / 100,
    uid: `g${group}`,
  })}\n`;
}

async function writeTrace(path: string): Promise<void> {
  const out = createWriteStream(path);
  for (let row = 0; row < rollouts; ) {
    let block = '';
    for (const end = row + 20_000; row < end; row++) block += line(row);
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  const client = createDataClient({
    entry: resolve('dist/children/data.js'),
    log: { info: () => undefined, warn: console.error, error: console.error },
    cacheDir: join(dir, 'cache'),
    imageSize: async () => null,
  });
  try {
    const path = join(dir, '1.jsonl');
    await writeTrace(path);
    return { rows: [...(await queries(client, path)), await statistics()] };
  } finally {
    client.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}

async function queries(client: DataClient, path: string): Promise<BenchRow[]> {
  const ended = new Promise<void>((done) => {
    client.on('trace/progress', (state) => {
      if (state.done) done();
    });
  });
  const { traceId } = await client.call('trace/open', { path, overrides: {} });
  await ended;
  const ask = (asked: Partial<TraceQuery>) =>
    client.call('trace/query', { traceId, query: { ...everything, ...asked } }, { deadline: Number.POSITIVE_INFINITY });
  const range = (from: number) => ({ kind: 'range', column: 'reward', from, to: null }) as const;
  const sort = (descending: boolean) => ({ column: 'reward', of: 'mean', descending }) as const;
  const sorted = await median(5, (run) => ask({ sort: sort(run % 2 === 0) }));
  // Another bound each time: an equal filter is answered from memory.
  const filtered = await median(5, (run) => ask({ chips: [range(0.5 + run / 100)] }));
  const both = await median(5, (run) => ask({ chips: [range(0.25 + run / 100)], sort: sort(true) }));
  const sql = await median(3, (run) => ask({ where: `reward > 0.5 AND overlong < -${0.1 + run / 10}` }));
  const text = await median(3, (run) =>
    ask({ chips: [{ kind: 'text', text: `question 4${run}`, where: 'prompt', matchCase: false }] }),
  );
  const row = await median(21, (run) => client.call('trace/rollout', { traceId, row: (run * 104_729) % rollouts }));
  return [
    within('a million rollouts sorted by their groups’ mean reward', sorted, 'ms', 200),
    within('filtered by reward', filtered, 'ms', 200),
    within('filtered and sorted', both, 'ms', 200),
    { metric: 'filtered by SQL on two columns', value: sql, unit: 'ms' },
    { metric: 'searched for a text', value: text, unit: 'ms' },
    within('a random row', row, 'ms', 20),
    ...(await residentMemory(client.pid)),
  ];
}

/** Mean, deviation, least and most of each group, in this process: the child has no call that does nothing else. */
async function statistics(): Promise<BenchRow> {
  const store = new ColumnStore([]);
  const groupOf = new Int32Array(rollouts);
  const reward = store.own('reward');
  for (let row = 0; row < rollouts; row++) {
    groupOf[row] = Math.floor(row / groupSize);
    reward.set(row, ((row * 7919) % 1009) / 1009);
  }
  const grouping = { rows: rollouts, groups: rollouts / groupSize, groupOf };
  return within('group statistics', await median(5, () => groupStatistics(reward, grouping)), 'ms', 400);
}

async function residentMemory(pid: number | undefined): Promise<BenchRow[]> {
  if (pid === undefined || process.platform !== 'linux') return [];
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
  return [within('resident memory of the data child', kilobytes / 1024, 'MiB', 600)];
}
