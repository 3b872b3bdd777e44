import { describe, expect, it } from 'vitest';
import { activeZero } from '../../../src/formats/activeZero';
import { detectTrace } from '../../../src/formats/detect';
import { memoryDir } from './memoryDir';

/** Rows as Active-Zero's `generate.py`, `evaluate.py`, `query_generate.py`, `image_retrieve.py` and `ray_trainer.py` write them. */
const asked = { question_type: 'numeric_value', question: 'How many?', answer: '3', image_idx: 17 };
const answered = {
  question: 'How many?',
  answer: '3',
  score: 0.5,
  image_idx: 17,
  question_type: 'numeric_value',
  results: ['3', '4'],
};
const query = { image_type: 'chart', query: 'a bar chart' };
const retrieved = { query: 'a bar chart', image_type: 'chart', score: [0.3, 0.2], indices: [5, 9] };
const validated = {
  dataset_index: 2,
  prompt: 'user\nHow many?',
  response: '\\boxed{3}',
  overall: 1,
  format: 1,
  accuracy: 1,
};
const rows = async (row: unknown) =>
  (await activeZero.readAll?.(JSON.stringify(row), { file: 'a.json', line: 4 }, memoryDir({}))) ?? [];

describe('a line of Active-Zero', () => {
  it('of a solver is a rollout an answer, with the majority’s as ground truth and its share as a field', async () => {
    const [first, second] = await rows(answered);
    expect(first).toMatchObject({
      element: 0,
      problems: [],
      record: { kind: 'rollout', prompt: 'How many?', response: '3', groundTruth: '3', reward: null, uid: null },
    });
    expect(first?.record?.fields).toEqual([
      { name: 'score', value: 0.5 },
      { name: 'image_idx', value: 17 },
      { name: 'question_type', value: 'numeric_value' },
    ]);
    expect(first?.record?.imageTrouble).toContain('number 17');
    expect(second).toMatchObject({ element: 1, record: { response: '4' } });
    const again = await activeZero.read(JSON.stringify(answered), { file: 'a', line: 4, element: 1 }, memoryDir({}));
    expect(again.record).toEqual(second?.record);
  });

  it('of a question that no solver was given is a sample; a broken answer costs only itself', async () => {
    expect(await rows({ ...answered, score: -1, results: [] })).toMatchObject([
      { element: null, record: { kind: 'sample', response: '' } },
    ]);
    const broken = await rows({ ...answered, results: ['3', 7, null] });
    expect(broken.map(({ record }) => record?.response)).toEqual(['3', undefined, '']);
    expect(broken[1]?.problems).toMatchObject([{ field: 'results', element: 1, severity: 'error' }]);
  });

  it('of a questioner, a searcher or a validation is a rollout', async () => {
    expect(await rows(asked)).toMatchObject([{ record: { response: 'How many?', uid: '17', prompt: '' } }]);
    for (const row of [query, retrieved])
      expect(await rows(row)).toMatchObject([{ record: { response: 'a bar chart' } }]);
    expect(await rows(validated)).toMatchObject([{ record: { response: '\\boxed{3}', uid: '2', reward: 1 } }]);
    expect(await rows({ question: 'x' })).toMatchObject([{ record: null, problems: [{ line: 4 }] }]);
  });

  it('is known under the names that the scripts give', async () => {
    const detect = (name: string, row: object) =>
      detectTrace({ dir: memoryDir({ [name]: `${JSON.stringify(row)}\n` }), file: name });
    const format = 'active-zero';
    expect(await detect('run.json', asked)).toMatchObject({ format });
    expect(await detect('run_results.json.shard3', answered)).toMatchObject({ format });
    expect(await detect('run_indices.json', retrieved)).toMatchObject({ format });
    expect(await detect('run.json', query)).toMatchObject({ format });
    expect(await detect('generations_validation.jsonl', validated)).toMatchObject({ format });
    for (const other of [
      { question: 'x', answer: 'y' },
      { query: 'x' },
      { prompt: 'a', response: 'b' },
      { ...asked, id: 1 },
    ])
      expect(await detect('a.jsonl', other)).toBeNull();
  });
});
