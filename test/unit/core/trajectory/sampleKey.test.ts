import { expect, test } from 'vitest';
import { sampleKey } from '../../../../src/core/trajectory/sampleKey';

const facts = { prompt: 'user\nWhere is the cup?', groundTruth: 'left', image: 'cup.jpg' };

test('a sample is its prompt, its ground truth and its image, whatever a template or another machine adds', () => {
  const key = sampleKey(facts);
  expect(sampleKey({ ...facts, prompt: '<|im_start|>user\nWhere is  the cup?<|im_end|>' })).toBe(key);
  expect(sampleKey({ ...facts, image: '/data/b/cup.jpg' })).toBe(key);
  expect(sampleKey({ ...facts, groundTruth: 'right' })).not.toBe(key);
  expect(sampleKey({ ...facts, image: 'mug.jpg' })).not.toBe(key);
  expect(sampleKey({ ...facts, image: null })).not.toBe(key);
});

test('a row that says nothing about its prompt is no sample', () => {
  expect(sampleKey({ prompt: ' \n', groundTruth: 1, image: null })).toBeNull();
});
