import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, startClient } from '../data/openClient';
import { openSet } from './openSet';

it('a folder of pictures is a set of them, and one photo a set of one', async () => {
  const folder = await makeFolder({
    'b.png': 'x',
    'a.JPG': 'x',
    'deep/er/c.webp': 'x',
    'notes.txt': 'x',
    '.git/d.png': 'x',
  });
  const { client } = await startClient(() => ({ width: 40, height: 30 }));
  expect(await client.call('imageset/detect', { path: folder })).toEqual({ format: 'image-folder', title: 'Images' });
  expect(await client.call('imageset/detect', { path: join(folder, 'notes.txt') })).toBeNull();

  const { opened, rows, image, file, query, reports } = await openSet(client, folder);
  expect(opened).toMatchObject({ format: 'image-folder', root: folder });
  expect((await rows()).map((row) => row.file)).toEqual(['a.JPG', 'b.png', 'deep/er/c.webp']);
  expect(await image(0)).toMatchObject({ key: 'a.JPG', size: { width: 40, height: 30 }, annotations: [] });
  expect(await file(2)).toEqual({ path: join(folder, 'deep/er/c.webp') });
  expect(reports.at(-1)).toMatchObject({ done: true, images: 3 });
  const view = await query({ chips: [{ kind: 'text', text: 'C.', where: 'either', matchCase: false }] });
  expect([...view.order]).toEqual([2]);

  const photo = await openSet(client, join(folder, 'b.png'));
  expect((await photo.rows()).map(({ file }) => file)).toEqual(['b.png']);
});
