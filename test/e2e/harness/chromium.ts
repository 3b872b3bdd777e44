import { type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';
import { findChromium } from '../../../scripts/lib/machine.mjs';

function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('Chromium was not found: run node scripts/bootstrap.mjs --chromium');
  return {
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}

/** A browser that other processes connect to. */
export function launchBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer(launchOptions());
}

/** A browser of this process. */
export function launchBrowser() {
  return chromium.launch(launchOptions());
}
