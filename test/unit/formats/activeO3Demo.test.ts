import { describe, expect, it } from 'vitest';
import { modelInputSize } from '../../../src/core/geometry/smartResize';
import { activeO3Demo } from '../../../src/formats/activeO3Demo';
import { splitOutputs } from '../../../src/formats/activeO3Sidecars';
import { memoryDir } from './memoryDir';

const answer = '<think>t</think><answer>[{"bbox_2d": [10, 20, 30, 40], "label": "x"}]</answer>';
const mid = (more: object = {}) =>
  JSON.stringify({ image_id: null, question: 'Which number?', file_name: 'sa_1.jpg', response: answer, ...more });

async function read(files: Record<string, string>, file: string) {
  const dir = memoryDir(files);
  return activeO3Demo.read(files[file]!, { file, line: 1 }, dir);
}

describe('output of the ACTIVE-O3 demo', () => {
  it('is read with what the task model said about each crop, the crops and the final boxes', async () => {
    const { record, problems } = await read(
      {
        'json/sa_1-animal_mid.json': mid({ image_width: 2250, image_height: 1500, pred_bbox: [[1, 2, 3, 4]] }),
        'json/sa_1-animal_mid.txt': 'output[0]:The number\nis 19.\noutput[1]:I see output[2]: nothing\n',
        'json/sa_1-animal.json': '[[100, 200, 300, 400]]',
        'cropped/sa_1_crop_0.jpg': '',
        'cropped/sa_1_crop_1.jpg': '',
        'cropped/sa_10_crop_0.jpg': '',
      },
      'json/sa_1-animal_mid.json',
    );
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      prompt: 'Which number?',
      response: answer,
      reward: null,
      imageName: 'sa_1.jpg',
      loggedImageSize: { width: 2250, height: 1500 },
      taskBoxes: [{ x1: 100, y1: 200, x2: 300, y2: 400 }],
    });
    expect(record?.cropOutputs).toEqual([
      { region: 0, text: 'The number\nis 19.', file: 'cropped/sa_1_crop_0.jpg' },
      { region: 1, text: 'I see output[2]: nothing', file: 'cropped/sa_1_crop_1.jpg' },
    ]);
    expect(record?.fields.map(({ name }) => name)).toEqual(['image_id', 'pred_bbox']);
  });

  it('is read from three keys that a person pasted', async () => {
    const pasted = JSON.stringify({ file_name: 'sa_1.jpg', question: 'Which?', response: answer });
    const { record, problems } = await read({ 'pasted_mid.json': pasted }, 'pasted_mid.json');
    expect(problems).toEqual([]);
    expect(record).toMatchObject({ loggedImageSize: null, taskBoxes: [], cropOutputs: [], response: answer });
  });

  it('takes the target of the V* sample that stands beside it', async () => {
    const sample =
      '{"target_object": ["light"], "bbox": [[887, 751, 154, 42]], "question": "?", "options": ["19", "1"]}';
    const { record } = await read({ 'a_mid.json': mid(), 'sa_1.json': sample }, 'a_mid.json');
    expect(record?.truthBoxes).toEqual([{ box: { x1: 887, y1: 751, x2: 1041, y2: 793 }, label: 'light' }]);
    expect(record?.options).toEqual(['19', '1']);
  });

  it('names file and element of a final box it cannot read, and keeps the others', async () => {
    const { record, problems } = await read(
      { 'a_mid.json': mid(), 'a.json': '[[1, 2, 3, 4], [1, 2], [5, 6, 7, 8]]' },
      'a_mid.json',
    );
    expect(record?.taskBoxes).toHaveLength(2);
    expect(problems).toEqual([
      {
        severity: 'warning',
        file: 'a.json',
        line: null,
        element: 1,
        field: null,
        message: 'Element 1 is not [x1, y1, x2, y2].',
      },
    ]);
  });

  it('never leaves the folder for a name that a file claims', async () => {
    for (const file_name of ['../../etc/passwd.jpg', 'C:\\x\\y.jpg', 'a\0b.jpg', '..', '/'])
      expect((await read({ 'a_mid.json': mid({ file_name }) }, 'a_mid.json')).record?.imageName).toBe(file_name);
  });

  it('refuses a response that is no text', async () => {
    const { record, problems } = await read({ 'a_mid.json': mid({ response: null }) }, 'a_mid.json');
    expect(record).toBeNull();
    expect(problems).toMatchObject([{ file: 'a_mid.json', field: 'response', severity: 'error' }]);
  });

  it('states its frame: the demo of 2250×1500 counts in 2240×1512', () => {
    const { spec } = activeO3Demo.frames.prediction!;
    expect(spec.kind === 'input' && modelInputSize({ width: 2250, height: 1500 }, spec.resize)).toEqual({
      width: 2240,
      height: 1512,
    });
  });

  it('splits texts only where a line begins with a mark', () => {
    expect(splitOutputs('output[0]:a\nb output[1]: c\noutput[1]:\n')).toEqual([
      { region: 0, text: 'a\nb output[1]: c' },
      { region: 1, text: '' },
    ]);
    expect(splitOutputs('no marks')).toEqual([]);
  });
});
