import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, runsOf } from '../../../../src/core/mask/rle';
import { cvat } from '../../../../src/formats/imageSet/cvat';
import { imageSetWriter } from '../../../../src/formats/imageSet/write/writers';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';
import { box, drawn, written } from './written';

/** As CVAT's exporter `cvat/apps/dataset_manager/formats/cvat.py` writes images. */
const document = (shapes: string) => `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE annotations [<!ENTITY bomb "boom">]>
<annotations>
  <version>1.1</version>
  <meta><job><id>1</id><labels><label><name>cat</name></label></labels></job></meta>
  <!-- <image name="not this one"> -->
  <image id="0" name="a&amp;b.jpg" subset="Train" task_id="4" width="100" height="80">
${shapes}
  </image>
  <image id="1" name="sub/c.jpg" width="10" height="10">
  </image>
</annotations>
`;
const box1 =
  '    <box label="cat" source="manual" occluded="1" xtl="10.50" ytl="20.00" xbr="30.25" ybr="40.00" z_order="0">\n      <attribute name="colour">bl&lt;ck</attribute>\n    </box>';
const read = (shapes: string) =>
  scanned(cvat, memoryDir({ 'annotations.xml': document(shapes), 'images/a&b.jpg': '' }));

describe('CVAT for images', () => {
  it('has its images, shapes and attributes, and expands nothing that the document declares', async () => {
    const { images, problems } = await read(
      `${box1}
    <box label="turned" xtl="10" ytl="10" xbr="20" ybr="14" rotation="90.00"></box>
    <polygon label="p" points="1.00,1.00;9.00,1.00;9.00,9.00"/>
    <polyline label="&bomb;" points="1,1;2,2"/>
    <points label="pt" points="5,6"/>
    <ellipse label="e" cx="50" cy="40" rx="5" ry="5"/>
    <mask label="m" rle="1, 2, 1" left="3" top="4" width="2" height="2"/>
    <skeleton label="s"><points label="nose" outside="0" occluded="1" points="7,8"/></skeleton>
    <tag label="sunny"/>`,
    );
    expect(problems).toEqual([]);
    expect(images.map(({ key, split, bytes }) => [key, split, bytes])).toEqual([
      ['a&b.jpg', 'Train', { kind: 'file', candidates: ['a&b.jpg', 'images/a&b.jpg', 'a&b.jpg'] }],
      ['sub/c.jpg', null, { kind: 'file', candidates: ['sub/c.jpg', 'images/sub/c.jpg', 'sub/c.jpg'] }],
    ]);
    const annotations = images[0]!.annotations;
    expect(annotations.map(({ label, shape }) => [label, shape.kind])).toEqual([
      ['cat', 'box'],
      ['turned', 'turnedBox'],
      ['p', 'polygons'],
      ['&bomb;', 'line'],
      ['pt', 'points'],
      ['e', 'circle'],
      ['m', 'mask'],
      ['s', 'keypoints'],
      ['sunny', 'tag'],
    ]);
    expect(annotations[0]).toMatchObject({
      box: box(10.5, 20, 30.25, 40),
      attributes: { occluded: '1', colour: 'bl<ck' },
    });
    const turned = annotations[1]!.box!;
    expect([turned.x1, turned.y1, turned.x2, turned.y2].map(Math.round)).toEqual([13, 7, 17, 17]);
    const mask = annotations[6]!.shape;
    expect(mask.kind === 'mask' && areaOf(runsOf(mask.mask.counts, mask.mask.size))).toBe(2);
    expect(annotations[7]?.shape).toMatchObject({ points: [{ x: 7, y: 8, visibility: 1 }], names: ['nose'] });
  });

  it('tells of shapes without a place, and keeps the others', async () => {
    const { images, problems } = await read(
      `${box1}
    <box label="x" xtl="nan" ytl="1" xbr="2" ybr="2"/>
    <polygon label="p" points="1,1;2"/>
    <mask label="m" rle="3" left="0" top="0" width="2" height="2"/>
    <mask label="m" rle="4" left="99" top="0" width="2" height="2"/>
    <cuboid label="c" xtl1="1"/>
    <box label="out" xtl="50" ytl="50" xbr="500" ybr="60"/>`,
    );
    expect(images[0]?.annotations.map(({ label }) => label)).toEqual(['cat', 'out']);
    expect(problems.map(({ element, field }) => [element, field])).toEqual([
      [1, 'xtl'],
      [2, 'points'],
      [3, 'rle'],
      [4, 'mask'],
      [5, 'cuboid'],
      [6, 'box'],
    ]);
  });

  it('never brings a reader down, and never hangs', async () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      '/',
      '<!--',
      '-->',
      '<![CDATA[',
      '<box ',
      'xtl="1"',
      '</image>',
      '<image name="b">',
      '&#x41;',
      ' ',
      'a',
      '<points points="1,1"/>',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (words) => {
        const { images } = await read(words.join(''));
        expect(images.length + 1).toBeGreaterThan(0);
      }),
    );
  });
});

