import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { launchBrowserServer } from './chromium';
import { installedVscode } from './installedVscode';
import { resultsDir } from './results';
import { slowLink } from './slowLink';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the VS Code server. */
    readonly serverUrl: string;
    /** Where the browser listens. */
    readonly browserEndpoint: string;
    /** Temporary folder for workspaces. */
    readonly temporaryFolder: string;
  }
}

/** Milliseconds to the server and back. A slow line brings out the tests that read before they wait. */
const roundTrip = Number(process.env.SACCADE_TEST_DELAY ?? 0);

/** One server with the VSIX and one browser for all test files; they outlive a worker that crashes, and end here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [vscode, browser] = await Promise.all([installedVscode({ SACCADE_TEST_HOOK: '1' }), launchBrowserServer()]);
  const { port, url } = vscode.server;
  const link = roundTrip > 0 ? await slowLink({ port, roundTrip, bitsPerSecond: Number.POSITIVE_INFINITY }) : null;
  project.provide('serverUrl', link?.url ?? url);
  project.provide('browserEndpoint', browser.wsEndpoint());
  project.provide('temporaryFolder', vscode.folder);
  return async () => {
    writeFileSync(join(resultsDir('e2e'), 'server.log'), vscode.server.log());
    await browser.close();
    await link?.close();
    await vscode.dispose();
  };
}
