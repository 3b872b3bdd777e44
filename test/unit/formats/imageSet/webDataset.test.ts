import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webDataset } from '../../../../src/formats/imageSet/webDataset';
import { imageSetWriter } from '../../../../src/formats/imageSet/write/writers';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';
import { tar, tarMember } from './tarFile';
import { drawn, written } from './written';

describe('WebDataset', () => {
  const long = `${'deep/'.repeat(30)}x.y.jpg`;
  const archive = tar(
    tarMember('a/000.jpg', 'JPEG'),
    tarMember('a/000.json', '{"width": 4, "question": "?", "answer": "yes"}'),
    tarMember('a/000.cls', '7\n'),
    tarMember('a/000.mask.png', 'PNG'),
    tarMember('001.txt', 'a caption'),
    tarMember('001.png', 'x'.repeat(600)),
    tarMember('002.json', '{}'),
    tarMember('././@LongLink', `${long}\0`, 'L'),
    tarMember('cut', 'IMAGE'),
  );

  it('has the members of one key as a sample, and images where they stand', async () => {
    const dir = memoryDir({ 'train-000000.tar': archive });
    const { images, problems, bytes } = await scanned(webDataset, dir);
    expect(images.map(({ key, split, annotations }) => [key, split, annotations.map(({ label }) => label)])).toEqual([
      ['train-000000.tar/a/000', 'train', ['7']],
      ['train-000000.tar/001', 'train', []],
      [`train-000000.tar/${'deep/'.repeat(30)}x`, 'train', []],
    ]);
    expect(images[0]?.questions).toEqual([{ text: '?', options: [], answer: 'yes' }]);
    const slice = images[1]!.bytes;
    expect(slice.kind === 'slice' && archive.slice(slice.offset, slice.offset + slice.length)).toEqual(
      new TextEncoder().encode('x'.repeat(600)),
    );
    expect(problems.map(({ message }) => message)).toEqual(['The sample "002" has no image']);
    expect(bytes).toBe(archive.length - 1024);
  });

  it('tells where an archive is broken, and keeps what is before', async () => {
    const torn = archive.slice(0, 512 * 4).fill(1, 512 * 2, 512 * 3);
    const { images, problems } = await scanned(webDataset, memoryDir({ 'a.tar': torn }));
    expect(images).toHaveLength(1);
    expect(problems).toMatchObject([
      { file: 'a.tar', message: 'The archive is broken at byte 1024: what follows is not read' },
    ]);
  });

  it('is no tar of anything else', async () => {
    for (const bytes of [tar(tarMember('a.py', 'x')), new Uint8Array(2048), new Uint8Array(3)])
      expect(await webDataset.detect({ dir: memoryDir({ 'a.tar': bytes }), file: null })).toBeNull();
  });

  it('never brings a reader down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(archive.length - 1),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(archive.length),
        async (at, noise, end) => {
          const bytes = archive.slice();
          bytes.set(noise.slice(0, bytes.length - at), at);
          const dir = memoryDir({ 'a.tar': bytes.slice(0, end) });
          if ((await webDataset.detect({ dir, file: null })) !== null) await scanned(webDataset, dir);
        },
      ),
    );
  });
});

describe('tars of WebDataset that are written back', () => {
  const members = {
    jpg: tarMember('a/000.jpg', 'JPEG'),
    json: tarMember(
      'a/000.json',
      '{"objects": {"bbox": [[1.50, 2, 3, 4], [5, 6, 7, 8]], "categories": ["cat", "dog"]} , "odd": 1e0}',
    ),
    cls: tarMember('a/000.cls', '7\n'),
    second: tarMember('001.jpg', 'x'.repeat(600)),
    secondCls: tarMember('001.cls', '3'),
  };
  const archive = tar(...Object.values(members));
  const dir = memoryDir({ 'a.tar': archive });
  const write = async (...[changes, keep]: [Parameters<typeof written>[3]?, Parameters<typeof written>[4]?]) => {
    const { files, problems } = await written(webDataset, imageSetWriter('webdataset')!, dir, changes, keep);
    return { bytes: new TextEncoder().encode(files['a.tar']), problems };
  };

  it('are byte by byte as they were where nothing changed', async () => {
    expect(await write()).toEqual({ bytes: archive, problems: [] });
  });

  it('change the json and the class of edited samples, and no other byte', async () => {
    const [one, two, tag] = (await scanned(webDataset, dir)).images[0]!.annotations;
    const own = { x1: 1.5, y1: 2, x2: 14.5, y2: 6 };
    const { bytes, problems } = await write({
      'a.tar/a/000': [
        { id: one!.id, after: { ...one!, shape: { kind: 'box', box: own }, box: own } },
        { id: two!.id, after: null },
        {
          id: 'n',
          after: drawn('n', 'a new one with a long name, so that the member has another length', [1, 1, 2, 2]),
        },
        { id: tag!.id, after: { ...tag!, label: '12' } },
      ],
    });
    expect(problems).toEqual([]);
    const json =
      '{"objects": {"bbox": [[1.50, 2, 13, 4], [1, 1, 1, 1]], "categories": ["cat", "a new one with a long name, so that the member has another length"]} , "odd": 1e0}';
    const { jpg, second, secondCls } = members;
    expect(
      Buffer.from(bytes).equals(
        tar(jpg, tarMember('a/000.json', json), tarMember('a/000.cls', '12\n'), second, secondCls),
      ),
    ).toBe(true);
  });

  it('lose classes and samples, and say what has no place in them', async () => {
    const tag = (await scanned(webDataset, dir)).images[1]!.annotations[0]!;
    const fresh = { id: 'n', after: drawn('n', 'cat', [1, 1, 2, 2]) };
    const { bytes, problems } = await write({ 'a.tar/001': [{ id: tag.id, after: null }, fresh] });
    expect(problems).toMatchObject([{ file: 'a.tar', field: 'objects' }]);
    const { jpg, json, cls, second, secondCls } = members;
    expect(Buffer.from(bytes).equals(tar(jpg, json, cls, second))).toBe(true);
    const kept = await write({}, (key) => key.endsWith('001'));
    expect(Buffer.from(kept.bytes).equals(tar(second, secondCls))).toBe(true);
  });
});
