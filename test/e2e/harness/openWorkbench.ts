import type { Browser, BrowserContext } from 'playwright-core';
import { folderUrl } from '../../../scripts/lib/vscodeServer.mjs';
import { Workbench } from './workbench';

const ourScripts = 'dist/webview';
/** The toolkit sets one empty inline style, which the page's policy refuses; its hash is that of nothing. */
const harmless = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** Opens VS Code on a workspace folder in a page of its own. */
export async function openWorkbench(browser: Browser, serverUrl: string, folder: string) {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => {
    if (error.stack?.includes(ourScripts) === true) pageErrors.push(error.stack);
  });
  page.on('console', (message) => {
    if (message.type() !== 'error' || !message.location().url.includes(ourScripts)) return;
    if (!message.text().includes(harmless)) pageErrors.push(message.text());
  });
  await page.goto(folderUrl({ url: serverUrl }, folder));
  const workbench = new Workbench(page);
  await workbench.ready();
  return { context, workbench, pageErrors };
}
