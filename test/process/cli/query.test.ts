import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli, runCli } from './cliBundle';

let entry: string;
let folder: string;

/** verl's dump with special tokens stripped: what `skip_special_tokens=True` leaves of a tool's turn. */
const turns =
  '<think>a</think><tool_call>{"name": "zoom", "arguments": {}}</tool_call>\nuser\n<tool_response>\ncut\n</tool_response>\nassistant\n';
const line = (prompt: string, answer: string, score: number, step: number) =>
  `${JSON.stringify({ input: prompt, output: `${turns}<answer>${answer}</answer>`, gts: 'x', score, step, iou: score / 2 })}\n`;

beforeAll(async () => {
  entry = await bundleCli();
  folder = await mkdtemp(join(tmpdir(), 'saccade-query-'));
  await mkdir(join(folder, 'run'));
  await writeFile(
    join(folder, 'run', '1.jsonl'),
    line('Where is the kite?', 'left', 0, 1) +
      line('Where is the kite?', 'right', 1, 1) +
      line('And the boat?', 'far', 0.5, 1),
  );
  await writeFile(join(folder, 'run', '2.jsonl'), line('And the boat?', 'near a kite', 0.75, 2));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const saccade = (...args: string[]) => runCli(entry, join(folder, 'cache'), args);
const places = async (...args: string[]) => {
  const { code, out, err } = await saccade('rollouts', join(folder, 'run'), '--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((text) => {
      const { file, line: at } = JSON.parse(text) as { file: string; line: number };
      return `${file}:${at}`;
    });
};

describe('saccade rollouts', () => {
  it('lists what a condition in SQL, a text and an order find', async () => {
    expect(await places('--where', 'reward >= 0.5 AND step = 1')).toEqual(['1.jsonl:2', '1.jsonl:3']);
    expect(await places('--search', 'KITE')).toEqual(['1.jsonl:1', '1.jsonl:2', '2.jsonl:1']);
    expect(await places('--sort', 'reward')).toEqual(['2.jsonl:1', '1.jsonl:2', '1.jsonl:1', '1.jsonl:3']);
    expect(await places('--sort', 'iou,min,asc', '--limit', '1')).toEqual(['1.jsonl:1']);
  });

  it('says what is wrong with a condition, and with options that do not go together', async () => {
    const wrong = await saccade('rollouts', join(folder, 'run'), '--where', 'rewrad > 1');
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    expect(wrong.err).toContain('rewrad');
    const both = await saccade('rollouts', join(folder, 'run'), '--where', 'reward > 1', '--group', '1');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('do not go together')]);
  });

  it('reads a file’s responses as one turn each when asked to', async () => {
    const counts = async (...args: string[]) => {
      const { out } = await saccade('rollouts', join(folder, 'run'), ...args);
      return out.match(/\d+ turns?/g);
    };
    expect(await counts()).toEqual(['3 turns', '3 turns', '3 turns', '3 turns']);
    expect(await counts('--no-split', '1.jsonl')).toEqual(['1 turn', '1 turn', '1 turn', '3 turns']);
  });
});

describe('saccade info', () => {
  it('lists the columns with their roles', async () => {
    const { out } = await saccade('info', join(folder, 'run'), '--component', 'iou=0.5');
    expect(out).toMatch(/^ {2}reward +total, 4 rows, 0 to 1$/m);
    expect(out).toMatch(/^ {2}iou +component × 0\.5, 4 rows, 0 to 0\.5$/m);
    const plain = JSON.parse((await saccade('info', join(folder, 'run'), '--json')).out) as {
      columns: { name: string; role: string }[];
    };
    expect(plain.columns).toContainEqual(expect.objectContaining({ name: 'iou', role: 'field' }));
  });
});
