import { describe, expect, it } from 'vitest';
import { detectTrace } from '../../../src/formats/detect';
import { swiftCompletions } from '../../../src/formats/swiftCompletions';
import { promptTitle } from '../../../src/formats/title';
import { memoryDir } from './memoryDir';

const prompt =
  '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|>[151655 * 1024]<|vision_end|>Where?<|im_end|>\n<|im_start|>assistant\n';
/** A log step of the HF trainer, NaN as Python writes it. */
const logStep =
  `{"step": ["10", "10"], "prompt": [${JSON.stringify(prompt)}, ${JSON.stringify(prompt)}], "completion": ["a", "b"], ` +
  '"ExternalR1VAcc": [1.0, 0.0], "Format": [1.0, NaN], "advantages": [0.7, -0.7], "solution": ["A", "A"]}\n';
/** A sample of the Ray trainer. */
const sample = `${JSON.stringify({ gen_step: 3, prompt, completion: 'a', reward: 0.5 })}\n`;

const place = { file: 'completions.jsonl', line: 2 };
const readAll = (text: string) => swiftCompletions.readAll!(text, place, memoryDir({}));
const detect = (files: Record<string, string>, file: string | null) => detectTrace({ dir: memoryDir(files), file });

describe('completions.jsonl', () => {
  it('is known in both shapes, as a file of any name and as the folder it lies in', async () => {
    expect(await detect({ 'completions.jsonl': logStep }, 'completions.jsonl')).toMatchObject({
      format: 'swift-completions',
    });
    expect(await detect({ 'mine.jsonl': sample }, 'mine.jsonl')).toMatchObject({ format: 'swift-completions' });
    expect(await detect({ 'completions.jsonl': logStep, 'args.json': '{}' }, null)).toMatchObject({
      files: ['completions.jsonl'],
    });
  });

  it('is known by its first keys when a log step is longer than what a signature may read', async () => {
    const long = { step: ['1'], prompt: ['x'.repeat(100_000)], completion: ['a'] };
    expect(await detect({ 'completions.jsonl': `${JSON.stringify(long)}\n` }, 'completions.jsonl')).not.toBeNull();
  });
});

describe('a log step', () => {
  it('is as many rows as it has completions, each with its own columns', async () => {
    const rows = await readAll(logStep);
    expect(rows.map(({ element }) => element)).toEqual([0, 1]);
    expect(rows[1]!.record).toMatchObject({ step: 10, prompt, response: 'b', groundTruth: 'A', reward: null });
    expect(rows[1]!.record!.fields).toEqual([
      { name: 'ExternalR1VAcc', value: 0 },
      { name: 'Format', value: Number.NaN },
      { name: 'advantages', value: -0.7 },
    ]);
  });

  it('gives one row by its element, the same as in the scan', async () => {
    const rows = await readAll(logStep);
    const one = await swiftCompletions.read(logStep, { ...place, element: 1 }, memoryDir({}));
    expect(one.record).toEqual(rows[1]!.record);
    const beyond = await swiftCompletions.read(logStep, { ...place, element: 2 }, memoryDir({}));
    expect(beyond).toMatchObject({ record: null, problems: [{ line: 2, element: 2 }] });
  });

  it('leaves out a list of another length, since nobody knows whose its values are', async () => {
    const rows = await readAll('{"step": ["1", "1"], "prompt": ["p", "p"], "completion": ["a", "b"], "acc": [1]}');
    expect(rows.map(({ record }) => record!.fields)).toEqual([[], []]);
    expect(rows.flatMap(({ problems }) => problems)).toMatchObject([
      { severity: 'warning', line: 2, element: null, field: 'acc', message: expect.stringContaining('left out') },
    ]);
  });

  it('loses one broken element only, and names it', async () => {
    const rows = await readAll('{"step": ["x", "1"], "prompt": ["p", "p"], "completion": [7, "b"]}');
    expect(rows.map(({ record }) => record?.response)).toEqual([undefined, 'b']);
    expect(rows[0]!.problems).toMatchObject([{ severity: 'error', line: 2, element: 0, field: 'completion' }]);
  });

  it('without completions, or that is no JSON, is one refusal', async () => {
    for (const text of ['{"step": [], "prompt": [], "completion": []}', '{"step": ["1"', '[]'])
      expect(await readAll(text)).toMatchObject([{ record: null, element: null, problems: [{ line: 2 }] }]);
  });
});

describe('a line of one sample', () => {
  it('has no element, and a total', async () => {
    expect(await readAll(sample)).toMatchObject([{ element: null, record: { step: 3, response: 'a', reward: 0.5 } }]);
  });
});

describe('a prompt with its special tokens', () => {
  it('is listed by what the user asks', () => {
    expect(promptTitle(prompt)).toBe('Where?');
  });
});
