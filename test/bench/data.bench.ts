import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { createDataClient, type DataClient } from '../../src/data/client';
import { readLines } from '../../src/data/process/scan/lines';
import type { TraceProgress } from '../../src/protocol/data';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';
import { duckdbReadJson, pythonJsonLoads } from './peers';

export const name = 'data';
export const budget =
  '1 GB of verl rollouts: first rows in 500 ms, lines indexed within 3 times wc -l, no host stall above 50 ms';

const gigabyte = 1e9;
const scanMetric = 'every rollout found, grouped and its rewards in columns';
const groupSize = 8;
const words = 'the model looks at a small sign near the left edge and reads its number before it answers'.split(' ');

/** One line as verl's V1 trainer dumps it: about 2.2 KB, most of it the response. */
function line(row: number): string {
  const group = Math.floor(row / groupSize);
  const thought = Array.from({ length: 320 }, (_, at) => words[(row * 7 + at * 3) % words.length]).join(' ');
  const x = (row * 37) % 1900;
  const box = `[${x}, ${x / 2}, ${x + 120}, ${x / 2 + 90}]`;
  return `${JSON.stringify({
    input: `system\nYou are a helpful assistant.\nuser\nHow many red boats are there in picture ${group}?\nassistant\n`,
    output: `<think>${thought}</think>\n<tool_call>\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": ${box}}}\n</tool_call>\n<answer>${row % 9}</answer>`,
    gts: String(group % 9),
    score: row % 9 === group % 9 ? 1 : 0,
    step: 1,
    acc: row % 9 === group % 9 ? 1 : 0,
    uid: `group-${group}`,
  })}\n`;
}

/** Writes lines until the file has `size` bytes; returns how many. */
async function writeTrace(path: string, size: number): Promise<number> {
  const out = createWriteStream(path);
  let bytes = 0;
  let rows = 0;
  while (bytes < size) {
    let block = '';
    while (block.length < 4e6) block += line(rows++);
    bytes += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return rows;
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
    const count = await writeTrace(path, gigabyte);
    const bytes = (await stat(path)).size;
    const rows: BenchRow[] = [{ metric: 'file', value: bytes / 1e6, unit: 'MB' }];
    rows.push(...(await indexPass(path)), ...(await openAndScan(client, path, count)), ...peakMemory(client.pid));
    rows.push(...(await peers(path, rows)));
    rows.push(...(await openings(client, path)));
    return { rows };
  } finally {
    client.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}

/** The pass that finds the lines, beside `wc -l` on the same file, which is in the system's cache for both. */
async function indexPass(path: string): Promise<BenchRow[]> {
  const wc = await median(3, () => {
    const { status } = spawnSync('wc', ['-l', path]);
    if (status !== 0) throw new Error(`wc ended with ${status}`);
  });
  const index = await median(3, async () => {
    const handle = await open(path, 'r');
    let lines = 0;
    for await (const { count } of readLines(handle)) lines += count;
    await handle.close();
    if (lines === 0) throw new Error('no lines were found');
  });
  return [
    { metric: 'lines found', value: index, unit: 'ms', reference: wc, ratio: index / wc },
    within('lines found, as many times wc -l', index / wc, 'times', 3),
  ];
}

/** What else reads every line of the file: what verl's viewer does before it shows anything, and a database. */
async function peers(path: string, rows: readonly BenchRow[]): Promise<BenchRow[]> {
  const valueIn = (name: string) => rows.find(({ metric }) => metric === name)?.value ?? Number.NaN;
  const scan = valueIn(scanMetric);
  const python = pythonJsonLoads(path);
  const duckdb = await duckdbReadJson(path);
  const found: BenchRow[] = [against('the same, beside DuckDB’s read_json into a table', scan, 's', duckdb)];
  if (python === null) return found;
  return [
    ...found,
    against('the same, beside Python’s json.loads over all lines', scan, 's', python.seconds),
    against('peak memory, beside Python’s with all rows', valueIn('peak memory of the child'), 'MiB', python.peakMb),
  ];
}

/** First rows of files of several sizes, opened one after another by the process that runs. */
async function openings(client: DataClient, path: string): Promise<BenchRow[]> {
  const found: BenchRow[] = [];
  for (const size of [0.1, 0.5, 2]) {
    await writeTrace(path, size * gigabyte);
    let first: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      first = resolve;
    });
    let traceId = -1;
    const stop = client.on('trace/progress', (state) => {
      if (state.traceId === traceId && state.groups > 0) first();
    });
    const [taken] = await timed(async () => {
      ({ traceId } = await client.call('trace/open', { path, overrides: {} }));
      await started;
      return client.call('trace/groups', { traceId, start: 0, count: 20 });
    });
    stop();
    await client.call('trace/close', { traceId });
    found.push(within(`first rows of ${size} GB`, taken, 'ms', 500));
  }
  return found;
}

/** A process that does nothing but time its own event loop, and tells the longest stall when it is asked. */
const idler = `const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('message', () => process.send(delay.max / 1e6, () => process.exit(0)));
process.send('ready');`;

/**
 * The longest time for which an event loop did not turn while `work` went on, in milliseconds: this process's, and that
 * of an idle process beside it, which shows what the machine took away from both.
 */
async function stallsDuring(work: () => Promise<unknown>): Promise<{ readonly own: number; readonly idle: number }> {
  const other = spawn(process.execPath, ['-e', idler], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(other, 'message');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work();
  delay.disable();
  other.send('stop');
  const [idle] = (await once(other, 'message')) as [number];
  return { own: delay.max / 1e6, idle };
}

async function bareProcess(): Promise<void> {
  const script = 'process.send(0, () => process.disconnect())';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
}

async function openAndScan(client: DataClient, path: string, count: number): Promise<BenchRow[]> {
  const progress: TraceProgress[] = [];
  let wake: () => void = () => undefined;
  client.on('trace/progress', (state) => {
    progress.push(state);
    wake();
  });
  const until = async (wanted: (state: TraceProgress) => boolean) => {
    for (;;) {
      const found = progress.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((done) => {
        wake = done;
      });
    }
  };
  const bare = await median(3, bareProcess);
  const start = performance.now();
  const { traceId } = await client.call('trace/open', { path, overrides: {} });
  await until(({ groups }) => groups > 0);
  const first = await client.call('trace/groups', { traceId, start: 0, count: 20 });
  const shown = performance.now() - start;
  if (first.length === 0) throw new Error('no rows after the first progress');
  const [asked] = await timed(() => client.call('trace/group', { traceId, group: 0 }));
  let end = progress[0];
  const { own, idle } = await stallsDuring(async () => {
    end = await until(({ done }) => done);
  });
  const scanned = performance.now() - start;
  await until(({ measured, rollouts }) => measured === rollouts && rollouts === count);
  const read = performance.now() - start;
  if (end?.rollouts !== count) throw new Error(`${end?.rollouts} of ${count} rollouts were found`);
  const middle = Math.floor(end.groups / 2);
  const [late] = await timed(() => client.call('trace/group', { traceId, group: middle }));
  return [
    // Beside a Node that starts, loads nothing and says so: what the machine needs for any process at all.
    { ...within('first rows, the process not yet running', shown, 'ms', 500), reference: bare },
    { metric: 'a group while the scan runs', value: asked, unit: 'ms' },
    { metric: scanMetric, value: scanned / 1000, unit: 's' },
    { metric: 'every response read for its turns, regions and actions', value: read / 1000, unit: 's' },
    { metric: 'rollouts', value: end.rollouts, unit: '' },
    { metric: 'a group in the middle, afterwards', value: late, unit: 'ms' },
    { metric: "longest stall of the parent's loop during the scan", value: own, unit: 'ms', reference: idle },
    within('the same, beyond an idle process', Math.max(0, own - idle), 'ms', 50),
  ];
}
