/**
 * Runs `test/host/**` inside the extension host of the real VS Code (the development extension is this checkout) and
 * writes `test-results/host.json`. Arguments: test files, or none for all. Expects `dist/` to be built.
 */
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDir, root } from '../e2e/harness/results';
import type { FileResult } from './runnerEntry';
import { runInExtensionHost } from './runnerSession';

const marks = { passed: '✓', failed: '×', pending: '-' };

function printResults(testResults: readonly FileResult[]): void {
  for (const { name, message, assertionResults } of testResults) {
    console.log(` ${name}`);
    for (const { fullName, status, failureMessages } of assertionResults) {
      console.log([`   ${marks[status]} ${fullName}`, ...failureMessages].join('\n'));
    }
    if (message !== '') console.log(`   × ${message}`);
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : globSync('test/host/**/*.test.ts', { cwd: root });
  const results = join(resultsDir(), 'host.json');
  rmSync(results, { force: true });
  // One bundle a test file, so that results name their file.
  const { code, log, serverLog } = await runInExtensionHost({
    entryPoints: {
      ...Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), file])),
      entry: 'test/host/runnerEntry.ts',
    },
    outdir: join(root, '.bootstrap', 'host-tests'),
    env: { SACCADE_HOST_FILES: JSON.stringify(files), SACCADE_HOST_RESULTS: results },
  });
  writeFileSync(join(resultsDir('host'), 'window.log'), log.join('\n'));
  writeFileSync(join(resultsDir('host'), 'server.log'), serverLog);
  if (existsSync(results)) printResults(JSON.parse(readFileSync(results, 'utf8')).testResults);
  else console.error(`The extension host did not run the tests (${code}):\n${log.slice(-40).join('\n')}`);
  process.exit(code ?? 1);
}

void main();
