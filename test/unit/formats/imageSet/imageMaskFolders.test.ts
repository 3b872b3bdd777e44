import { describe, expect, it } from 'vitest';
import { imageMaskFolders } from '../../../../src/formats/imageSet/imageMaskFolders';
import { imageSetWriter } from '../../../../src/formats/imageSet/write/writers';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';
import { written } from './written';

const maskFile = (file: string) => ({
  shape: { kind: 'maskPicture', picture: { source: { kind: 'file', file }, at: null, above: 127 } },
  box: null,
  area: null,
});

describe('folders of images beside folders of masks', () => {
  it('are ThinObject5K with its splits', async () => {
    const names = [
      'images_train/a.jpg',
      'images_test/b.jpg',
      'masks_train/a.png',
      'masks_test/b.png',
      'list/train.txt',
    ];
    const { images, problems } = await scanned(
      imageMaskFolders,
      memoryDir(Object.fromEntries(names.map((n) => [n, '']))),
    );
    expect(problems).toEqual([]);
    expect(images.map(({ key, split, annotations }) => [key, split, annotations])).toMatchObject([
      ['images_test/b.jpg', 'test', [maskFile('masks_test/b.png')]],
      ['images_train/a.jpg', 'train', [maskFile('masks_train/a.png')]],
    ]);
  });

  it('are DIS5K, COIFT and HRSOD', async () => {
    for (const [image, mask, split] of [
      ['DIS5K/DIS-VD/im/1#Accessories#1#Bag.jpg', 'DIS5K/DIS-VD/gt/1#Accessories#1#Bag.png', 'VD'],
      ['images/1.jpg', 'masks/1.png', null],
      ['images/2.jpg', 'masks_max255/2.png', null],
    ] as const) {
      const { images } = await scanned(imageMaskFolders, memoryDir({ [image]: '', [mask]: '' }));
      expect(images).toMatchObject([{ key: image, split, annotations: [maskFile(mask)] }]);
    }
  });

  it('tell of images without a mask and of masks without an image', async () => {
    const names = ['images/a.jpg', 'images/b.jpg', 'masks/a.png', 'masks/c.png'];
    const { images, problems } = await scanned(
      imageMaskFolders,
      memoryDir(Object.fromEntries(names.map((n) => [n, '']))),
    );
    expect(images.map(({ annotations }) => annotations.length)).toEqual([1, 0]);
    expect(problems.map(({ file }) => file)).toEqual(['images/b.jpg', 'masks/c.png']);
  });

  it('write a mask that two images share once, with the change of either', async () => {
    const dir = memoryDir({ 'images/a.jpg': '', 'images/a.png': '', 'masks/a.png': 'old' });
    const writer = imageSetWriter('image-mask-folders')!;
    expect((await written(imageMaskFolders, writer, dir)).files).toEqual({ 'masks/a.png': 'old' });
    const gone = [{ id: 'masks/a.png', after: null }];
    const { files, problems } = await written(imageMaskFolders, writer, dir, { 'images/a.png': gone });
    expect([files, problems]).toEqual([{}, []]);
    const both = await written(imageMaskFolders, writer, dir, { 'images/a.jpg': gone, 'images/a.png': gone });
    expect(both.files).toEqual({});
    expect(both.problems[0]).toMatchObject({ file: 'images/a.png', message: expect.stringContaining('masks/a.png') });
  });

  it('are not folders of images beside something else', async () => {
    const names = ['images/a.jpg', 'labels/a.txt', 'masks/b.png'];
    const dir = memoryDir(Object.fromEntries(names.map((name) => [name, ''])));
    expect(await imageMaskFolders.detect({ dir, file: null })).toBeNull();
  });
});