describe('CVAT for video', () => {
  it('has the shapes of its tracks by frame, with what is a keyframe', async () => {
    const xml = `<annotations><version>1.1</version><meta><task><size>3</size><original_size><width>64</width><height>48</height></original_size></task></meta>
<track id="0" label="car"><box frame="0" keyframe="1" outside="0" occluded="0" xtl="1" ytl="1" xbr="5" ybr="5"/><box frame="1" keyframe="0" outside="0" xtl="2" ytl="1" xbr="6" ybr="5"/><box frame="2" keyframe="1" outside="1" xtl="2" ytl="1" xbr="6" ybr="5"/></track>
</annotations>`;
    const { images, problems } = await scanned(cvat, memoryDir({ 'annotations.xml': xml }));
    expect(problems).toEqual([]);
    expect(
      images.map(({ key, size, annotations }) => [
        key,
        size?.width,
        annotations.map(({ attributes }) => attributes.keyframe),
      ]),
    ).toEqual([
      ['frame_000000', 64, [true]],
      ['frame_000001', 64, [false]],
      ['frame_000002', 64, []],
    ]);
  });
});

describe('a document of CVAT that is written back', () => {
  const text = document(`${box1}\n    <polygon label="p" points="1.00,1.00;9.00,1.00;9.00,9.00"/>`);
  const dir = memoryDir({ 'annotations.xml': text });
  const writer = imageSetWriter('cvat-xml')!;
  const first = async () => (await scanned(cvat, dir)).images[0]!;

  it('is byte by byte as it was where nothing changed', async () => {
    expect(await written(cvat, writer, dir)).toEqual({ files: { 'annotations.xml': text }, problems: [] });
  });

  it('changes only the attributes of what changed', async () => {
    const [one] = (await first()).annotations;
    const moved = {
      ...one!,
      label: 'c<t',
      shape: { kind: 'box', box: box(10.5, 20, 35, 40) } as const,
      box: box(10.5, 20, 35, 40),
      attributes: { ...one!.attributes, colour: 'red' },
    };
    const { files, problems } = await written(cvat, writer, dir, { 'a&b.jpg': [{ id: one!.id, after: moved }] });
    expect(problems).toEqual([]);
    expect(files['annotations.xml']).toBe(
      text.replace('"cat" s', '"c&lt;t" s').replace('30.25', '35').replace('bl&lt;ck', 'red'),
    );
  });

  it('turns a box: by an attribute more where CVAT left it out, from 0 to 360 degrees', async () => {
    const [one] = (await first()).annotations;
    const turnedBy = async (angle: number) => {
      const after = { ...one!, shape: { kind: 'turnedBox', box: box(10.5, 20, 30.25, 40), angle } as const };
      return written(cvat, writer, dir, { 'a&b.jpg': [{ id: one!.id, after }] });
    };
    const { files, problems } = await turnedBy((-12.5 * Math.PI) / 180);
    expect(problems).toEqual([]);
    expect(files['annotations.xml']).toBe(text.replace('z_order="0"', 'z_order="0" rotation="347.5"'));
    const again = await scanned(cvat, memoryDir(files));
    expect(again.images[0]?.annotations[0]?.shape).toMatchObject({ kind: 'turnedBox', box: box(10.5, 20, 30.25, 40) });
    expect((await turnedBy(0)).files['annotations.xml']).toBe(text);
  });

  it('loses its first shape, and that alone, where a name holds what ends a tag', async () => {
    const named = memoryDir({ 'annotations.xml': text.replace('a&amp;b.jpg', 'a>b.jpg') });
    const [one] = (await scanned(cvat, named)).images[0]!.annotations;
    const { files } = await written(cvat, writer, named, { 'a>b.jpg': [{ id: one!.id, after: null }] });
    const [image] = (await scanned(cvat, memoryDir(files))).images;
    expect([image?.key, image?.size?.width, image?.annotations.map(({ label }) => label)]).toEqual([
      'a>b.jpg',
      100,
      ['p'],
    ]);
  });

  it('loses and gets shapes and images', async () => {
    const [one] = (await first()).annotations;
    const fresh = (id: string) => ({ id, after: drawn(id, 'new', [1, 2, 3, 4]) });
    const changes = { 'a&b.jpg': [{ id: one!.id, after: null }, fresh('n')], 'sub/c.jpg': [fresh('m')] };
    const { files } = await written(cvat, writer, dir, changes);
    const again = await scanned(cvat, memoryDir(files));
    expect(again.images.map(({ annotations }) => annotations.map(({ label, box: own }) => [label, own]))).toEqual([
      [
        ['p', box(1, 1, 9, 9)],
        ['new', box(1, 2, 3, 4)],
      ],
      [['new', box(1, 2, 3, 4)]],
    ]);
    const kept = await written(cvat, writer, dir, {}, (key) => key === 'sub/c.jpg');
    expect((await scanned(cvat, memoryDir(kept.files))).images.map(({ key }) => key)).toEqual(['sub/c.jpg']);
  });
});

