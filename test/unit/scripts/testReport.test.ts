import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { failedFiles, joinRuns, readResults, TestReport } from '../../../scripts/lib/testReport.mjs';

const folder = mkdtempSync(join(tmpdir(), 'saccade-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly [test: string]: 'passed' | 'failed' | 'skipped';
}

/** Results as vitest's JSON reporter writes them; `broken` files failed in a hook, which no test tells. */
function ran(files: Readonly<Record<string, Ran>>, broken: readonly string[] = []) {
  const json = join(folder, 'results.json');
  const testResults = Object.entries(files).map(([file, tests]) => ({
    name: join(process.cwd(), file),
    message: '',
    status: broken.includes(file) || Object.values(tests).includes('failed') ? 'failed' : 'passed',
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
  }));
  writeFileSync(json, JSON.stringify({ testResults }));
  return readResults(json);
}

function summed(...[first, second]: readonly ReturnType<typeof ran>[]) {
  const report = new TestReport();
  const { results, flaky } = joinRuns(first ?? new Map(), second ?? new Map());
  report.add(results);
  return [report.summary, ...flaky];
}

const first = ran({
  'test/e2e/open.test.ts': { opens: 'passed', closes: 'passed' },
  'test/e2e/edit.test.ts': { labels: 'passed', undoes: 'failed', saves: 'failed', links: 'skipped' },
});

it('a run without a second one counts what it says', () => {
  expect(failedFiles(first, ['test/e2e/open.test.ts', 'test/e2e/edit.test.ts'])).toEqual(['test/e2e/edit.test.ts']);
  expect(summed(first)).toEqual(['3 passed, 2 failed, 1 skipped']);
});

it('a test that passes the second time has passed, is told as flaky, and is counted once', () => {
  const second = ran({
    'test/e2e/edit.test.ts': { labels: 'passed', undoes: 'passed', saves: 'passed', links: 'skipped' },
  });
  expect(summed(first, second)).toEqual([
    '5 passed, 0 failed, 1 skipped',
    'test/e2e/edit.test.ts > undoes',
    'test/e2e/edit.test.ts > saves',
  ]);
});

it('a test that fails twice has failed; one that fails the second time alone is flaky', () => {
  const second = ran({
    'test/e2e/edit.test.ts': { labels: 'failed', undoes: 'failed', saves: 'passed', links: 'skipped' },
  });
  expect(summed(first, second)).toEqual([
    '4 passed, 1 failed, 1 skipped',
    'test/e2e/edit.test.ts > labels',
    'test/e2e/edit.test.ts > saves',
  ]);
});

it('a file whose hook failed, or that was not reported at all, counts by its second run', () => {
  const file = 'test/e2e/edit.test.ts';
  const hook = ran({ [file]: { labels: 'skipped', undoes: 'skipped' } }, [file]);
  const well = ran({ [file]: { labels: 'passed', undoes: 'passed' } });
  expect(summed(hook)).toEqual(['0 passed, 1 failed, 2 skipped']);
  expect(summed(hook, well)).toEqual(['2 passed, 0 failed, 0 skipped', `${file} > outside its tests`]);
  expect(summed(hook, hook)).toEqual(['0 passed, 1 failed, 2 skipped']);
  expect(failedFiles(new Map(), [file])).toEqual([file]);
  expect(summed(new Map(), well)).toEqual(['2 passed, 0 failed, 0 skipped', `${file} > outside its tests`]);
});

it('tests of one name are told apart by their order', () => {
  const twice = (...statuses: readonly ('passed' | 'failed')[]) =>
    new Map([['a.test.ts', statuses.map((status) => ({ name: 'reads', status }))]]);
  expect(summed(twice('passed', 'failed'), twice('failed', 'passed'))).toEqual([
    '2 passed, 0 failed, 0 skipped',
    'a.test.ts > reads',
    'a.test.ts > reads (2)',
  ]);
  expect(summed(twice('passed', 'failed'), twice('passed', 'failed'))).toEqual(['1 passed, 1 failed, 0 skipped']);
});

it('no results are no tests', () => {
  expect(readResults(join(folder, 'nothing.json')).size).toBe(0);
});
