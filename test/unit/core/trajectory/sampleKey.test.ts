import { expect, test } from 'vitest';
import { samePictures } from '../../../../src/core/trajectory/samePictures';
import { sampleKeys } from '../../../../src/core/trajectory/sampleKey';

const facts = { prompt: 'user\nWhere is the cup?', groundTruth: 'left', image: 'cup.jpg' };

test('a sample is its prompt, its ground truth and its image, whatever a template or another machine adds', () => {
  const keys = sampleKeys(facts);
  expect(sampleKeys({ ...facts, prompt: '<|im_start|>user\nWhere is  the cup?<|im_end|>' })).toEqual(keys);
  expect(sampleKeys({ ...facts, image: '/data/b/cup.jpg' })).toEqual(keys);
  expect(sampleKeys({ ...facts, groundTruth: 'right' })?.question).not.toBe(keys?.question);
  for (const image of ['mug.jpg', null]) {
    const other = sampleKeys({ ...facts, image });
    expect(other?.question).toBe(keys?.question);
    expect(other?.named).not.toBe(keys?.named);
  }
});

test('a row that says nothing about its prompt is no sample', () => {
  expect(sampleKeys({ prompt: ' \n', groundTruth: 1, image: null })).toBeNull();
});

test('pictures are told by their bytes; one that nobody has is the only one of its name, or none of them', () => {
  const seen = (content: string, name: number | null) => ({ content, name });
  const unseen = (name: number | null) => ({ content: null, name });
  expect(samePictures([seen('x', 1), seen('y', 1), seen('x', 2)])).toEqual({ classes: [0, 1, 0], byName: new Set() });
  // The name 2 is that of x alone; the name 1 is that of two pictures.
  expect(samePictures([seen('x', 1), seen('y', 1), seen('x', 2), unseen(2), unseen(1), unseen(1)])).toEqual({
    classes: [0, 1, 0, 0, 2, 2],
    byName: new Set([0, 2]),
  });
  // Without a name a picture is joined with nothing.
  expect(samePictures([unseen(null), unseen(null)])).toEqual({ classes: [0, 1], byName: new Set() });
});
