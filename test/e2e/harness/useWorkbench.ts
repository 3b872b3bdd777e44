import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { folderUrl } from '../../../scripts/lib/vscodeServer.mjs';
import { resultsDir } from './results';
import { Workbench } from './workbench';
import { makeWorkspace, type WorkspaceOptions } from './workspace';

export interface WorkbenchFixture {
  readonly workbench: Workbench;
  /** The workspace folder that is open. */
  readonly folder: string;
  /** Errors that our webviews' scripts threw or logged since the page opened; VS Code's own noise is left out. */
  readonly pageErrors: readonly string[];
}

const ourScripts = 'dist/webview';

/** Opens VS Code on a workspace folder in a page of its own. */
export async function openWorkbench(browser: Browser, serverUrl: string, folder: string) {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => {
    if (error.stack?.includes(ourScripts) === true) pageErrors.push(error.stack);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && message.location().url.includes(ourScripts)) pageErrors.push(message.text());
  });
  await page.goto(folderUrl({ url: serverUrl }, folder));
  const workbench = new Workbench(page);
  await workbench.ready();
  return { context, workbench, pageErrors };
}

/**
 * Opens a workspace in VS Code for the tests of one `describe`, and closes it after them. A test that fails leaves
 * `test-results/e2e/<test>.png` behind. `prepare` may need what only exists at run time.
 */
export function useWorkbench(prepare: () => WorkspaceOptions): WorkbenchFixture {
  let browser: Browser | undefined;
  let open: (Awaited<ReturnType<typeof openWorkbench>> & { readonly folder: string }) | undefined;
  const current = () => {
    if (open === undefined) throw new Error('the workbench is open only inside tests');
    return open;
  };

  beforeAll(async () => {
    browser = await chromium.connect(inject('browserEndpoint'));
    const folder = makeWorkspace(inject('temporaryFolder'), prepare());
    open = { ...(await openWorkbench(browser, inject('serverUrl'), folder)), folder };
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
