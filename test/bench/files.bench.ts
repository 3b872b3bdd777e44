import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { createDataClient, type DataClient } from '../../src/data/client';
import { unpackFile } from '../../src/data/process/files/unpack';
import { readElements } from '../../src/data/process/scan/elementBatches';
import { type BenchRow, median, timed, within } from './bench';

export const name = 'files';
export const budget =
  '200 MB each: elements of a document found faster than JSON.parse reads it, unpacked in twice the time of zlib, reopened in a tenth of the first scan';

const bytesWanted = 200e6;
const words = 'the model looks at a small sign near the left edge and reads its number before it answers'.split(' ');

function row(i: number): string {
  const thought = Array.from({ length: 320 }, (_, at) => words[(i * 7 + at * 3) % words.length]).join(' ');
  const output = `<think>${thought}</think>\n<answer>[${i % 900}, ${i % 700}, 950, 940]</answer>`;
  const input = `user\nHow many red boats are there in picture ${i >> 3}?\nassistant\n`;
  return JSON.stringify({ input, output, gts: String(i % 9), score: (i % 5) / 4, step: 1, acc: i % 2 });
}

/** Annotations as LVIS has them: short keys and numbers, the shape that costs a tokenizer most. */
function annotation(i: number): string {
  const segmentation = [Array.from({ length: 60 }, (_, at) => ((i * 31 + at * 17) % 64_000) / 100)];
  return JSON.stringify({
    id: i,
    image_id: i >> 3,
    category_id: i % 1203,
    bbox: [i % 640, 1.5, 20.25, 30],
    segmentation,
  });
}

async function write(path: string, head: string, one: (i: number) => string, between: string, tail: string) {
  const out = createWriteStream(path);
  out.write(head);
  let bytes = head.length;
  for (let i = 0; bytes < bytesWanted; ) {
    let block = '';
    while (block.length < 4e6) block += (i === 0 ? '' : between) + one(i++);
    bytes += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end(tail);
  await finished(out);
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  try {
    const document = join(dir, 'document.json');
    const log = join(dir, '1.jsonl');
    await write(document, '{"info": {}, "annotations": [', annotation, ', ', ']}');
    await write(log, '', row, '\n', '\n');
    return { rows: [...(await elements(document)), ...(await unpacking(log)), ...(await reopening(dir, log))] };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Beside `JSON.parse` of the same bytes, which is what opening the whole document would cost. */
async function elements(path: string): Promise<BenchRow[]> {
  const { size } = await stat(path);
  const found = await median(3, async () => {
    const handle = await open(path, 'r');
    let count = 0;
    for await (const batch of readElements(handle, ['annotations'])) count += batch.elements.length;
    await handle.close();
    if (count === 0) throw new Error('no elements were found');
  });
  const parsed = await median(3, async () => {
    const text: Buffer[] = [];
    for await (const chunk of createReadStream(path)) text.push(chunk as Buffer);
    JSON.parse(Buffer.concat(text).toString());
  });
  return [
    { metric: 'elements of a document', value: size / 1e3 / found, unit: 'MB/s' },
    within('elements found, as many times JSON.parse', found / parsed, 'times', 1),
  ];
}

/** Beside a bare pipe through zlib into a file. */
async function unpacking(log: string): Promise<BenchRow[]> {
  const location = `${log}.gz`;
  const to = `${log}.unpacked`;
  await pipeline(createReadStream(log), createGzip({ level: 1 }), createWriteStream(location));
  const job = { location, to, packing: 'gz', shown: '1.jsonl.gz', progress: () => undefined } as const;
  const unpacked = await median(3, () => unpackFile({ ...job, signal: new AbortController().signal }));
  const { size } = await stat(to);
  const piped = await median(3, () => pipeline(createReadStream(location), createGunzip(), createWriteStream(to)));
  await rm(to);
  await rm(location);
  return [
    { metric: 'gzip unpacked', value: size / 1e3 / unpacked, unit: 'MB/s' },
    within('gzip unpacked, as many times zlib', unpacked / piped, 'times', 2),
  ];
}

async function reopening(dir: string, path: string): Promise<BenchRow[]> {
  const cacheDir = join(dir, 'cache');
  const client = createDataClient({
    entry: resolve('dist/children/data.js'),
    log: { info: () => undefined, warn: console.error, error: console.error },
    cacheDir,
    imageSize: async () => null,
  });
  try {
    await client.call('path/detect', { path });
    const [first] = await timed(() => scanned(client, path));
    const kept = async () =>
      (await readdir(join(cacheDir, 'traces')).catch(() => [])).some((file) => file.endsWith('.index'));
    while (!(await kept())) await new Promise((later) => setTimeout(later, 10));
    const again = await median(3, () => scanned(client, path));
    return [
      { metric: 'scanned the first time', value: first, unit: 'ms' },
      { metric: 'reopened from its index', value: again, unit: 'ms', reference: first, ratio: again / first },
      within('reopened, as a part of the first scan', again / first, 'times', 0.1),
    ];
  } finally {
    client.dispose();
  }
}

/** Opens a trace and waits for the report that its scan is done. */
async function scanned(client: DataClient, path: string): Promise<void> {
  const done = new Set<number>();
  let wake: () => void = () => undefined;
  const stop = client.on('trace/progress', (progress) => {
    if (progress.done) done.add(progress.traceId);
    wake();
  });
  const { traceId } = await client.call('trace/open', { path, overrides: {} });
  while (!done.has(traceId))
    await new Promise<void>((resume) => {
      wake = resume;
    });
  stop();
  await client.call('trace/close', { traceId });
}
