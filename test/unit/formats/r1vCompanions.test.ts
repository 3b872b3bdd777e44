import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementRecord } from '../../../src/formats/format';
import { r1vLog } from '../../../src/formats/r1vLog';
import { memoryDir } from './memoryDir';

const time = '12-08-30-00-123456';
const accuracy = (content: string, reward: number, solution = '[1, 2, 3, 4]') =>
  `------------- ${time} Accuracy reward: ${reward} -------------\nimage_path: ['/data/1.jpg']\nproblem: Where?\nContent: ${content}\nSolution: ${solution}\n`;
/** A batch as VLM-R1's `format_reward` writes it: one header for all completions. */
const format = (...verdicts: readonly (readonly [content: string, met: boolean])[]) =>
  `------------- ${time} Format reward -------------\n${verdicts.map(([content, met]) => `Content: ${content}\nHas format: ${met ? 'True' : 'False'}\n`).join('')}`;
/** The same of `glm_module.py`. */
const glm = (content: string, met: boolean) =>
  `-------------${time} Format reward -------------\nContent: ${content}\nmatch: ${met ? 'True' : 'False'}\nReward: ${met ? '1.0' : '0.0'}\n`;

const rows = async (text: string, file: string, files: Readonly<Record<string, string>> = {}) =>
  (await r1vLog.readAll?.(text, { file, line: 1 }, memoryDir({ [file]: text, ...files }))) ?? [];
const joined = async (content: string, files: Readonly<Record<string, string>>) => {
  const [row] = await rows(accuracy(content, 0.5), 'run/debug_log.txt', files);
  const fields = row?.record?.fields.filter(({ name }) => name.endsWith('_reward')) ?? [];
  return { rewards: Object.fromEntries(fields.map(({ name, value }) => [name, value])), problems: row?.problems };
};

describe('rewards in the logs beside the log of accuracies', () => {
  const said = '<think>a\n\nb</think>\n<answer>[1, 2, 3, 4]</answer>';

  it('are fields of the completion with the same text, whatever batch it was in', async () => {
    const files = {
      'run/debug_log_format.txt': format(['x', true], [said, false]) + format(['y', true]),
      'run/debug_log.txt_cosine.txt': accuracy('x', 0.9) + accuracy(said, 0.25),
      'run/debug_log.txt_repetition.txt': accuracy(said, -0.125),
      'run/other_format.txt': format([said, true]),
      'debug_log_format.txt': format([said, true]),
    };
    expect(await joined(said, files)).toEqual({
      rewards: { format_reward: 0, cosine_reward: 0.25, repetition_reward: -0.125 },
      problems: [],
    });
    expect(await joined(`${said} `, files)).toEqual({ rewards: {}, problems: [] });
    expect((await joined(said, { 'run/debug_log_format.txt': glm(said, true) })).rewards).toEqual({ format_reward: 1 });
  });

  it('are those of the same solution too, where they depend on it, however it was cleaned for the log', async () => {
    const cosine = accuracy(said, 0.25, '1 2 3 4') + accuracy(said, 0.75, '5 6 7 8');
    expect(await joined(said, { 'run/debug_log.txt_cosine.txt': cosine })).toEqual({
      rewards: { cosine_reward: 0.25 },
      problems: [],
    });
  });

  it('are found however far away they stand', async () => {
    const far = Array.from({ length: 3000 }, (_, i) => format([`${i} ${'x'.repeat(1000)}`, true])).join('');
    const files = { 'run/debug_log_format.txt': `${far}${format([said, false])}` };
    const [last, first] = await Promise.all([joined(said, files), joined(`0 ${'x'.repeat(1000)}`, files)]);
    expect([last.rewards, first.rewards]).toEqual([{ format_reward: 0 }, { format_reward: 1 }]);
  });

  it('are not joined where one text was judged in several ways, and the row says so', async () => {
    const { rewards, problems } = await joined(said, {
      'run/debug_log_format.txt': format([said, true], [said, true]),
      'run/debug_log.txt_cosine.txt': accuracy(said, 0.1) + accuracy(said, 0.2),
    });
    expect(rewards).toEqual({ format_reward: 1 });
    expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('in several ways') }]);
  });

  it('of torn records are passed over, and their neighbours are not', async () => {
    const torn = format(['z', true], [said, true]);
    const midLine = accuracy('long', 1).slice(0, 90);
    const files = {
      'run/debug_log_format.txt': `${torn.slice(0, -25)}${midLine}${format([said, false])}${format(['y', true])}`,
    };
    expect((await joined('y', files)).rewards).toEqual({ format_reward: 1 });
    expect((await joined(said, files)).rewards).toEqual({});
  });

  it('are looked for again while a run writes on', async () => {
    const files: Record<string, string> = { 'run/debug_log.txt': '', 'run/debug_log_format.txt': format(['x', true]) };
    const dir = { list: memoryDir({}).list, open: (path: string) => memoryDir(files).open(path) };
    const read = async () =>
      (await r1vLog.read(accuracy(said, 1), { file: 'run/debug_log.txt', line: 1 }, dir)).record?.fields.length;
    expect(await read()).toBe(2);
    files['run/debug_log_format.txt'] += format([said, true]);
    for (let i = 0; i < 300; i++) await read();
    expect(await read()).toBe(3);
  });
});

