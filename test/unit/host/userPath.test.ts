import { expect, test } from 'vitest';
import { resolveUserPath } from '../../../src/host/userPath';

test.each([
  ['~/data', '/w', '/home/ada/data'],
  ['~', '/w', '/home/ada'],
  ['~other/data', '/w', '/w/~other/data'],
  [`\${workspaceFolder}/data`, '/w', '/w/data'],
  [`\${userHome}/data`, '/w', '/home/ada/data'],
  ['data/../train.parquet', '/w', '/w/train.parquet'],
  ['/scratch/train.parquet ', '/w', '/scratch/train.parquet'],
  ['data', null, '/home/ada/data'],
])('%s in workspace %s is %s', (written, workspace, path) => {
  expect(resolveUserPath(written, workspace, '/home/ada')).toBe(path);
});
