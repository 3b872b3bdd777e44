import { describe, expect, it } from 'vitest';
import { trlCompletions } from '../../../src/formats/trlCompletions';
import { memoryDir } from './memoryDir';

const place = { file: 'completions/completions_00010.parquet', line: 3 };
const read = (text: string) => trlCompletions.read(text, place, memoryDir({}));

describe('a row of TRL completions', () => {
  it('keeps each reward function and the advantage as fields, and has no total', async () => {
    const { record, problems } = await read(
      '{"step": 10, "prompt": "user\\nWhere?", "completion": "<answer>x</answer>", "accuracy_reward": 1.0, "format_reward": 0.0, "advantage": 0.71}',
    );
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      step: 10,
      uid: null,
      prompt: 'user\nWhere?',
      response: '<answer>x</answer>',
      reward: null,
    });
    expect(record?.fields).toEqual([
      { name: 'accuracy_reward', value: 1 },
      { name: 'format_reward', value: 0 },
      { name: 'advantage', value: 0.71 },
    ]);
  });

  it('has no field for a reward that did not apply, nor for what is missing', async () => {
    const { record } = await read('{"step": 10, "prompt": "", "completion": "x", "a": NaN, "b": null, "c": Infinity}');
    expect(record?.fields).toEqual([{ name: 'c', value: Number.POSITIVE_INFINITY }]);
  });

  it('takes the step from the file’s name when the row states none', async () => {
    expect((await read('{"prompt": "", "completion": "x"}')).record?.step).toBe(10);
  });

  it('does not open without a completion', async () => {
    expect(await read('{"step": 10, "prompt": "a", "completion": null}')).toEqual({
      record: null,
      problems: [
        {
          severity: 'error',
          ...place,
          element: null,
          field: 'completion',
          message: '"completion" is null; a rollout needs its text.',
        },
      ],
    });
  });
});

describe('the signature', () => {
  /** A parquet file's outermost shape: magic, data, footer that begins with the schema (names behind their lengths), its length, magic. */
  const parquet = (schema: string, body = 'rows') => {
    const footer = schema
      .split(' ')
      .map((name) => String.fromCharCode(name.length) + name)
      .join('');
    const length = String.fromCharCode(footer.length & 255, footer.length >> 8, 0, 0);
    return Uint8Array.from(`PAR1${body}${footer}${length}PAR1`, (char) => char.charCodeAt(0));
  };
  const trl = parquet('schema step prompt completion accuracy_reward advantage');
  const detect = (files: Record<string, string | Uint8Array>, file: string | null = null) =>
    trlCompletions.detect({ dir: memoryDir(files), file });

  it('takes one step, the folder of steps in order, and the run’s folder', async () => {
    expect(await detect({ 'completions_00010.parquet': trl }, 'completions_00010.parquet')).toMatchObject({
      format: 'trl-completions',
    });
    const steps = { 'completions_100000.parquet': trl, 'completions_00200.parquet': trl, 'x.parquet': trl };
    const names = ['completions_00200.parquet', 'completions_100000.parquet'];
    expect(await detect(steps)).toMatchObject({ files: names });
    const inside = Object.fromEntries(Object.entries(steps).map(([name, file]) => [`completions/${name}`, file]));
    expect(await detect(inside)).toMatchObject({ files: names.map((name) => `completions/${name}`) });
  });

  it('leaves other tables and damaged files alone', async () => {
    const others = [parquet('schema messages images'), 'PAR1', '', trl.slice(0, -2), trl.slice(2), new Uint8Array(50)];
    for (const other of others) expect(await detect({ 'completions_00010.parquet': other })).toBeNull();
    expect(await detect({ 'train.parquet': trl }, 'train.parquet')).toBeNull();
    const lying = trl.slice();
    lying.fill(0xff, lying.length - 8, lying.length - 4);
    expect(await detect({ 'completions_00010.parquet': lying })).toBeNull();
  });
});
