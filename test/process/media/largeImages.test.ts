import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { halvedSizes, pyramidLevels, TILE_SIDE, tileBox } from '../../../src/core/geometry/tilePyramid';
import type { MediaClient } from '../../../src/media/client';
import { type Lab, mediaLab, pixelOf, tiles } from './fixture';

let lab: Lab;
let media: MediaClient;
const at = (name: string) => join(lab.dir, name);
/** Just large enough to get a pyramid: 32.8 megapixels. */
const size = { width: 8000, height: 4100 };

beforeAll(async () => {
  lab = await mediaLab();
  media = lab.client();
  // Squares of 100 pixels whose colour tells their place, 80 across: 3 steps of red each, 6 of green down.
  const data = Buffer.alloc(80 * 41 * 3);
  for (let place = 0; place < 80 * 41; place++)
    data.set([(place % 80) * 3, Math.floor(place / 80) * 6, 128], place * 3);
  await sharp(data, { raw: { width: 80, height: 41, channels: 3 } })
    .resize(size.width, size.height, { kernel: 'nearest', fit: 'fill' })
    .jpeg({ quality: 95 })
    .toFile(at('large.jpg'));
});

describe('a large image is cut into tiles', () => {
  it('has levels down to one tile, and each tile shows the part of the image that its place says', async () => {
    const info = await media.pyramid(at('large.jpg'));
    expect(info?.levels).toEqual(halvedSizes(size));
    const levels = pyramidLevels(info?.levels ?? []);
    for (const place of [
      { level: 0, column: 7, row: 3 },
      { level: 1, column: 2, row: 3 },
      { level: 3, column: 1, row: 0 },
    ]) {
      const tile = await media.tile(at('large.jpg'), place);
      const box = tileBox(size, levels, place)!;
      // A square's middle within the tile, away from both edges.
      const x = Math.floor((box.x1 + 151) / 100) * 100 + 50;
      const y = Math.floor((box.y1 + 151) / 100) * 100 + 50;
      const scale = tile.size.width / (box.x2 - box.x1);
      const [red = 0, green = 0] = await pixelOf(
        tile.path,
        Math.floor((x - box.x1) * scale),
        Math.floor((y - box.y1) * scale),
      );
      expect(Math.abs(red - Math.floor(x / 100) * 3)).toBeLessThanOrEqual(3);
      expect(Math.abs(green - Math.floor(y / 100) * 6)).toBeLessThanOrEqual(3);
    }
    const last = await media.tile(at('large.jpg'), { level: 0, column: 15, row: 8 });
    expect(last.size).toEqual({ width: size.width - 15 * TILE_SIDE, height: size.height - 8 * TILE_SIDE });
  });

  it('builds a pyramid once, for every window', async () => {
    await media.pyramid(at('large.jpg'));
    const kept = (await readdir(lab.cacheDir)).filter((name) => name.endsWith('.tif'));
    const other = lab.client();
    expect(await other.tile(at('large.jpg'), { level: 4, column: 0, row: 0 })).toMatchObject({ size: { width: 500 } });
    expect((await readdir(lab.cacheDir)).filter((name) => name.endsWith('.tif'))).toEqual(kept);
  });

  it('stops building when nobody waits for it any more, and leaves nothing behind', async () => {
    await sharp(at('large.jpg')).jpeg({ quality: 90 }).toFile(at('left.jpg'));
    const before = await readdir(lab.cacheDir);
    const leave = new AbortController();
    const asked = media.pyramid(at('left.jpg'), leave.signal);
    // Its part file is the sign that the builder runs.
    await expect.poll(async () => (await readdir(lab.cacheDir)).length).toBeGreaterThan(before.length);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => readdir(lab.cacheDir)).toEqual(before);
  });

  it('refuses a tile that there is none of, and one of a pyramid that was not built', async () => {
    await expect(media.tile(at('large.jpg'), { level: 0, column: 16, row: 0 })).rejects.toThrow(/has no tile 0\/16\/0/);
    await tiles(2000, 1200).jpeg().toFile(at('small.jpg'));
    expect(await media.pyramid(at('small.jpg'))).toBeNull();
    await expect(media.tile(at('small.jpg'), { level: 0, column: 0, row: 0 })).rejects.toThrow(/made anew/);
  });

  it('takes the levels that a TIFF has of its own', async () => {
    await sharp(at('large.jpg'))
      .tiff({ tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, compression: 'jpeg', quality: 95 })
      .toFile(at('pyramid.tif'));
    const kept = (await readdir(lab.cacheDir)).filter((name) => name.endsWith('.tif'));
    expect((await media.pyramid(at('pyramid.tif')))?.levels.slice(0, 3)).toEqual(halvedSizes(size).slice(0, 3));
    const { path } = await media.tile(at('pyramid.tif'), { level: 2, column: 1, row: 1 });
    const [red = 0, green = 0] = await pixelOf(path, 100, 100);
    // Pixel 612 of level 2 is 2448 of the image: squares 24 across and down.
    expect([Math.abs(red - 72) <= 3, Math.abs(green - 144) <= 4]).toEqual([true, true]);
    expect((await readdir(lab.cacheDir)).filter((name) => name.endsWith('.tif'))).toEqual(kept);
    const [small = 0] = await pixelOf((await media.preview(at('pyramid.tif'), 500)).path, 250, 100);
    expect(Math.abs(small - 120)).toBeLessThanOrEqual(4);
  });
});

