import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../../src/formats/imageSet/imageHeader';

const source = (bytes: Uint8Array) => ({
  path: 'a',
  size: async () => bytes.length,
  read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
});
const picture = () =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: '#336699' } }).withMetadata({ orientation: 6 });
const encoded = () =>
  Promise.all([
    picture().jpeg().toBuffer(),
    picture().png().toBuffer(),
    picture().webp().toBuffer(),
    picture().tiff().toBuffer(),
  ]);

describe('the header of an image', () => {
  it('tells how EXIF turns it, wherever its format keeps that', async () => {
    for (const bytes of await encoded())
      expect(await readImageHeader(source(bytes))).toEqual({ stored: { width: 30, height: 20 }, orientation: 6 });
    const plain = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#336699' } })
      .webp()
      .toBuffer();
    expect(await readImageHeader(source(plain))).toMatchObject({ orientation: 1 });
  });

  it('is read without harm where it is cut off or damaged', async () => {
    const images = await encoded();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.nat(4000),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255))),
        async (at, cut, damage) => {
          const bytes = Uint8Array.from((images[at] ?? Buffer.alloc(0)).subarray(0, cut));
          for (const [place, value] of damage) if (place < bytes.length) bytes[place] = value;
          const header = await readImageHeader(source(bytes));
          if (header !== null) expect(header.orientation).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});
