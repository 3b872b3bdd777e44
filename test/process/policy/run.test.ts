import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleCli, runCli } from '../cli/cliBundle';
import { looks } from './asked';
import { ChatServer, picturesOf, promptOf } from './chatServer';

const chat = new ChatServer((body) =>
  promptOf(body).startsWith('Find every instance')
    ? { text: '[{"bbox_2d": [0, 0, 420, 420], "label": "sign"}]', after: 5 }
    : { text: looks([0, 0, 196, 196], [200, 10, 300, 110]), after: 5 },
);
const key = 'sk-never-written-7f3a';
let dir: string;
let saccade: string;
let cache: string;
let policy: string;
let dataset: string;
let url: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'saccade-run-'));
  cache = join(dir, 'cache');
  url = await chat.start();
  saccade = await bundleCli();
  // No part of it is like another, so that calls can be told apart by what they show.
  const pixels = Uint8Array.from({ length: 392 * 392 * 3 }, (_, i) => (i * i) % 251);
  await sharp(pixels, { raw: { width: 392, height: 392, channels: 3 } })
    .png()
    .toFile(join(dir, 'scene.png'));
  policy = join(dir, 'policy.yaml');
  await writeFile(policy, `name: mock\nbaseURL: ${url}\nmodel: Qwen2.5-VL-7B\nkeyEnv: MOCK_KEY\nconcurrency: 4\n`);
  dataset = join(dir, 'samples.jsonl');
  const rows = Array.from({ length: 12 }, (_, i) => ({
    id: `s${i}`,
    image: 'scene.png',
    object: `sign ${i}`,
    boxes: [[0, 0, 98, 98]],
  }));
  await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  process.env.MOCK_KEY = key;
}, 60_000);
afterAll(async () => {
  delete process.env.MOCK_KEY;
  await chat.stop();
  await rm(dir, { recursive: true, force: true });
});

