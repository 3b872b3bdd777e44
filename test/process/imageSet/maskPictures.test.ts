import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { newAnnotation } from '../../../src/core/dataset/edit/imageEdits';
import type { AnnotationEdit } from '../../../src/core/dataset/edit/imageNotes';
import type { Shape } from '../../../src/core/dataset/shape';
import { countsOf, runsOfPixels } from '../../../src/core/mask/cocoMask';
import { type Lab, mediaLab } from '../media/fixture';
import { openSet, sharedSet } from './openSet';

const [width, height] = [8, 6];
let shared: Awaited<ReturnType<typeof sharedSet>>;
let lab: Lab;
beforeAll(async () => {
  lab = await mediaLab();
  const media = lab.client({});
  shared = await sharedSet({}, { repaintMask: (request) => media.repaint(request) });
});

/** A mask of these pixels, x and y. */
function maskShape(inside: (x: number, y: number) => boolean): Extract<Shape, { kind: 'mask' }> {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return { kind: 'mask', mask: { size: [height, width], counts: countsOf(runsOfPixels(pixels, width, height)) } };
}

/** Columns 2 to 4, with a border of two greys. */
const levels = [0, 90, 180, 255, 250, 3, 0, 0];
const left = maskShape((x) => x >= 1 && x <= 4);
const raw = (channels: 1 | 3) => ({ raw: { width, height, channels } });
const grey = Uint8Array.from({ length: width * height }, (_, i) => levels[i % width] ?? 0);

