import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { parsePolicy } from '../../src/core/policy/policySpec';
import { usualProfile } from '../../src/core/policy/usualProfile';
import { createMediaClient } from '../../src/media/client';
import { createPolicyClient, type PolicyClient } from '../../src/policy/client';
import { looks, request, sampleOf } from '../process/policy/asked';
import { ChatServer } from '../process/policy/chatServer';
import { type BenchRow, within } from './bench';

export const name = 'policyCalls';
export const budget =
  '64 calls at once keep a server of 200 ms busy to 95 %; at most 10 ms a call beside the server’s time; a job of 100,000 samples goes on within 2 s';

const lanes = 64;
const rollouts = 8;

export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-policy-'));
  const chat = new ChatServer(() => ({ text: looks([10, 10, 200, 200]) }));
  const url = await chat.start();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const media = createMediaClient({ entry: resolve('dist/children/media.js'), log, cacheDir: join(dir, 'cache') });
  const client = createPolicyClient({
    entry: resolve('dist/children/policy.js'),
    log,
    templates: resolve('media/templates'),
    probe: (path) => media.probe(path),
    encode: (asked) => media.encode(asked),
    basic: () => Promise.reject(new Error('not asked')),
    segment: () => Promise.reject(new Error('not asked')),
    overlay: () => Promise.reject(new Error('not asked')),
  });
  try {
    const image = join(dir, 'scene.jpg');
    await sharp({ create: { width: 1280, height: 960, channels: 3, background: '#357' } })
      .jpeg()
      .toFile(image);
    const overhead = await overheadOf(client, chat, url, image);
    const busy = await busyShare(client, chat, url, image);
    const resumed = await resumeTime(dir, chat, url, image);
    return {
      rows: [
        within('64 places of a server of 200 ms, idle', 100 * (1 - busy), '%', 5),
        within('a call beside the server’s time', overhead, 'ms', 10),
        within('a job of 100,000 samples goes on', resumed, 's', 2),
      ],
    };
  } finally {
    client.dispose();
    media.dispose();
    await chat.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function groupOf(url: string, image: string, concurrency: number, count: number, key: string) {
  const spec = parsePolicy({ name: 'bench', baseURL: url, model: 'Qwen2.5-VL', concurrency }, (path) => path);
  const sample = sampleOf(image, { key });
  const profile = usualProfile('detection', sample, false);
  return request(sample, { job: key, policy: { spec, key: null }, count, profile });
}

/** One call after the other: what is not the server's, without the picture, which a group encodes once. */
async function overheadOf(client: PolicyClient, chat: ChatServer, url: string, image: string): Promise<number> {
  const calls = 200;
  chat.say = () => ({ text: looks([10, 10, 200, 200]) });
  await client.propose(groupOf(url, image, 1, 20, 'warm'));
  const start = performance.now();
  await client.propose(groupOf(url, image, 1, calls, 'overhead'));
  return (performance.now() - start) / calls;
}

/** Share of the server's 64 places that are taken, from when all are until the last calls begin. */
async function busyShare(client: PolicyClient, chat: ChatServer, url: string, image: string): Promise<number> {
  const groups = 96;
  const calls = groups * rollouts;
  let since = 0;
  let taken = 0;
  let from = 0;
  let until = 0;
  const before = chat.asked.length;
  chat.say = (_, call) => {
    const now = performance.now();
    const mine = call - before;
    if (mine === 2 * lanes) from = now;
    if (from > 0 && until === 0) taken += (now - since) * Math.min(lanes, chat.busy - 1);
    if (mine === 2 * lanes) taken = 0;
    if (mine === calls - lanes) until = now;
    since = now;
    return { text: looks([10, 10, 200, 200]), after: 200 };
  };
  let next = 0;
  // As many groups as a job has under way.
  const work = async () => {
    while (next < groups) await client.propose(groupOf(url, image, lanes, rollouts, `group ${next++}`));
  };
  await Promise.all(Array.from({ length: 2 * Math.ceil(lanes / rollouts) + 1 }, work));
  return taken / ((until - from) * lanes);
}

/** From the start of the process to the first call of a job that is nearly through. */
async function resumeTime(dir: string, chat: ChatServer, url: string, image: string): Promise<number> {
  const samples = 100_000;
  chat.say = () => ({ text: looks([10, 10, 200, 200]) });
  const dataset = join(dir, 'samples.jsonl');
  const rows = Array.from(
    { length: samples },
    (_, i) => `{"id": "${i}", "image": ${JSON.stringify(image)}, "object": "kite"}\n`,
  );
  await writeFile(dataset, rows.join(''));
  const policy = join(dir, 'policy.json');
  await writeFile(policy, JSON.stringify({ name: 'bench', baseURL: url, model: 'Qwen2.5-VL', concurrency: 8 }));
  const trace = join(dir, 'trace.jsonl');
  const go = async (limit: number) => {
    const args = [
      'run',
      dataset,
      '--policy',
      policy,
      '--task-policy',
      'none',
      '-n',
      '1',
      '-o',
      trace,
      '--limit',
      `${limit}`,
    ];
    const child = spawn(process.execPath, [resolve('dist/saccade.js'), ...args, '--cache', join(dir, 'cache')]);
    const code = await new Promise((done) => child.once('exit', done));
    if (code !== 0) throw new Error(`saccade run ended with ${String(code)}`);
  };
  await go(10);
  const { size } = await stat(trace);
  const through = Array.from({ length: samples - 20 }, (_, i) => `${i + 10} 0 ${size}\n${i + 10}\n`);
  await appendFile(`${trace}.done`, through.join(''));
  const start = performance.now();
  let first = 0;
  chat.say = () => {
    first ||= performance.now();
    return { text: looks([10, 10, 200, 200]) };
  };
  await go(samples);
  return (first - start) / 1000;
}