const rowsOf = async (trace: string) =>
  (await readFile(trace, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { uid: string; score: number | null; rewards: Record<string, number> });

describe('saccade propose', () => {
  it('prints a group as JSON and appends it to a trace that info reads', async () => {
    const trace = join(dir, 'proposed.jsonl');
    const args = [
      'propose',
      join(dir, 'scene.png'),
      '--object',
      'sign',
      '--policy',
      policy,
      '-n',
      '2',
      '-o',
      trace,
      '--json',
    ];
    const { code, out, err } = await runCli(saccade, cache, args);
    expect([code, err]).toEqual([0, '']);
    const printed = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(printed).toEqual(await rowsOf(trace));
    const read = await runCli(saccade, cache, ['info', trace, '--json']);
    expect(JSON.parse(read.out)).toMatchObject({ format: 'policy-trace', rollouts: 2, groups: 1, problems: [] });
  });

  it('names a policy’s mistakes: a field that is none, a key in the file, a variable that is empty', async () => {
    const bad = join(dir, 'bad.json');
    const run = () => runCli(saccade, cache, ['propose', join(dir, 'scene.png'), '--object', 'x', '--policy', bad]);
    for (const [field, message] of [
      [{ tempreture: 1 }, /there is no field tempreture/],
      [{ apiKey: key }, /keyEnv/],
      [{ keyEnv: 'NOT_SET' }, /NOT_SET holds no key/],
      [{ baseURL: 'http://user:pw@host/v1' }, /without password/],
    ] as const) {
      await writeFile(bad, JSON.stringify({ name: 'bad', baseURL: url, ...field }));
      const { code, err } = await run();
      expect(code).toBe(1);
      expect(err).toMatch(message);
    }
  });

  it('adds nothing to a file that is not its own', async () => {
    const foreign = join(dir, 'notes.jsonl');
    await writeFile(foreign, '{"mine": 1}\n');
    const args = ['propose', join(dir, 'scene.png'), '--object', 'x', '--policy', policy, '-n', '1', '-o', foreign];
    expect((await runCli(saccade, cache, args)).err).toContain('is no trace of policies');
    expect(await readFile(foreign, 'utf8')).toBe('{"mine": 1}\n');
  });
});

describe('saccade run', () => {
  const command = (trace: string) => [
    'run',
    dataset,
    '--policy',
    policy,
    '-n',
    '2',
    '-o',
    trace,
    '--baseline',
    '--json',
  ];

  const kills = 2;

  it('killed at any moment goes on where it was, and repeats no finished call', { timeout: 120_000 }, async () => {
    const trace = join(dir, 'run.jsonl');
    const first = chat.asked.length;
    for (let kill = 0; kill < kills; kill++) {
      const from = chat.answered;
      const child = spawn(process.execPath, [saccade, ...command(trace)], {
        env: { ...process.env, SACCADE_CACHE: cache },
        stdio: 'ignore',
      });
      await vi.waitFor(() => expect(chat.answered - from).toBeGreaterThan(15), 20_000);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      // Its children leave once they notice, and ask nothing more then.
      await vi.waitFor(() => expect(chat.busy).toBe(0), 20_000);
    }
    const { code, out } = await runCli(saccade, cache, command(trace));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ state: 'done', done: 24, total: 24, errors: 0 });
    const rows = await rowsOf(trace);
    // 12 samples, with zoom and without, two rollouts each; none twice.
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(48);
    expect(rows).toHaveLength(48);
    expect(rows.every(({ score }) => score !== null)).toBe(true);
    // Each call once, but for those that were under way when the process was killed.
    const asked = chat.asked
      .slice(first)
      .map(({ body }) => JSON.stringify([body.seed, promptOf(body), picturesOf(body)]));
    expect(new Set(asked).size).toBe(96);
    expect(asked.length - 96).toBeLessThanOrEqual(kills * 4);
    expect(JSON.parse(await readFile(`${trace}.status.json`, 'utf8'))).toMatchObject({ state: 'done', done: 24 });
    // Once more: there is nothing left to ask.
    const all = chat.asked.length;
    expect((await runCli(saccade, cache, command(trace))).code).toBe(0);
    expect(chat.asked.length).toBe(all);
  });

  it('needs no server: the policy that ships, on the objects of an image set', async () => {
    const trace = join(dir, 'shipped.jsonl');
    const args = ['run', 'media/samples/instances.json', '-n', '2', '--limit', '2', '-o', trace, '--json'];
    const { code, out, err } = await runCli(saccade, cache, args);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ state: 'done', done: 2, total: 2 });
    const rows = await rowsOf(trace);
    expect(rows).toHaveLength(4);
    for (const { rewards } of rows) expect(rewards).toMatchObject({ format: 1, coverage: expect.any(Number) });
  });

  it('goes on only with the settings it was begun with', async () => {
    const { code, err } = await runCli(saccade, cache, [...command(join(dir, 'run.jsonl')), '--seed', '5']);
    expect(code).toBe(1);
    expect(err).toContain('seed was 0, and is 5');
  });
});

describe('saccade judge', () => {
  it('labels steps as annotations of its own, and does not ask twice', async () => {
    const trace = join(dir, 'proposed.jsonl');
    const folder = join(dir, 'judged');
    const say = chat.say;
    chat.say = () => ({ text: '[{"step": 1, "label": -1, "reason": "There is no sign."}]' });
    const args = ['judge', trace, '--policy', policy, '--annotations', folder, '--json'];
    const { code, out, err } = await runCli(saccade, cache, args);
    expect([code, err]).toEqual([0, '']);
    const verdict = { turn: 0, label: -1, reason: 'There is no sign.' };
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ model: 'Qwen2.5-VL-7B', verdicts: [verdict] });
    const [sidecar = ''] = await readdir(folder);
    const written = await readFile(join(folder, sidecar), 'utf8');
    expect(written).toContain('"author":"Qwen2.5-VL-7B"');
    expect(written).toContain('There is no sign.');
    const asked = chat.asked.length;
    const again = await runCli(saccade, cache, args);
    expect([again.code, again.err]).toEqual([0, '']);
    expect(chat.asked.length).toBe(asked);
    chat.say = say;
  });
});

describe('the key', () => {
  it('is written nowhere', async () => {
    for (const name of await readdir(dir, { recursive: true })) {
      if (!/\.(jsonl|done|calls|json|saccade)$/.test(name) || name === 'bad.json') continue;
      expect([name, (await readFile(join(dir, name), 'utf8')).includes(key)]).toEqual([name, false]);
    }
  });
});
