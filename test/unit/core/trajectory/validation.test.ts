import { expect, test } from 'vitest';
import { isValidationFile, saysValidation } from '../../../../src/core/trajectory/validation';

test('validation is told by the name of a step’s file or of its folder', () => {
  const told = (...files: readonly string[]) =>
    files.filter((file) => isValidationFile('/runs/zoom-eval-data/rollouts', file));
  expect(told('val_5.jsonl', '5-validation.jsonl', 'validation/5.jsonl', 'dumps/val_rollouts/5.jsonl')).toHaveLength(4);
  expect(told('5.jsonl', 'valley/5.jsonl', 'rollouts/invalid_5.jsonl', 'evals.jsonl', 'interval.jsonl')).toEqual([]);
  expect(isValidationFile('/runs/val_rollouts/', '5.jsonl')).toBe(true);
});

test('a row says it itself', () => {
  expect(saysValidation([{ name: 'split', value: 'Val' }])).toBe(true);
  expect(saysValidation([{ name: 'split', value: 'train' }])).toBe(false);
  expect(saysValidation([{ name: 'score', value: 1 }])).toBe(false);
});
