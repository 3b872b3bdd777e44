import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { runsOf } from '../../../src/core/mask/rle';
import { withMasks } from '../../../src/host/editors/dataset/maskPictures';
import type { MediaClient } from '../../../src/media/client';
import { type Lab, mediaLab } from './fixture';

let lab: Lab;
let media: MediaClient;
beforeAll(async () => {
  lab = await mediaLab();
  media = lab.client();
});

/** A greyscale picture of values row by row. */
const grey = (rows: readonly (readonly number[])[]) =>
  sharp(Uint8Array.from(rows.flat()), { raw: { width: rows[0]!.length, height: rows.length, channels: 1 } }).png();

describe('a mask in a picture of its own', () => {
  it('is what is brighter than the middle, with its area and box', async () => {
    const path = join(lab.dir, 'mask.png');
    await grey([
      [0, 0, 0, 0],
      [0, 255, 128, 0],
      [0, 255, 127, 0],
    ]).toFile(path);
    const { mask, area, box } = await media.mask({ source: { kind: 'file', path }, above: 127, at: null, size: null });
    expect([...runsOf(mask.counts, mask.size)]).toEqual([4, 2, 1, 1, 4]);
    expect([mask.size, area, box]).toEqual([[3, 4], 3, { x1: 1, y1: 1, x2: 3, y2: 3 }]);
    const larger = await media.mask({
      source: { kind: 'file', path },
      above: 127,
      at: null,
      size: { width: 8, height: 6 },
    });
    expect(larger.area).toBe(12);
  });

  it('of labelme, zeros and ones in base64, lies where its corner is, and no further than the image', async () => {
    const base64 = (
      await grey([
        [1, 1],
        [0, 1],
      ]).toBuffer()
    ).toString('base64');
    const request = {
      source: { kind: 'base64', base64 } as const,
      above: 0,
      at: { x: 3, y: 2 },
      size: { width: 5, height: 3 },
    };
    expect(await media.mask(request)).toMatchObject({ area: 2, box: { x1: 3, y1: 2, x2: 5, y2: 3 } });
  });

  it('that cannot be read says so and leaves the others', async () => {
    const picture = (name: string) => ({ source: { kind: 'file', file: name } as const, at: null, above: 127 });
    const one = (name: string) =>
      ({
        id: name,
        label: null,
        shape: { kind: 'maskPicture', picture: picture(name) },
        box: null,
        area: null,
        crowd: false,
        ignore: false,
        score: null,
        attributes: {},
      }) as const;
    const image = {
      index: 0,
      key: 'a',
      file: 'a.jpg',
      size: null,
      split: null,
      questions: [],
      attributes: {},
      annotations: [one('mask.png'), one('../outside.png'), one('none.png')],
    };
    const read = await withMasks(image, lab.dir, { media }, new AbortController().signal);
    expect(read.annotations.map(({ shape, area, attributes }) => [shape.kind, area, Object.keys(attributes)])).toEqual([
      ['mask', 3, []],
      ['maskPicture', null, ['trouble']],
      ['maskPicture', null, ['trouble']],
    ]);
  });
});
