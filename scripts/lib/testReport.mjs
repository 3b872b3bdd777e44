/** Adds up what the runners reported, over one run or two, and finds test files that none of them did. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { root } from './machine.mjs';

/** Every `test/**` file that is a test by its name, relative to the checkout, with forward slashes. */
export function testFiles() {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

const statusOf = { passed: 'passed', failed: 'failed', pending: 'skipped', skipped: 'skipped', todo: 'skipped' };
/** Stands for what failed in a file outside its tests: a hook, or the file could not be loaded. */
const outside = 'outside its tests';

/**
 * A runner's results in the shape of vitest's JSON reporter: test file → its tests, each with name and status. A file
 * that failed while none of its tests did has one failed test more. Empty when the runner left no results.
 */
export function readResults(json) {
  const results = new Map();
  if (!existsSync(json)) return results;
  for (const { name, message, status, assertionResults } of JSON.parse(readFileSync(json, 'utf8')).testResults) {
    const tests = assertionResults.map((test) => ({ name: test.fullName, status: statusOf[test.status] ?? 'failed' }));
    const broken = status === 'failed' || (tests.length === 0 && Boolean(message));
    if (broken && !tests.some(failed)) tests.push({ name: outside, status: 'failed' });
    if (tests.length > 0) results.set(relative(root, resolve(root, name)).split(sep).join('/'), tests);
  }
  return results;
}

const failed = (test) => test.status === 'failed';

/** Those of `files` in which something failed, or of which the results know nothing. */
export function failedFiles(results, files) {
  return files.filter((file) => results.get(file)?.some(failed) ?? true);
}

/** Tests of one file by name; of several with one name, each has its own key. */
function byName(tests) {
  const keyed = new Map();
  for (const test of tests) {
    let key = test.name;
    for (let copy = 2; keyed.has(key); copy++) key = `${test.name} (${copy})`;
    keyed.set(key, test.status);
  }
  return keyed;
}

/**
 * Joins a first run with a second one of some of its files. A test that passed in either run has passed; one that
 * failed in the other is flaky, as is what failed outside the tests the first time alone. Every test is there once.
 */
export function joinRuns(first, second) {
  const results = new Map(first);
  const flaky = [];
  for (const [file, tests] of second) {
    const before = byName(first.get(file) ?? [{ name: outside, status: 'failed' }]);
    const now = byName(tests);
    const doubtful = [...before].filter(([name, status]) => {
      const again = now.get(name);
      return status === 'failed' ? again !== 'failed' : status === 'passed' && again === 'failed';
    });
    for (const [name] of doubtful) flaky.push(`${file} > ${name}`);
    const status = (name) => (before.get(name) === 'passed' ? 'passed' : now.get(name));
    results.set(
      file,
      [...now.keys()].map((name) => ({ name, status: status(name) })),
    );
  }
  return { results, flaky };
}

export class TestReport {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Files of which a runner reported at least one test. */
  reported = new Set();
  /** Tests that failed in one run and passed in another, as `file > name`. */
  flaky = [];

  /** A check that is not a test file: the build, the types, lint, the package. */
  check(ok) {
    if (ok) this.passed++;
    else this.failed++;
  }

  /** Counts every test of the results. */
  add(results) {
    for (const [file, tests] of results) {
      this.reported.add(file);
      for (const { status } of tests) this[status]++;
    }
  }

  get summary() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}
