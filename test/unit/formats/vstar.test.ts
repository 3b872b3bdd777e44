import { describe, expect, it } from 'vitest';
import { vstar } from '../../../src/formats/vstar';
import { memoryDir } from './memoryDir';

const read = (sample: unknown, files: Record<string, string> = {}) =>
  vstar.read(JSON.stringify(sample), { file: 'a.json', line: 1 }, memoryDir(files));

describe('a V* sample', () => {
  it('becomes question, target in corners and options, with the image beside it', async () => {
    const sample = {
      target_object: ['traffic light'],
      bbox: [[887, 751, 154, 42]],
      question: 'Tell me the number.',
      options: ['19', '1'],
    };
    const { record, problems } = await read(sample, { 'a.json': '', 'a.png': '' });
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'sample',
      prompt: 'Tell me the number.',
      response: '',
      truthBoxes: [{ box: { x1: 887, y1: 751, x2: 1041, y2: 793 }, label: 'traffic light' }],
      options: ['19', '1'],
      imageName: 'a.png',
    });
  });

  it('opens without its image and with one name for several boxes', async () => {
    const { record } = await read({
      target_object: ['car'],
      bbox: [
        [0, 0, 1, 1],
        [2, 2, 1, 1],
      ],
      question: '?',
    });
    expect(record?.imageName).toBeNull();
    expect(record?.truthBoxes.map(({ label }) => label)).toEqual(['car', 'car']);
  });

  it('names the box it cannot read', async () => {
    const { record, problems } = await read({
      target_object: ['a', 'b'],
      bbox: [
        [0, 0, 1],
        [2, 2, 1, 1],
      ],
      question: '?',
    });
    expect(record?.truthBoxes).toEqual([{ box: { x1: 2, y1: 2, x2: 3, y2: 3 }, label: 'b' }]);
    expect(problems).toMatchObject([{ file: 'a.json', element: 0, field: 'bbox' }]);
  });

  it('refuses what has no question', async () => {
    expect((await read({ target_object: [], bbox: [] })).problems).toMatchObject([{ field: 'question' }]);
    expect((await read([1])).record).toBeNull();
  });
});

describe('a folder is taken for V* samples', () => {
  const sample = JSON.stringify({ target_object: ['a'], bbox: [[1, 1, 2, 2]], question: '?', options: ['x'] });
  const detected = async (files: Record<string, string>) =>
    (await vstar.detect({ dir: memoryDir(files), file: null }))?.files ?? null;

  it('when it holds them, or splits them over sub-folders as V* bench does', async () => {
    expect(await detected({ 'a.json': sample, 'a.jpg': 'x', 'notes/b.txt': 'x' })).toEqual(['a.json']);
    const split = { 'direct/a.json': sample, 'direct/a.jpg': 'x', 'relative/b.json': sample, 'relative/b.jpg': 'x' };
    expect(await detected(split)).toEqual(['direct/a.json', 'relative/b.json']);
  });

  it('but not when they lie in one sub-folder among others', async () => {
    expect(await detected({ 'images/a.json': sample, 'images/a.jpg': 'x', 'dumps/7.jsonl': 'x' })).toBeNull();
  });
});
