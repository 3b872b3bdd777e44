import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { openWorkbench } from './openWorkbench';
import { resultsDir } from './results';
import type { Workbench } from './workbench';
import { makeWorkspace, type WorkspaceOptions } from './workspace';

export interface WorkbenchFixture {
  readonly workbench: Workbench;
  /** The workspace folder that is open. */
  readonly folder: string;
  /** Errors that our webviews' scripts threw or logged since the page opened; VS Code's own noise is left out. */
  readonly pageErrors: readonly string[];
}

/**
 * Opens a workspace in VS Code for the tests of one `describe`, and closes it after them. A test that fails leaves
 * `test-results/e2e/<test>.png` behind. `prepare` may need what only exists at run time;
 * `serverUrl` leads there by another way, such as a slow link.
 */
export function useWorkbench(
  prepare: () => WorkspaceOptions,
  serverUrl: () => string = () => inject('serverUrl'),
): WorkbenchFixture {
  let browser: Browser | undefined;
  let open: (Awaited<ReturnType<typeof openWorkbench>> & { readonly folder: string }) | undefined;
  const current = () => {
    if (open === undefined) throw new Error('the workbench is open only inside tests');
    return open;
  };

  beforeAll(async () => {
    browser = await chromium.connect(inject('browserEndpoint'));
    const folder = makeWorkspace(inject('temporaryFolder'), prepare());
    open = { ...(await openWorkbench(browser, serverUrl(), folder)), folder };
  });

  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(async () => {
      const name = `${task.suite?.name ?? ''} ${task.name}`.replaceAll(/[^\w]+/g, '-').slice(0, 100);
      await open?.workbench.page.screenshot({ path: join(resultsDir('e2e'), `${name}.png`) });
    });
  });

  afterAll(async () => {
    await open?.context.close();
    await browser?.close();
  });

  return {
    get workbench() {
      return current().workbench;
    },
    get folder() {
      return current().folder;
    },
    get pageErrors() {
      return current().pageErrors;
    },
  };
}
