/**
 * Runs `test/host/**` inside the extension host of the real VS Code (the development extension is this checkout) and
 * writes `test-results/host.json`. Arguments: test files, or none for all. Expects `dist/` to be built.
 */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startServer, type VscodeServer } from '../../scripts/lib/vscodeServer.mjs';
import { launchBrowser } from '../e2e/harness/chromium';
import { resultsDir, root } from '../e2e/harness/results';
import type { FileResult } from './runnerEntry';

const deadline = 10 * 60_000;

/** One bundle a test file, so that results name their file; `entry.ts` is the program the extension host loads. */
async function bundle(files: readonly string[], outdir: string): Promise<void> {
  const entryPoints = Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), file]));
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints, entry: 'test/host/runnerEntry.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'sharp', '@duckdb/node-api'],
    logLevel: 'warning',
  });
}

function testUrl(server: VscodeServer, workspace: string, outdir: string): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(join(outdir, 'entry'))],
  ];
  return `${server.url}/?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** Opens the page that starts the extension host under test; resolves with the exit code the host reports. */
async function runInHost(url: string, log: string[]): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const code = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no end after ${deadline / 60_000} minutes`)), deadline);
      const ended = (exitCode: number) => {
        clearTimeout(timer);
        resolve(exitCode);
      };
      void page.exposeFunction('codeAutomationExit', ended);
      void page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) =>
        log.push(args.map(String).join(' ')),
      );
    });
    await page.goto(url);
    return await code;
  } finally {
    await browser.close();
  }
}

function printResults({ testResults }: { readonly testResults: readonly FileResult[] }): void {
  for (const { name, message, assertionResults } of testResults) {
    console.log(` ${name}`);
    for (const { fullName, status, failureMessages } of assertionResults) {
      console.log(`   ${{ passed: '✓', failed: '×', pending: '-' }[status]} ${fullName}`);
      for (const failure of failureMessages) console.log(failure);
    }
    if (message !== '') console.log(`   × ${message}`);
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : globSync('test/host/**/*.test.ts', { cwd: root });
  const outdir = join(root, '.bootstrap', 'host-tests');
  rmSync(outdir, { recursive: true, force: true });
  await bundle(files, outdir);
  const folder = mkdtempSync(join(tmpdir(), 'saccade-host-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const results = join(resultsDir(), 'host.json');
  rmSync(results, { force: true });
  writeFileSync(join(outdir, 'files.json'), JSON.stringify(files));
  const server = await startServer({
    dataDir: join(folder, 'data'),
    extensionsDir: join(folder, 'extensions'),
    testDriver: true,
    env: { SACCADE_HOST_RESULTS: results, SACCADE_ROOT: root, SACCADE_TEST_WORKSPACE: workspace },
  });
  const log: string[] = [];
  try {
    process.exitCode = await runInHost(testUrl(server, workspace, outdir), log);
    printResults(JSON.parse(readFileSync(results, 'utf8')));
  } catch (error) {
    console.error(`The extension host's tests did not end: ${String(error)}\n${log.slice(-40).join('\n')}`);
    process.exitCode = 1;
  } finally {
    writeFileSync(join(resultsDir('host'), 'window.log'), log.join('\n'));
    writeFileSync(join(resultsDir('host'), 'server.log'), server.log());
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

void main();