describe('the tracks of a video that are written back', () => {
  /** As CVAT 2 writes them, with the frames that it computed between keyframes. */
  const shape = (frame: number, keyframe: 0 | 1, x: number, outside = 0) =>
    `<box frame="${frame}" keyframe="${keyframe}" outside="${outside}" occluded="0" xtl="${x}.00" ytl="1.00" xbr="${x + 4}.00" ybr="5.00" z_order="0">\n    </box>`;
  const shapes = [shape(0, 1, 1), shape(1, 0, 2), shape(2, 0, 3), shape(3, 1, 3, 1)];
  const text = `<?xml version="1.0"?>
<annotations>
  <version>1.1</version>
  <meta><task><size>4</size><original_size><width>64</width><height>48</height></original_size></task></meta>
  <track id="4" label="car" source="manual">
    ${shapes.join('\n    ')}
  </track>
</annotations>
`;
  const dir = memoryDir({ 'annotations.xml': text });
  const writer = imageSetWriter('cvat-xml')!;
  const frame = async (at: number) => (await scanned(cvat, dir)).images[at]!.annotations[0]!;

  it('are byte by byte as they were where nothing changed', async () => {
    expect(await written(cvat, writer, dir)).toEqual({ files: { 'annotations.xml': text }, problems: [] });
  });

  it('get a keyframe where a shape was moved, and nothing else', async () => {
    const one = await frame(1);
    const own = box(2, 1, 9, 5);
    const after = { ...one, shape: { kind: 'box', box: own } as const, box: own };
    const { files, problems } = await written(cvat, writer, dir, { frame_000001: [{ id: one.id, after }] });
    expect(problems).toEqual([]);
    const moved = shape(1, 1, 2).replace('"6.00"', '"9"');
    expect(files['annotations.xml']).toBe(text.replace(shapes[1]!, moved));
  });

  it('end where a shape was removed, and go on behind it', async () => {
    const [one, two] = [await frame(0), await frame(1)];
    const { files } = await written(cvat, writer, dir, {
      frame_000000: [{ id: one.id, after: null }],
      frame_000001: [{ id: two.id, after: null }],
    });
    expect(files['annotations.xml']).toBe(
      text
        .replace(shapes[0]!, shape(0, 1, 1, 1))
        .replace(shapes[1]!, shape(1, 1, 2, 1))
        .replace(shapes[2]!, shape(2, 1, 3)),
    );
  });

  it('come where shapes were added, each with a number of its own; what a track cannot say is told', async () => {
    const one = await frame(0);
    const { files, problems } = await written(
      cvat,
      writer,
      dir,
      {
        frame_000000: [
          { id: 'n', after: drawn('n', 'bus', [1, 2, 3, 4]) },
          { id: one.id, after: { ...one, label: 'van' } },
        ],
        frame_000003: [{ id: 'm', after: drawn('m', 'dog', [5, 6, 7, 8]) }],
      },
      (key) => key !== 'frame_000002',
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('A label belongs to a whole track'),
      expect.stringContaining('it is written whole'),
    ]);
    const { images } = await scanned(cvat, memoryDir(files));
    expect(
      images.map(({ annotations }) => annotations.map(({ label, attributes }) => [label, attributes.track])),
    ).toEqual([
      [
        ['car', '4'],
        ['bus', '5'],
      ],
      [['car', '4']],
      [['car', '4']],
      [['dog', '6']],
    ]);
  });
});

describe('a box of CVAT that was turned', () => {
  it('stands straight again', async () => {
    const turned = '<box label="a" xtl="1.00" ytl="2.00" xbr="5.00" ybr="6.00" rotation="90.00"></box>';
    const dir = memoryDir({ 'annotations.xml': document(turned) });
    const [one] = (await scanned(cvat, dir)).images[0]!.annotations;
    const own = box(1, 2, 5, 6);
    const after = { ...one!, shape: { kind: 'box', box: own } as const, box: own };
    const { files } = await written(cvat, imageSetWriter('cvat-xml')!, dir, { 'a&b.jpg': [{ id: one!.id, after }] });
    expect(files['annotations.xml']).toBe(document(turned.replace('90.00', '0')));
  });
});