async function put(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Saves edits by image and annotation, and exports the set as it is. */
async function exported(folder: string, edits: Readonly<Record<string, Readonly<Record<string, AnnotationEdit>>>>) {
  const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
  const records = Object.entries(edits).map(([key, own]) => {
    const annotations = Object.fromEntries(Object.entries(own).map(([id, value]) => [id, { ...by, value }]));
    return {
      kind: 'image',
      key,
      hints: { line: null, step: null },
      notes: { annotations },
    } as unknown as AnnotationRecord;
  });
  await shared.client.call('imageset/notes/save', { path: folder, file: '', place: null, stamp: null, records });
  const { setId } = await openSet(shared.client, folder);
  const output = `${folder}-written`;
  const choice = { verdicts: [], tags: [], query: null, indices: null };
  const order = { setId, to: 'original', output, images: 'none', choice, places: [] } as const;
  const { problems } = await shared.client.call('imageset/export', order);
  return { output, problems: problems.map(({ file, message }) => `${file}: ${message}`) };
}

describe('masks in pictures of their own', () => {
  it('are painted anew where they were edited: greys, depth and channels stay, and every other mask byte for byte', async () => {
    const folder = shared.path('folders');
    const picture = await sharp(grey, raw(1)).png().toBuffer();
    const colours = Uint8Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)] ?? 0);
    const deep = Uint16Array.from(grey, (level) => level * 257);
    const masks: Readonly<Record<string, Uint8Array>> = {
      'masks/a.png': await sharp(grey, raw(1)).toColourspace('b-w').png().toBuffer(),
      'masks/b.png': await sharp(colours, raw(3)).png().toBuffer(),
      'masks/c.png': await sharp(deep, raw(1)).toColourspace('grey16').png().toBuffer(),
      'masks/numbered.png': await sharp(grey, raw(1)).png({ palette: true }).toBuffer(),
      'masks/same.png': picture,
      'masks/alone.png': picture,
    };
    const images = ['a', 'b', 'c', 'numbered', 'same', 'new'].map((name) => [`images/${name}.png`, picture] as const);
    await put(folder, { ...Object.fromEntries(images), ...masks });
    const change = (name: string) =>
      [`images/${name}.png`, { [`masks/${name}.png`]: newAnnotation(null, left) }] as const;
    const { output, problems } = await exported(folder, {
      ...Object.fromEntries(['a', 'b', 'c', 'numbered'].map(change)),
      'images/same.png': {
        'masks/same.png': newAnnotation(
          null,
          maskShape((x) => x >= 2 && x <= 4),
        ),
      },
      'images/new.png': { 'new-1': newAnnotation(null, { kind: 'box', box: { x1: 0, y1: 0, x2: 4, y2: 6 } }) },
    });
    expect(problems).toEqual([expect.stringMatching(/^masks\/numbered\.png: .*numbered colours.*stays/)]);
    // The grey of the border that is inside now is as bright as the mask was; all others keep their levels.
    const wanted = [0, 255, 180, 255, 250, 3, 0, 0];
    const written = async (name: string, depth: 'uchar' | 'ushort') => {
      const file = join(output, name);
      const { channels, depth: stored } = await sharp(file).metadata();
      const plain = sharp(file).toColourspace(depth === 'ushort' ? 'grey16' : channels === 1 ? 'b-w' : 'srgb');
      const data = await plain.raw({ depth }).toBuffer();
      const values = depth === 'ushort' ? new Uint16Array(data.buffer, data.byteOffset, width) : data;
      return { channels, stored, row: Array.from({ length: width }, (_, x) => values[x * (channels ?? 1)]) };
    };
    expect(await written('masks/a.png', 'uchar')).toEqual({ channels: 1, stored: 'uchar', row: wanted });
    expect(await written('masks/b.png', 'uchar')).toEqual({ channels: 3, stored: 'uchar', row: wanted });
    const wide = wanted.map((level) => level * 257);
    expect(await written('masks/c.png', 'ushort')).toEqual({ channels: 1, stored: 'ushort', row: wide });
    const drawn = [255, 255, 255, 255, 0, 0, 0, 0];
    expect(await written('masks/new.png', 'uchar')).toEqual({ channels: 1, stored: 'uchar', row: drawn });
    for (const name of ['numbered', 'same', 'alone'].map((one) => `masks/${one}.png`))
      expect((await readFile(join(output, name))).equals(Buffer.from(masks[name]!)), name).toBe(true);
  });

  it('stand in a file of labelme as a picture of zeros and ones, cut to the mask', async () => {
    const folder = shared.path('labelme');
    const bits = Uint8Array.from([0, 1, 1, 1]);
    const mask = (
      await sharp(bits, { raw: { width: 2, height: 2, channels: 1 } })
        .toColourspace('b-w')
        .png()
        .toBuffer()
    ).toString('base64');
    const shape = (label: string) => ({
      label,
      points: [
        [2.0, 1.0],
        [3.0, 2.0],
      ],
      shape_type: 'mask',
      flags: {},
      mask,
    });
    const text = JSON.stringify({
      version: '5.8.1',
      shapes: [shape('cat'), shape('dog')],
      imagePath: 'a.png',
      imageData: null,
      imageHeight: 6,
      imageWidth: 8,
    });
    await put(folder, { 'a.json': text, 'a.png': await sharp(grey, raw(1)).png().toBuffer() });
    const same = maskShape((x, y) => (x === 3 && y === 1) || (y === 2 && (x === 2 || x === 3)));
    const { output, problems } = await exported(folder, {
      'a.png': {
        'a.json#0': newAnnotation('lion', same),
        'a.json#1': newAnnotation(
          'dog',
          maskShape((x, y) => y === 2 && x < 4),
        ),
        'new-1': newAnnotation(
          'fox',
          maskShape((x, y) => x === 7 && y === 5),
        ),
      },
    });
    expect(problems).toEqual([]);
    const { shapes } = JSON.parse(await readFile(join(output, 'a.json'), 'utf8'));
    expect(shapes[0]).toEqual({ ...shape('lion') });
    const decoded = async (one: { mask: string }) => {
      const { data, info } = await sharp(Buffer.from(one.mask, 'base64'))
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { size: [info.width, info.height], pixels: [...data] };
    };
    expect(shapes[1]).toMatchObject({
      points: [
        [0, 2],
        [3, 2],
      ],
      shape_type: 'mask',
    });
    expect(await decoded(shapes[1])).toEqual({ size: [4, 1], pixels: [1, 1, 1, 1] });
    expect(shapes[2]).toMatchObject({
      label: 'fox',
      points: [
        [7, 5],
        [7, 5],
      ],
      shape_type: 'mask',
    });
    expect(await decoded(shapes[2])).toEqual({ size: [1, 1], pixels: [1] });
  });
});
