import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { newAnnotation, withoutId } from '../../../src/core/dataset/edit/imageEdits';
import { writeTables } from '../images/tables';
import { openSet, sharedSet } from './openSet';

const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });
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

  it('a table is written with fewer rows and other boxes; what its types cannot hold is told, and that row stays', async () => {
    const [file, output] = [set.path('val.parquet'), set.path('written')];
    await writeTables(
      `COPY (SELECT {bytes: encode(i::VARCHAR), path: NULL::VARCHAR} AS image, i::UTINYINT AS small, i::INTEGER AS label,
        CASE WHEN i < 3 THEN {bbox: [[1, 2, 3, 4]], category: ['cat']} END AS objects FROM range(4) rows(i)) TO '${file}' (FORMAT parquet, COMPRESSION gzip)`,
    );
    const { setId, image } = await openSet(set.client, file);
    const boxes = (await image(0)).annotations;
    const half = { ...withoutId(boxes[0]!), shape: { kind: 'box', box: box(1.5, 2, 4, 6) }, box: box(1.5, 2, 4, 6) };
    const drawn = newAnnotation('dog', { kind: 'box', box: box(5, 6, 7, 9) });
    const tag = (await image(3)).annotations[0]!;
    const edits = [
      ['val.parquet#1', { [boxes[0]!.id]: half }],
      ['val.parquet#2', { 'new-1': drawn }],
      ['val.parquet#4', { 'new-2': drawn, [tag.id]: { ...withoutId(tag), label: '7' } }],
    ] as const;
    const records = edits.map(([key, own]) => {
      const annotations = Object.fromEntries(Object.entries(own).map(([id, value]) => [id, { ...by, value }]));
      return {
        kind: 'image',
        key,
        hints: { line: 1, step: null },
        notes: { annotations },
      } as unknown as AnnotationRecord;
    });
    const sidecar = { path: file, file: 'val.parquet', place: null, stamp: null };
    await set.client.call('imageset/notes/save', { ...sidecar, records });
    const choice = { verdicts: [], tags: [], query: null, indices: [0, 1, 3] };
    const order = { setId, to: 'original', output, images: 'copy', choice, places: [] } as const;
    const { problems, files } = await set.client.call('imageset/export', order);
    expect(problems).toMatchObject([{ file: 'val.parquet', line: 1, field: 'objects' }]);
    expect([files, await readdir(output)]).toEqual([['val.parquet'], ['val.parquet']]);
    const again = await openSet(set.client, join(output, 'val.parquet'));
    const images = await Promise.all([0, 1, 2].map((at) => again.image(at)));
    const short = images.map(({ attributes, annotations }) => [
      attributes.small,
      annotations.map(({ label, box: own }) => [label, own]),
    ]);
    const cat = ['cat', box(1, 2, 4, 6)];
    expect(short).toEqual([
      [0, [cat, ['0', null]]],
      [1, [cat, ['dog', box(5, 6, 7, 9)], ['1', null]]],
      [
        3,
        [
          ['dog', box(5, 6, 7, 9)],
          ['7', null],
        ],
      ],
    ]);
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
