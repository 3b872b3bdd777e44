import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { AnnotationRecord } from '../../src/core/annotation/annotation';
import { writeSidecar } from '../../src/core/annotation/sidecar';
import { createDataClient, type DataClient } from '../../src/data/client';
import { Journal } from '../../src/host/annotations/journal';
import { TraceAnnotations, wholeKey } from '../../src/host/annotations/traceAnnotations';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';

export const name = 'notes';
export const budget = '100,000 annotated rollouts in one sidecar: open in a second, an edit is kept in 50 ms';

const records = 100_000;
const time = '2026-01-02T03:04:05.000Z';
const noted = <T>(value: T) => ({ author: 'Ada Lovelace', time, value });

/** A corrected reward, a label and now and then a reason, as people leave them who went through all of it. */
function record(i: number): AnnotationRecord {
  return {
    kind: 'rollout',
    key: `k${String(i).padStart(26, '0')}`,
    hints: { line: i + 1, step: 7 },
    notes: {
      total: noted((i % 5) / 4),
      labels: { 1: noted(-1 as const) },
      reviewed: noted(true as const),
      ...(i % 10 === 0 ? { rationale: noted(`The second look is beside the sign of rollout ${i}.`) } : {}),
    },
  };
}

async function writeLog(path: string): Promise<void> {
  const out = createWriteStream(path);
  for (let i = 0; i < records; i++)
    out.write(`${JSON.stringify({ input: `Where is sign ${i >> 3}?`, output: `At ${i}.`, score: i % 2, step: 7 })}\n`);
  out.end();
  await finished(out);
}

function annotationsOf(client: DataClient, traceId: number, journals: string): TraceAnnotations {
  const ask = (method: never, params: object) => client.call(method, { traceId, ...params } as never);
  return new TraceAnnotations({ ask: ask as never }, new Journal(journals, '/log'));
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
    const path = join(dir, '7.jsonl');
    await writeLog(path);
    const text = writeSidecar(
      { head: '', size: 0 },
      Array.from({ length: records }, (_, i) => record(i)),
    );
    await writeFile(`${path}.saccade`, text);
    const { traceId } = await client.call('trace/open', { path, overrides: {} });
    await client.call('trace/info', { traceId, wait: true });
    const open = () => annotationsOf(client, traceId, join(dir, 'journals'));
    const opened = await median(3, () => open().load());
    const annotations = open();
    await annotations.load();
    if (annotations.all.size !== records) throw new Error(`${annotations.all.size} records were read`);
    let before = noted((7 % 5) / 4);
    const edited = await median(5, (round) => {
      const { key, hints } = record(7);
      const after = noted(round + 2);
      const change = { kind: 'rollout', key: wholeKey('7.jsonl', key), hints, path: ['total'], before, after } as const;
      before = after;
      return annotations.apply({ label: 'Set the reward', changes: [change] });
    });
    const parsed = await median(3, () => {
      for (const line of text.trimEnd().split('\n')) JSON.parse(line);
    });
    const [saved] = await timed(() => annotations.save());
    return {
      rows: [
        { metric: 'sidecar', value: text.length / 1e6, unit: 'MB' },
        within('every record read, checked and in the host', opened, 'ms', 1000),
        against('the same beside JSON.parse of every line', opened, 'ms', parsed),
        within('an edit made, and in the journal', edited, 'ms', 50),
        { metric: 'saved', value: saved, unit: 'ms' },
        ...peakMemory(client.pid),
      ],
    };
  } finally {
    client.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}
