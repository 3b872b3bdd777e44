import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashDistance } from '../../../src/core/dataset/differenceHash';
import { nearDistance } from '../../../src/core/dataset/nearDuplicates';
import type { MediaClient } from '../../../src/media/client';
import { type Lab, mediaLab } from './fixture';

let lab: Lab;
let media: MediaClient;
beforeAll(async () => {
  lab = await mediaLab();
  media = lab.client();
});

/** Soft light and dark as in a photo; another seed is another picture. */
function scene(seed: number, width = 600, height = 400) {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const light = Math.sin(seed + 9 * u + 4 * v) + Math.sin(seed * 2.7 + 5 * u * v + 11 * v) + Math.cos(seed * u * 7);
      data.fill(128 + 40 * light, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const at = (name: string) => join(lab.dir, name);

describe('the hash of an image', () => {
  it('stays near when the picture is scaled or encoded again, and is far for another', async () => {
    await scene(1).png().toFile(at('one.png'));
    await scene(1).jpeg({ quality: 40 }).toFile(at('one.jpg'));
    await scene(1).resize(233, 155).webp({ quality: 60 }).toFile(at('small.webp'));
    await scene(1).greyscale().modulate({ brightness: 1.1 }).png().toFile(at('grey.png'));
    await scene(5).png().toFile(at('other.png'));
    const one = await media.hash(at('one.png'), false);
    for (const copy of ['one.jpg', 'small.webp', 'grey.png'])
      expect(hashDistance(one, await media.hash(at(copy), false)), copy).toBeLessThanOrEqual(nearDistance);
    expect(hashDistance(one, await media.hash(at('other.png'), false))).toBeGreaterThan(2 * nearDistance);
  });

  it('is of the stored pixels, or of those that EXIF turns upright, for every orientation', async () => {
    const one = await media.hash(at('one.png'), false);
    for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
      // What sharp turns back upright must show the picture again.
      await scene(1).withMetadata({ orientation }).jpeg().toFile(at('tagged.jpg'));
      await sharp(at('tagged.jpg'))
        .autoOrient()
        .png()
        .toFile(at(`upright${orientation}.png`));
      const turned = await media.hash(at('tagged.jpg'), true);
      const wanted = await media.hash(at(`upright${orientation}.png`), false);
      expect(hashDistance(turned, wanted), String(orientation)).toBeLessThanOrEqual(nearDistance);
      expect(hashDistance(turned, one), String(orientation)).toBeGreaterThan(nearDistance);
      expect(hashDistance(await media.hash(at('tagged.jpg'), false), one)).toBeLessThanOrEqual(nearDistance);
    }
  });

  it('is made anew when the file changed, and refuses what is no image', async () => {
    await scene(1).png().toFile(at('changing.png'));
    const before = await media.hash(at('changing.png'), false);
    expect(await media.hash(at('changing.png'), false)).toEqual(before);
    await scene(5).resize(300, 200).png().toFile(at('changing.png'));
    expect(hashDistance(before, await media.hash(at('changing.png'), false))).toBeGreaterThan(nearDistance);
    await writeFile(at('text.png'), 'no image');
    await expect(media.hash(at('text.png'), false)).rejects.toThrow('not an image Saccade can read');
  });

  it('lies on disk for the next window, which decodes nothing; a file of hashes that is torn counts as none', async () => {
    const cacheDir = join(lab.dir, 'hashes');
    const lists = async () => (await readdir(cacheDir).catch(() => [])).filter((name) => name.endsWith('.hashes'));
    await scene(3).png().toFile(at('kept.png'));
    await utimes(at('kept.png'), 1e9, 1e9);
    const one = lab.client({ cacheDir });
    const [missing] = await one.knownHashes([at('kept.png')], false);
    const hash = await one.hash(at('kept.png'), false);
    await expect.poll(lists, { timeout: 15_000 }).toHaveLength(1);

    // No picture any more, but of the same size and time: only what was kept can answer.
    const { size } = await stat(at('kept.png'));
    await writeFile(at('kept.png'), Buffer.alloc(size));
    await utimes(at('kept.png'), 1e9, 1e9);
    const [list = ''] = await lists();
    const path = join(cacheDir, list);
    const written = await readFile(path);
    const known = async () => await lab.client({ cacheDir }).knownHashes([at('kept.png'), at('none.png')], false);
    expect([missing, await known()]).toEqual([null, [hash, null]]);
    for (const torn of [written.subarray(0, -1), Buffer.alloc(0), Buffer.from(written).fill(7, 20)]) {
      await writeFile(path, torn);
      expect(await known()).toEqual([null, null]);
    }
  });
});
