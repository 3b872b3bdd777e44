import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import type { MediaClient } from '../../../src/media/client';
import { type Lab, mediaLab, pixelOf, tiles } from './fixture';

let lab: Lab;
let media: MediaClient;
const at = (name: string) => join(lab.dir, name);

beforeAll(async () => {
  lab = await mediaLab();
  media = lab.client();
  await tiles(2000, 1200).jpeg({ quality: 95 }).toFile(at('photo.jpg'));
});

describe('an image is probed in stored pixels', () => {
  it('reads size, format and bytes from the header', async () => {
    const { size } = await stat(at('photo.jpg'));
    expect(await media.probe(at('photo.jpg'))).toEqual({
      stored: { width: 2000, height: 1200 },
      orientation: 1,
      format: 'jpeg',
      bytes: size,
    });
  });

  it('reports the EXIF orientation and leaves the pixels as they are stored', async () => {
    await tiles(800, 400).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(at('turned.jpg'));
    const probe = await media.probe(at('turned.jpg'));
    expect(probe.orientation).toBe(6);
    expect(probe.stored).toEqual({ width: 800, height: 400 });
    const preview = await media.preview(at('turned.jpg'), 400);
    expect(preview.size).toEqual({ width: 400, height: 200 });
    expect(await sharp(preview.path).metadata()).toMatchObject({ width: 400, height: 200 });
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('knows %s, and shows it', async (format) => {
    const path = at(`format.${format}`);
    await tiles(200, 100).toFormat(format).toFile(path);
    expect((await media.probe(path)).stored).toEqual({ width: 200, height: 100 });
    expect((await media.preview(path, 50)).size).toEqual({ width: 50, height: 25 });
  });

  it('sees that a file was replaced by another one of the same name', async () => {
    await tiles(300, 200).png().toFile(at('replaced.png'));
    const before = await media.preview(at('replaced.png'), 100);
    await tiles(500, 200).png().toFile(at('replaced.png'));
    expect((await media.probe(at('replaced.png'))).stored.width).toBe(500);
    expect((await media.preview(at('replaced.png'), 100)).path).not.toBe(before.path);
  });
});

describe('a preview', () => {
  it('fits the longer side and keeps every part of the image in its place', async () => {
    const { path, size, bytes } = await media.preview(at('photo.jpg'), 500);
    expect(size).toEqual({ width: 500, height: 300 });
    expect((await stat(path)).size).toBe(bytes);
    const [red, green] = await pixelOf(path, 437, 262);
    // The tile at stored (1748, 1048) is the 17th to the right and the 10th down.
    expect(Math.abs((red ?? 0) - 170)).toBeLessThan(8);
    expect(Math.abs((green ?? 0) - 100)).toBeLessThan(8);
  });

  it('never enlarges', async () => {
    await tiles(120, 60).png().toFile(at('small.png'));
    expect((await media.preview(at('small.png'), 5000)).size).toEqual({ width: 120, height: 60 });
  });

  it('of a strip one pixel high keeps that pixel', async () => {
    await tiles(3000, 1).png().toFile(at('strip.png'));
    expect((await media.preview(at('strip.png'), 100)).size).toEqual({ width: 100, height: 1 });
  });

  it('stays small even for noise, which does not compress', async () => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
    await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#000', noise } })
      .blur(0.8)
      .jpeg({ quality: 95 })
      .toFile(at('noise.jpg'));
    const plain = (await sharp(at('noise.jpg')).resize(1400).webp({ quality: 75, effort: 2 }).toBuffer()).length;
    const { bytes } = await media.preview(at('noise.jpg'), 1400);
    expect(plain).toBeGreaterThan(300_000);
    expect(bytes).toBeLessThan(plain * 0.8);
  });

  it('keeps transparency, and brings grey and 16-bit images to 8-bit colour', async () => {
    await sharp({ create: { width: 50, height: 50, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(at('clear.png'));
    const clear = await media.preview(at('clear.png'), 50);
    expect((await pixelOf(clear.path, 25, 25))[3]).toBe(0);

    const deep = new Uint16Array(60 * 60).fill(0x8000);
    await sharp(deep, { raw: { width: 60, height: 60, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(at('deep.png'));
    expect(await sharp(at('deep.png')).metadata()).toMatchObject({ depth: 'ushort', channels: 1 });
    const grey = await media.preview(at('deep.png'), 60);
    for (const value of await pixelOf(grey.path, 30, 30)) expect(Math.abs(value - 0x80)).toBeLessThan(4);
  });
});

describe('a region', () => {
  it('shows exactly the pixels of its box', async () => {
    const { path, size } = await media.region(at('photo.jpg'), { x1: 300, y1: 500, x2: 400, y2: 600 }, 1000);
    expect(size).toEqual({ width: 100, height: 100 });
    const [red, green] = await pixelOf(path, 50, 50);
    expect([Math.abs((red ?? 0) - 30) < 6, Math.abs((green ?? 0) - 50) < 6]).toEqual([true, true]);
  });

  it('with swapped corners beyond the image is straightened and clamped', async () => {
    const { size } = await media.region(at('photo.jpg'), { x1: 2300, y1: 1300, x2: 1900, y2: 1150 }, 1000);
    expect(size).toEqual({ width: 100, height: 50 });
  });

  it('larger than asked is scaled down', async () => {
    const { size } = await media.region(at('photo.jpg'), { x1: 0, y1: 0, x2: 1000, y2: 500 }, 200);
    expect(size).toEqual({ width: 200, height: 100 });
  });

  it.each([
    ['no area', { x1: 10, y1: 10, x2: 10, y2: 40 }, /\[10, 10, 10, 40\] has no area/],
    ['NaN corners', { x1: Number.NaN, y1: 0, x2: 5, y2: 5 }, /not four numbers/],
    ['infinite corners', { x1: 0, y1: 0, x2: Number.POSITIVE_INFINITY, y2: 5 }, /not four numbers/],
    ['a place outside', { x1: 3000, y1: 0, x2: 3100, y2: 50 }, /outside the image of 2000×1200/],
  ])('with %s is refused by name', async (_, box, message) => {
    await expect(media.region(at('photo.jpg'), box, 100)).rejects.toThrow(message);
  });
});

describe('a file that is no good image is named with what was found', () => {
  it.each([
    ['text', 'hello', /text/],
    ['nothing', '', /an empty file/],
    ['a web page', '<!DOCTYPE html><html></html>', /an HTML page/],
    ['an LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:1', /git lfs pull/],
    ['an SVG, which could name other files', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /SVG/],
  ])('holding %s', async (name, content, found) => {
    const path = at(`${name.replace(/\W/g, '')}.jpg`);
    await writeFile(path, content);
    const error = await media.preview(path, 100).catch((reason: unknown) => reason);
    expect(UserError.is(error)).toBe(true);
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toMatch(found);
  });

  it('missing or a folder', async () => {
    await expect(media.probe(at('nowhere.png'))).rejects.toThrow(/nowhere\.png: no such file/);
    await expect(media.probe(lab.dir)).rejects.toThrow(/not a file/);
  });

  it('cut short', async () => {
    await copyFile(at('photo.jpg'), at('cut.jpg'));
    await truncate(at('cut.jpg'), Math.floor((await stat(at('cut.jpg'))).size / 2));
    expect((await media.probe(at('cut.jpg'))).stored.width).toBe(2000);
    const error = await media.preview(at('cut.jpg'), 400).catch((reason: unknown) => reason);
    expect(UserError.is(error)).toBe(true);
    expect((error as Error).message).toMatch(
      /cut\.jpg: the JPEG image \(2000×1200, \d+ bytes\) is truncated or damaged/,
    );
  });

  it('claiming more pixels than may be decoded', async () => {
    const png = await tiles(10, 10).png().toBuffer();
    // Width and height stand at bytes 16–23 of a PNG, followed by the rest of IHDR and its checksum.
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await writeFile(at('bomb.png'), png);
    const error = await media.preview(at('bomb.png'), 400).catch((reason: unknown) => reason);
    expect(UserError.is(error)).toBe(true);
    expect((error as Error).message).toMatch(/60000×60000 \(3600 megapixels\).*up to 600 megapixels/);
  });

  it('too large for the memory the process may use, though its format could be larger', async () => {
    const frugal = lab.client({ memoryMb: 256 });
    await sharp({ create: { width: 5000, height: 5000, channels: 3, background: '#888' } })
      .gif()
      .toFile(at('large.gif'));
    await expect(frugal.preview(at('large.gif'), 400)).rejects.toThrow(
      /GIF image is 5000×5000 \(25 mega.*up to 16 mega/,
    );
    expect((await media.preview(at('large.gif'), 400)).size).toEqual({ width: 400, height: 400 });
  });

  it('and the process that met them all still answers', async () => {
    expect((await media.probe(at('photo.jpg'))).stored.height).toBe(1200);
    expect(lab.log.filter((line) => line.includes('ended'))).toEqual([]);
  });
});

describe('without sharp', () => {
  it('the child still starts, says so, and refuses in one clear sentence', async () => {
    const { bundleChild } = await import('../childBundle');
    // Outside the repository the module cannot be found, as in a VSIX for another platform.
    await copyFile(await bundleChild('src/media/process/main.ts'), at('media.cjs'));
    const alone = lab.client({ entry: at('media.cjs') });
    expect(await alone.available()).toBe(false);
    const error = await alone.probe(at('photo.jpg')).catch((reason: unknown) => reason);
    expect(UserError.is(error)).toBe(true);
    expect((error as Error).message).toMatch(/sharp does not work here/);
  });

  it('is the exception', async () => {
    expect(await media.available()).toBe(true);
    const version = JSON.parse(await readFile('node_modules/sharp/package.json', 'utf8')).version;
    expect(lab.log.join('\n')).toContain(`sharp ${version}, libvips`);
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
