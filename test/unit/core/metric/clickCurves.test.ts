import { expect, test } from 'vitest';
import { maskIou } from '../../../../src/core/mask/pixels';
import { clicksTo, fails, iouAfter, meanAndError } from '../../../../src/core/metric/clickCurves';

test('NoC is the first click that reaches the target, or the cap', () => {
  expect(clicksTo([0.5, 0.85, 0.8, 0.9], 0.85, 20)).toBe(2);
  expect(clicksTo([0.5, 0.6], 0.85, 20)).toBe(20);
  expect(clicksTo([0.1, 0.2, 0.9], 0.85, 2)).toBe(2);
});

test('an object that gets there with its last click did not fail', () => {
  expect(fails([0.1, 0.9], 0.9, 2)).toBe(false);
  expect(fails([0.1, 0.89], 0.9, 2)).toBe(true);
});

test('a curve that ended early stays where it ended', () => {
  expect(iouAfter([0.4, 1], 5)).toBe(1);
  expect(iouAfter([0.4, 1], 1)).toBe(0.4);
  expect(iouAfter([], 1)).toBeNull();
});

test('means come with the standard error of the sample', () => {
  expect(meanAndError([1, 2, 3, 4])).toEqual({ mean: 2.5, error: Math.sqrt(5 / 3 / 4) });
  expect(meanAndError([0.5])).toEqual({ mean: 0.5, error: null });
  expect(meanAndError([])).toBeNull();
});

test('IoU leaves out pixels that are ignored; two empty masks are alike', () => {
  expect(maskIou(Uint8Array.of(1, 1, 0, 1), Uint8Array.of(1, 0, 1, 255))).toBeCloseTo(1 / 3);
  expect(maskIou(Uint8Array.of(0, 0), Uint8Array.of(0, 255))).toBe(1);
});
