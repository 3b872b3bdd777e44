import { beforeAll, describe, expect, it } from 'vitest';
import { openSet, sharedSet } from './openSet';

const images = '"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}]';
const categories = '"categories": [{"id": 1, "name": "boat"}]';
const good = '{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12}';
const deep = '['.repeat(200_000) + ']'.repeat(200_000);

/** Each file with what is wrong in it: element, field and message. */
const files: Readonly<
  Record<string, readonly [text: string, ...(readonly [number | null, string | null, string | RegExp])[]]>
> = {
  'torn.json': [
    `{${images}, ${categories}, "annotations": [${good}, {"id": 2, "image_id": 1, "bbo`,
    [null, null, /cut off here/],
  ],
  'numbers.json': [
    `{${images}, ${categories}, "annotations": [${good}, {"id": 3, "image_id": 1, "category_id": 1, "bbox": [NaN, 1e999, 1, 2], "area": -Infinity}]}`,
    [1, 'annotations.bbox', /something else than finite numbers/],
    [1, 'annotations.area', '"area" is -Infinity.'],
  ],
  'prototype.json': [
    `{"__proto__": {"images": 1}, ${images}, ${categories}, "annotations": [{"__proto__": {"area": 5}, "id": 4, "image_id": 1, "category_id": 1, "bbox": [1, 2, -3, 4], "constructor": {}}]}`,
    [0, 'annotations.bbox', 'The box has a negative side.'],
  ],
  'deep.json': [
    `{${images}, ${categories}, "annotations": [{"id": 5, "segmentation": ${deep}, "image_id": 1, "bbox": [0, 0, 1, 1]}], "info": ${deep}}`,
    [null, 'info', /nested too deep/],
  ],
  'twice.json': [
    `{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}, {"file_name": "c.jpg", "width": -4, "height": 3}, 9], ${categories}, "annotations": [${good}, ${good}]}`,
    [1, 'images.id', 'The image 1 is stated a second time.'],
    [2, 'images.id', /no id/],
    [2, 'images.width', "The image's size is -4 × 3."],
    [3, 'images.id', /no id/],
    [3, 'images.file_name', /neither/],
    [3, null, 'The element is no object.'],
    [1, 'annotations.id', 'The annotation 1 is stated a second time.'],
  ],
  'texts.json': [
    `{"images": [{"id": "1", "file_name": "../../etc/passwd"}], ${categories}, "annotations": [${good}, {"image_id": "1", "category_id": "boat"}]}`,
    [0, 'annotations.image_id', 'There is no image 1.'],
    [null, 'categories', 'There is no category boat: it is shown by its id.'],
  ],
};

describe('a COCO file that is not as it should be', () => {
  let shared: Awaited<ReturnType<typeof sharedSet>>;
  beforeAll(async () => {
    shared = await sharedSet(Object.fromEntries(Object.entries(files).map(([name, [text]]) => [name, text])));
  });

  it.each(Object.keys(files))('%s opens with its good rows and says what is wrong, and where', async (name) => {
    const [, ...expected] = files[name] ?? [''];
    const { info, image } = await openSet(shared.client, shared.path(name));
    const told = info.problems
      .filter(({ message }) => !/not found|None of the/.test(message))
      .map(({ element, field, message }) => [element, field, message]);
    expect(told).toEqual(
      expected.map(([element, field, message]) => [
        element,
        field,
        typeof message === 'string' ? message : expect.stringMatching(message),
      ]),
    );
    if (name !== 'texts.json') expect((await image(0)).annotations[0]).toMatchObject({ shape: { kind: 'box' } });
    expect(({} as { area?: number }).area).toBeUndefined();
  });

  it('names a file outside its folders in vain', async () => {
    const { file } = await openSet(shared.client, shared.path('texts.json'));
    expect(await file(0)).toBeNull();
  });
});
