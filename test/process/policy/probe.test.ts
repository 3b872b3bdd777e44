import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleCli, runCli } from '../cli/cliBundle';
import { looks } from './asked';
import { type ChatBody, ChatServer, picturesOf, promptOf, type Said } from './chatServer';

const told = 'You have thought about it already: ';
/** A picture of one colour is a short file. */
const isBlank = (uri: string | undefined) => uri !== undefined && uri.length < 20_000;

/** Of the two rollouts the first is right; a blank part and a wrong thought lead astray whoever is asked again. */
function say(body: ChatBody): Said {
  const prompt = promptOf(body);
  if (prompt.startsWith('You decide where to look')) return { text: looks([0, 0, 196, 196]) };
  // A judge that knows the right answer, and is shown what the rollout came to.
  if (prompt.startsWith('Judge the work')) {
    const right = prompt.includes('no step of its own: red');
    return { text: JSON.stringify([{ step: 1, label: right ? 1 : -1, reason: 'The sign is red.' }]) };
  }
  const astray = isBlank(picturesOf(body)[1]) || prompt.includes(told);
  const colour = (body.seed === 0) !== astray ? 'red' : 'blue';
  return { text: `<think>${colour}, on the left.</think><answer>${colour}</answer>` };
}

const chat = new ChatServer(say);
let dir: string;
let cache: string;
let entry: string;
let trace: string;
let policy: string;
const saccade = (...args: readonly string[]) => runCli(entry, cache, args);
const rowsOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'saccade-probe-'));
  cache = join(dir, 'cache');
  entry = await bundleCli();
  const pixels = Uint8Array.from({ length: 392 * 392 * 3 }, (_, i) => (i * i) % 251);
  await sharp(pixels, { raw: { width: 392, height: 392, channels: 3 } })
    .png()
    .toFile(join(dir, 'scene.png'));
  policy = join(dir, 'policy.yaml');
  await writeFile(policy, `name: mock\nbaseURL: ${await chat.start()}\nmodel: Qwen2.5-VL-7B\n`);
  trace = join(dir, 'asked.jsonl');
  const question = ['--question', 'Which colour?', '--option', 'red', '--option', 'blue'];
  const asked = await saccade(
    'propose',
    join(dir, 'scene.png'),
    ...question,
    '--policy',
    policy,
    '-n',
    '2',
    '-o',
    trace,
  );
  expect([asked.code, asked.err]).toEqual([0, '']);
}, 60_000);
afterAll(async () => {
  await chat.stop();
  await rm(dir, { recursive: true, force: true });
});

it('saccade probe asks each question again with its evidence changed, into a trace of its own that eval reads', {
  timeout: 60_000,
}, async () => {
  const before = await readFile(trace, 'utf8');
  await mkdir(join(dir, 'deep'));
  const output = join(dir, 'deep', 'probed.jsonl');
  const command = ['probe', trace, '--policy', policy, '-o', output];
  const from = chat.asked.length;
  const first = await saccade(...command, '--limit', '1');
  expect([first.code, first.err]).toEqual([0, '']);
  expect(first.out).toContain('1 rollouts asked again');
  const asked = chat.asked.slice(from).map(({ body }) => body);
  // Nothing, blurred, elsewhere, blank, thought: the whole picture first, then the part.
  expect(asked).toHaveLength(5);
  const parts = asked.map((body) => picturesOf(body)[1] ?? '');
  const spread = await Promise.all(
    parts.map(async (uri) => (await sharp(Buffer.from(uri.split(',')[1] ?? '', 'base64')).stats()).channels[0]?.stdev),
  );
  // As it was twice (the control, and with a thought), and elsewhere; without detail; without anything.
  expect(spread.map((value) => Math.round(value ?? -1)).filter((value) => value > 20)).toHaveLength(3);
  expect(spread.filter((value) => value === 0)).toHaveLength(1);
  expect(new Set(parts).size).toBe(4);
  expect(asked.map(promptOf).find((prompt) => prompt.includes(told))).toContain(`${told}blue, on the right.`);

  // Begun again it goes on where it was.
  const rest = await saccade(...command, '--json');
  expect([rest.code, rest.err]).toEqual([0, '']);
  expect(chat.asked.length).toBe(from + 10);

  expect(await readFile(trace, 'utf8')).toBe(before);
  const [one, two] = await rowsOf(output);
  const [original] = await rowsOf(trace);
  expect(one).toMatchObject({
    ...original,
    image_path: join(dir, 'scene.png'),
    probe_policy: { model: 'Qwen2.5-VL-7B' },
  });
  const probe = (kind: string, changed: boolean, right: boolean, answer: string) => ({ kind, changed, right, answer });
  expect(one.probes).toEqual([
    probe('same', false, true, 'red'),
    probe('blurred', false, true, 'red'),
    probe('elsewhere', false, true, 'red'),
    probe('blank', true, false, 'blue'),
    probe('thought', true, false, 'blue'),
  ]);
  expect(JSON.parse(rest.out)).toEqual({ id: 'asked.jsonl:2', probes: two.probes });

  const shown = await saccade('eval', output);
  expect(shown.out).toContain('the answer follows the picture in 0.333, the thought in 1.000');
  expect(shown.out).toContain('same: 0 of 2 answers changed');
  expect(shown.out).toContain('blank: 2 of 2 answers changed, 1 right ones lost, 1 gained');
  expect(shown.out).toContain('least faithful: probed.jsonl:1, picture 0.333, thought 1.000');
});

it('saccade probe never writes into the trace itself, nor leaves a row half asked', { timeout: 60_000 }, async () => {
  const self = await saccade('probe', trace, '--policy', policy, '-o', trace);
  expect([self.code, self.err]).toEqual([2, expect.stringContaining('which is never changed')]);
  const output = join(dir, 'given-up.jsonl');
  chat.say = (body) => (isBlank(picturesOf(body)[1]) && body.seed === 1 ? { status: 400, message: 'no' } : say(body));
  const failed = await saccade('probe', trace, '--policy', policy, '-o', output, '--kinds', 'blank');
  chat.say = say;
  expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('asked.jsonl:2: ')]);
  expect(await rowsOf(output)).toHaveLength(1);
});

it('a judge’s labels choose among the rollouts of a group: eval tells what the chosen are worth', {
  timeout: 60_000,
}, async () => {
  const folder = join(dir, 'judged');
  const judged = await saccade('judge', trace, '--policy', policy, '--annotations', folder);
  expect([judged.code, judged.err]).toEqual([0, '']);
  const { out } = await saccade('eval', trace, '--annotations', folder);
  expect(out).toContain('judge Qwen2.5-VL-7B: 2 rollouts');
  const best = /best of a group by its labels: (\S+), one at random (\S+), the best there is (\S+) \(1 groups\)/.exec(
    out,
  );
  const scores = (await rowsOf(trace)).map(({ score }) => Number(score));
  expect(best?.slice(1).map(Number)).toEqual([
    Number(Math.max(...scores).toFixed(3)),
    Number(((scores[0]! + scores[1]!) / 2).toFixed(3)),
    Number(Math.max(...scores).toFixed(3)),
  ]);
  expect(scores[0]).toBeGreaterThan(scores[1]!);
});