describe('an image of 16 bits', () => {
  it('is shown from its smallest value to its largest, in whole and in part', async () => {
    const data = new Uint16Array(200 * 100);
    for (let place = 0; place < data.length; place++) data[place] = 1000 + (place % 200) * 20;
    await sharp(data, { raw: { width: 200, height: 100, channels: 1 } })
      .toColourspace('grey16')
      .tiff({ compression: 'deflate' })
      .toFile(at('deep.tif'));
    const whole = (await media.preview(at('deep.tif'), 200)).path;
    expect((await pixelOf(whole, 0, 50))[0]).toBeLessThan(6);
    expect((await pixelOf(whole, 199, 50))[0]).toBeGreaterThan(249);
    const part = (await media.region(at('deep.tif'), { x1: 100, y1: 0, x2: 120, y2: 20 }, 20)).path;
    expect(Math.abs(((await pixelOf(part, 0, 10))[0] ?? 0) - 128)).toBeLessThanOrEqual(2);
  });
});

describe('an upright picture', () => {
  // A pixel of each corner's own colour, turned by every orientation: sharp's own turn is what it must equal.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i as EXIF says, in whole and in part', async (orientation) => {
    const path = at(`turned${orientation}.png`);
    await tiles(600, 400).withMetadata({ orientation }).png().toFile(path);
    const upright = await sharp(path)
      .autoOrient()
      .png()
      .toFile(at(`upright${orientation}.png`));
    const { path: shown, size } = await media.preview(path, 600, undefined, true);
    expect(size).toEqual({ width: upright.width, height: upright.height });
    for (const [x, y] of [
      [50, 50],
      [upright.width - 50, 50],
      [150, upright.height - 50],
    ] as const) {
      const [truth, seen] = [await pixelOf(at(`upright${orientation}.png`), x, y), await pixelOf(shown, x, y)];
      expect(Math.max(...truth.slice(0, 3).map((value, at) => Math.abs(value - (seen[at] ?? 0))))).toBeLessThan(6);
    }
    const part = await media.region(path, { x1: 200, y1: 100, x2: 260, y2: 190 }, 600, undefined, true);
    expect(part.size).toEqual({ width: 60, height: 90 });
    const there = (await pixelOf(at(`upright${orientation}.png`), 230, 145)).slice(0, 3);
    expect((await pixelOf(part.path, 30, 45)).slice(0, 3)).toEqual(there);
    // What a segmenter sees of it is turned too, and says where it lies in the upright image.
    const box = { x1: 200, y1: 100, x2: 260, y2: 190 };
    const seen = await media.pixels({ path, crop: box, side: 90, fit: 'longest', upright: true });
    expect([seen.cut, seen.imageSize]).toEqual([box, { width: upright.width, height: upright.height }]);
    expect([seen.pixels.width, seen.pixels.height]).toEqual([60, 90]);
    expect([...seen.pixels.rgb.subarray((45 * 60 + 30) * 3, (45 * 60 + 30) * 3 + 3)]).toEqual(there);
  });
});
