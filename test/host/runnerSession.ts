import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startServer, type VscodeServer } from '../../scripts/lib/vscodeServer.mjs';
import { launchBrowser } from '../e2e/harness/chromium';
import { root } from '../e2e/harness/results';

const deadline = 10 * 60_000;

export interface HostProgram {
  /** Bundle name → TypeScript file; the one named `entry` exports `run(): Promise<void>`. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Where the bundles go, below the checkout. */
  readonly outdir: string;
  /** Environment of the extension host. */
  readonly env: Readonly<Record<string, string>>;
}

export interface HostRun {
  /** 0 when `run` resolved; null when the host never said. */
  readonly code: number | null;
  /** Lines the window logged: VS Code's, and those of the extension host. */
  readonly log: readonly string[];
  readonly serverLog: string;
}

async function bundle({ entryPoints, outdir }: HostProgram): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints,
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

/** The address whose page starts an extension host with this checkout in development and `outdir/entry` as its tests. */
function testUrl(server: VscodeServer, workspace: string, outdir: string): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(join(outdir, 'entry'))],
  ];
  return `${server.url}/?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** Opens the page and waits for the exit code the host reports. */
async function openAndWait(url: string, log: string[]): Promise<number | null> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    let tell = (_code: number | null): void => undefined;
    const ended = new Promise<number | null>((resolve) => {
      tell = resolve;
    });
    const timer = setTimeout(() => tell(null), deadline);
    await page.exposeFunction('codeAutomationExit', (code: number) => tell(code));
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      log.push(args.map(String).join(' '));
    });
    await page.goto(url);
    const code = await ended;
    clearTimeout(timer);
    return code;
  } finally {
    await browser.close();
  }
}

/**
 * Runs a program inside the extension host of the real VS Code, in `ExtensionMode.Test`, on an empty workspace that it
 * finds in `SACCADE_TEST_WORKSPACE`; `SACCADE_ROOT` is the checkout. Expects `dist/` to be built.
 */
export async function runInExtensionHost(program: HostProgram): Promise<HostRun> {
  await bundle(program);
  const folder = mkdtempSync(join(tmpdir(), 'saccade-host-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const server = await startServer({
    dataDir: join(folder, 'data'),
    extensionsDir: join(folder, 'extensions'),
    testDriver: true,
    env: { ...program.env, SACCADE_ROOT: root, SACCADE_TEST_WORKSPACE: workspace },
  });
  const log: string[] = [];
  try {
    const code = await openAndWait(testUrl(server, workspace, program.outdir), log);
    return { code, log, serverLog: server.log() };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
