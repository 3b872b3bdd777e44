/** Adds up what the runners reported, and finds test files that none of them did. */
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

const counted = { passed: 'passed', failed: 'failed', pending: 'skipped', skipped: 'skipped', todo: 'skipped' };

export class TestReport {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Files of which a runner reported at least one test. */
  reported = new Set();

  /** A check that is not a test file: the build, the types, lint, the package. */
  check(ok) {
    if (ok) this.passed++;
    else this.failed++;
  }

  /** Reads a runner's results in the shape of vitest's JSON reporter. Returns how many failed. */
  read(file) {
    if (!existsSync(file)) return 0;
    const before = this.failed;
    for (const { name, message, assertionResults } of JSON.parse(readFileSync(file, 'utf8')).testResults) {
      for (const { status } of assertionResults) this[counted[status] ?? 'failed']++;
      if (assertionResults.length === 0 && message) this.failed++;
      if (assertionResults.length > 0 || message)
        this.reported.add(relative(root, resolve(root, name)).split(sep).join('/'));
    }
    return this.failed - before;
  }

  get summary() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}
