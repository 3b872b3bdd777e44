import { describe, expect, it } from 'vitest';
import { detectTrace } from '../../../src/formats/detect';
import { memoryDir, verlLine } from './memoryDir';

const file = (name: string, content: string) => detectTrace({ dir: memoryDir({ [name]: content }), file: name });
const folder = (files: Record<string, string>) => detectTrace({ dir: memoryDir(files), file: null });

const mid = JSON.stringify({ file_name: 'a.jpg', question: 'Where?', response: '<answer>[]</answer>' });
const sample = JSON.stringify({ target_object: ['car'], bbox: [[1, 2, 3, 4]], question: 'Which?', options: ['a'] });

describe('a trace is recognised by its signature', () => {
  it('takes a verl dump of any age', async () => {
    expect(await file('7.jsonl', verlLine())).toMatchObject({ format: 'verl-dump', files: ['7.jsonl'] });
    const old = JSON.stringify({ input: '', output: 'x', score: 0.5, step: 7 });
    expect(await file('7.jsonl', old)).toMatchObject({ format: 'verl-dump' });
    const validation = JSON.stringify({ input: 'a', output: 'x', reward: 0.5 });
    expect(await file('7.jsonl', validation)).toMatchObject({ format: 'verl-dump' });
  });

  it('takes a score that Python wrote as NaN', async () => {
    expect(await file('7.jsonl', verlLine().replace('"score":1', '"score": NaN'))).not.toBeNull();
  });

  it('takes a renamed dump only when its rows state the step', async () => {
    expect(await file('merged.jsonl', verlLine())).not.toBeNull();
    expect(await file('merged.jsonl', verlLine({ step: undefined }))).toBeNull();
  });

  it('reads a folder of steps in numeric order', async () => {
    const found = await folder({ '10.jsonl': verlLine(), '9.jsonl': verlLine(), '100.jsonl': verlLine(), 'x.txt': '' });
    expect(found).toMatchObject({ format: 'verl-dump', files: ['9.jsonl', '10.jsonl', '100.jsonl'] });
  });

  it('looks past an empty first step and a torn first line', async () => {
    expect(await folder({ '1.jsonl': '', '2.jsonl': verlLine() })).toMatchObject({ files: ['1.jsonl', '2.jsonl'] });
    expect(await file('7.jsonl', `{"input": "a\n${verlLine()}`)).not.toBeNull();
  });

  it('knows a row longer than what it may read by its first key', async () => {
    expect(await file('7.jsonl', verlLine({ output: 'x'.repeat(200_000) }))).not.toBeNull();
    expect(await file('7.jsonl', `{"text": "${'x'.repeat(200_000)}"}\n`)).toBeNull();
  });

  it('takes the output folder of the ACTIVE-O3 demo, its json folder, one file, and a file written by hand', async () => {
    expect(
      await folder({ 'json/a-animal_mid.json': mid, 'json/a-animal.json': '[]', 'cropped/a_crop_0.jpg': '' }),
    ).toEqual({
      format: 'active-o3-demo',
      files: ['json/a-animal_mid.json'],
      reason: '1 response of the ACTIVE-O3 demo.',
    });
    expect(await folder({ 'a-animal_mid.json': mid })).toMatchObject({ files: ['a-animal_mid.json'] });
    expect(await file('pasted_mid.json', mid)).toMatchObject({ format: 'active-o3-demo' });
  });

  it('takes a V* sample, a folder of them, and the two folders of the bench', async () => {
    expect(await file('a.json', sample)).toMatchObject({ format: 'vstar', files: ['a.json'] });
    const pairs = { 'a.json': sample, 'a.jpg': '', 'b.json': sample, 'b.png': '', 'alone.json': '{}' };
    expect(await folder(pairs)).toMatchObject({ format: 'vstar', files: ['a.json', 'b.json'] });
    const bench = { 'direct_attributes/a.json': sample, 'direct_attributes/a.jpg': '', 'x/readme.txt': '' };
    expect(await folder(bench)).toMatchObject({ files: ['direct_attributes/a.json'] });
  });
});

describe('unrelated JSON is left alone', () => {
  const others: Record<string, string> = {
    'package.json': '{"name": "x", "version": "1.0.0", "dependencies": {}}',
    'tsconfig.json': '{"compilerOptions": {}, "include": ["bbox"]}',
    'coco.json': '{"images": [], "annotations": [{"bbox": [1, 2, 3, 4]}], "categories": []}',
    'sharegpt.json': '[{"conversations": [{"from": "human", "value": "x"}]}]',
    'chat.jsonl': '{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}\n',
    'preference.jsonl':
      '{"conversations": [{"from": "human", "value": "<image>x"}], "chosen": {"from": "gpt", "value": "y"}, "images": ["a.jpg"]}\n',
    'messages.jsonl': '{"messages": ["<image>", 7], "images": ["a.jpg"]}\n',
    'alpaca.jsonl': '{"instruction": "x", "input": "y", "output": "z"}\n',
    '1.jsonl': '{"instruction": "x", "input": "y", "output": "z"}\n',
    'metrics.jsonl': '{"step": 1, "data": {"loss": 0.5}}\n',
    '2.jsonl': '{"step": 2, "loss": 0.5}\n',
    'scored.jsonl': '{"input": "x", "output": "y", "score": "good", "step": 1}\n',
    'prompts.jsonl': '{"prompt": "a", "completion": "b"}\n',
    'stepped.jsonl': '{"step": 1, "prompt": "a", "completion": "b"}\n',
    'results_mid.json': '{"file_name": "a.jpg", "question": "?"}',
    'list_mid.json': '[1, 2, 3]',
    'empty.jsonl': '',
    'broken.jsonl': '{{{{\n',
    '3.jsonl': 'input output score step\n',
  };
  it.each(Object.entries(others))('%s', async (name, content) => {
    expect(await file(name, content)).toBeNull();
  });

  it('as a folder too', async () => {
    const unrelated = Object.entries(others).filter(([name]) => !/^\d/.test(name));
    expect(await folder(Object.fromEntries(unrelated))).toBeNull();
    expect(await folder({ '1.jsonl': others['1.jsonl']!, '2.jsonl': others['2.jsonl']! })).toBeNull();
    expect(await folder({})).toBeNull();
  });
});
