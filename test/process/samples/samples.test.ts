import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(__dirname, '../../..');
const committed = join(root, 'media/samples');

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== 'README.md')
    .sort();
}

describe('media/samples', () => {
  let drawn: string;
  beforeAll(() => {
    drawn = mkdtempSync(join(tmpdir(), 'saccade-samples-'));
    const run = spawnSync(process.execPath, ['scripts/runTs.mjs', 'scripts/samples/generate.ts', '--out', drawn], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(run.status, run.stderr).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(drawn, { recursive: true, force: true }));

  it('is what the generator draws: the same files, the same text to the byte', () => {
    expect(filesIn(drawn)).toEqual(filesIn(committed));
    for (const file of filesIn(committed).filter((path) => /\.(json|jsonl|txt|yaml)$/.test(path))) {
      expect(readFileSync(join(drawn, file), 'utf8'), file).toBe(readFileSync(join(committed, file), 'utf8'));
    }
  });

  it('stays small enough to ship', () => {
    const bytes = filesIn(committed).reduce((sum, file) => sum + statSync(join(committed, file)).size, 0);
    expect(bytes).toBeLessThan(6 * 1024 * 1024);
  });
});
