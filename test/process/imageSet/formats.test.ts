import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTables } from '../images/tables';
import { openSet, sharedSet } from './openSet';

let set: Awaited<ReturnType<typeof sharedSet>>;
beforeAll(async () => {
  const imageData = Buffer.from('JPEG').toString('base64');
  set = await sharedSet({
    'refs(unc).p': '\x80\x02]',
    'a.json': JSON.stringify({ shapes: [], imagePath: 'a.jpg', imageData }),
  });
});

describe('formats of image sets in the data child', () => {
  it("parquet files of Hugging Face's datasets have objects, questions, and an image in a cell of each row", async () => {
    const file = set.path('train-00000-of-00001.parquet');
    await writeTables(
      `COPY (SELECT {bytes: '\\x89PNG'::BLOB || encode(i::VARCHAR), path: i || '.png'} AS image, 'What is ' || i || '?' AS question,
        'cat' AS answer, {bbox: [[1.0, 2.0, 3.0, 4.0]], categories: [i]} AS objects FROM range(3) rows(i)) TO '${file}' (FORMAT parquet)`,
    );
    const { opened, info, image, file: fileOf } = await openSet(set.client, file);
    expect(opened).toMatchObject({ format: 'hf-parquet', frame: 'oriented' });
    expect(info).toMatchObject({ images: 3, annotations: 3, problemCount: 0, splits: [{ split: 'train', images: 3 }] });
    expect(await image(2)).toMatchObject({
      key: 'train-00000-of-00001.parquet#3',
      annotations: [{ label: '2', box: { x1: 1, y1: 2, x2: 4, y2: 6 } }],
      questions: [{ text: 'What is 2?', answer: 'cat' }],
    });
    expect(await readFile((await fileOf(1))!.path, 'latin1')).toBe('\x89PNG1');
  });

  it('the pickles of RefCOCO are refused with what makes files of them that open', async () => {
    await expect(set.client.call('imageset/open', { path: set.path('refs(unc).p'), roots: [] })).rejects.toThrow(
      /pickle[\s\S]*json\.dump/,
    );
  });

  it('an image inside a file of labelme is found like any other', async () => {
    const { opened, file } = await openSet(set.client, set.path('a.json'));
    expect(opened.format).toBe('labelme');
    expect(await readFile((await file(0))!.path, 'latin1')).toBe('JPEG');
  });
});
