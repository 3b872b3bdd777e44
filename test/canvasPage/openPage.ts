import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lib/machine.mjs';

/** A page that shows nothing but the canvas, in a browser of its own. */
export interface OpenPage {
  readonly page: Page;
  /** What the page's content policy refused and what went wrong in it; empty when all is well. */
  readonly complaints: string[];
  /** Looks at every frame until the expression holds. (Playwright's own waiting needs eval, which the policy refuses.) */
  until(expression: string): Promise<void>;
  close(): Promise<void>;
}

const POLICY =
  "default-src 'none'; img-src 'self' blob: data:; script-src 'nonce-canvas'; style-src 'nonce-canvas'; font-src 'self'";

/** Bundles the page and opens it under the content policy of a webview. `still`: with reduced motion. */
export async function openCanvasPage(options: { still: boolean; ratio?: number }): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-canvas-'));
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join('test', 'canvasPage', 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    target: 'chrome128',
  });
  const style = 'html, body { height: 100%; margin: 0; overflow: hidden }';
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
      `<style nonce="canvas">${style}</style></head><body><script nonce="canvas">${outputFiles[0]?.text ?? ''}</script></body></html>`,
  );
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('Chromium was not found: install it or set SACCADE_CHROMIUM.');
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, deviceScaleFactor: options.ratio ?? 1 });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${pathToFileURL(join(folder, 'index.html'))}${options.still ? '#still' : ''}`);
  await page.evaluate('ready.then(() => true)');
  return {
    page,
    complaints,
    until: async (expression) => {
      await page.evaluate(
        `new Promise((done) => { const look = () => ((${expression}) ? done() : requestAnimationFrame(look)); look(); })`,
      );
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
