import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { launchBrowserServer } from './chromium';
import { installedVscode } from './installedVscode';
import { resultsDir } from './results';

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

/** One server with the VSIX and one browser for all test files; they outlive a worker that crashes, and end here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [vscode, browser] = await Promise.all([installedVscode({ SACCADE_TEST_HOOK: '1' }), launchBrowserServer()]);
  project.provide('serverUrl', vscode.server.url);
  project.provide('browserEndpoint', browser.wsEndpoint());
  project.provide('temporaryFolder', vscode.folder);
  return async () => {
    writeFileSync(join(resultsDir('e2e'), 'server.log'), vscode.server.log());
    await browser.close();
    await vscode.dispose();
  };
}