describe('such a log by itself', () => {
  it('of formats has a row a completion, read again one by one', async () => {
    const text = format(['a\nHas no format', true], ['b', false]) + glm('c', true);
    const [first, second] = await rows(text.slice(0, text.indexOf(glm('c', true))), 'debug_log_format.txt');
    expect(first).toMatchObject({ element: 0, problems: [], record: { response: 'a\nHas no format', reward: 1 } });
    expect(second).toMatchObject({ element: 1, record: { response: 'b', reward: 0, prompt: '', imageName: null } });
    const again = await r1vLog.read(
      format(['a', true], ['b', false]),
      { file: 'debug_log_format.txt', line: 1, element: 1 },
      memoryDir({}),
    );
    expect(again.record?.response).toBe('b');
    expect(await rows(glm('c', false), 'log_format.txt')).toMatchObject([{ record: { response: 'c', reward: 0 } }]);
  });

  it('keeps the completions before a tear', async () => {
    const whole = format(['a', true], ['b', true]);
    for (const tail of [
      'Content: c',
      'x\n',
      'Content: c\nContent: d\nHas format: True\n',
      'Content: c\nmatch: True\nReward: x\n',
    ]) {
      const read = await rows(whole + tail, 'debug_log_format.txt');
      expect(read.map(({ record }) => record?.response ?? null)).toEqual(['a', 'b', null]);
      expect(read.at(-1)?.problems).toMatchObject([{ severity: 'error' }]);
    }
  });

  it('of batch rewards says that image and problem may be another sample’s', async () => {
    const doubted = async (file: string) => (await rows(accuracy('x', 1), file))[0]?.record;
    expect((await doubted('debug_log.txt_cosine.txt'))?.imageDoubt).toContain("batch's first sample");
    expect((await doubted('debug_log.txt_repetition.txt'))?.fields).toContainEqual({
      name: 'reward_name',
      value: 'repetition_reward',
    });
    expect(await doubted('debug_log.txt')).not.toHaveProperty('imageDoubt');
  });

  it('is found, and told where the log of accuracies is; a folder opens as that one', async () => {
    const files = {
      'debug_log.txt': accuracy('x', 1),
      'debug_log_format.txt': format(['x', true]),
      'debug_log.txt_cosine.txt': accuracy('x', 1),
      'other_format.txt': format(['x', true]),
    };
    const detect = (file: string | null) => r1vLog.detect({ dir: memoryDir(files), file });
    expect(await detect(null)).toMatchObject({
      files: ['debug_log.txt', 'other_format.txt'],
      reason: expect.stringContaining('2 logs of other rewards'),
    });
    expect(await detect('debug_log_format.txt')).toMatchObject({
      reason: expect.stringContaining('debug_log.txt beside it'),
    });
    expect((await detect('other_format.txt'))?.reason).not.toContain('beside');
  });
});

it('never reads a damaged format log as something that was not written', async () => {
  const text = format(['a', true], ['b', false], ['c', true]);
  const sound = (row: ElementRecord) => {
    if (row.record === null) expect(row.problems.length).toBeGreaterThan(0);
    else expect([0, 1]).toContain(row.record.reward);
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(text.length), fc.string(), async (from, length, more) => {
      const damaged = text.slice(0, from) + more + text.slice(from + length);
      (await rows(damaged, 'a_format.txt')).forEach(sound);
      await joined('b', { 'run/debug_log_format.txt': damaged });
    }),
    { numRuns: 200 },
  );
});
