import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { DatasetScenario } from './dataset/fakeDatasetHost';
import type { Scenario } from './fakeHost';

/** An editor over a made-up host, in a browser of its own. */
export interface PanelsBrowser<S = Scenario> {
  /** A page of the editor; `theme` is a key of `panelThemes`. */
  open(scenario: S & { theme?: string; state?: unknown }, size?: { width: number; height: number }): Promise<Page>;
  /** What a page's content policy refused and what went wrong in it; empty when all is well. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Milliseconds before every answer of the fake host. Slow answers bring out the tests that read before they wait. */
const answerDelay = Number(process.env.SACCADE_TEST_DELAY ?? 0);

/** VS Code's policy for our webviews, with this server in the place of its resource host. */
const policy =
  "default-src 'none'; img-src 'self' blob: data:; script-src 'nonce-panels'; style-src 'self'; font-src 'self'; connect-src 'self'; worker-src blob:";

interface BrowserOptions {
  readonly reducedMotion?: boolean;
}

export const openPanelsBrowser = (options: BrowserOptions = {}): Promise<PanelsBrowser> =>
  openBrowser('rollouts', 'page.ts', options);

/** The dataset editor. */
export const openDatasetBrowser = (options: BrowserOptions = {}): Promise<PanelsBrowser<DatasetScenario>> =>
  openBrowser('dataset', join('dataset', 'page.ts'), options);

async function openBrowser<S>(editor: string, page: string, options: BrowserOptions): Promise<PanelsBrowser<S>> {
  const server = await serve(await bundle(editor, page), editor);
  const browser: Browser = await chromium.launch({
    executablePath: process.env.SACCADE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  const complaints: string[] = [];
  const { port } = server.address() as AddressInfo;
  return {
    complaints,
    async open(given, size = { width: 1440, height: 900 }) {
      const scenario = answerDelay > 0 ? { delay: answerDelay, ...given } : given;
      const page = await browser.newPage({
        viewport: size,
        reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
      });
      page.on('pageerror', (error) => complaints.push(`${error.message}\n${error.stack ?? ''}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !isHarmless(message.text())) complaints.push(message.text());
      });
      await page.goto(`http://127.0.0.1:${port}/#${encodeURIComponent(JSON.stringify(scenario))}`);
      await page.waitForSelector('.editor > *');
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** The toolkit writes one empty inline style, which every strict policy refuses without harm. */
const isHarmless = (text: string): boolean => text.includes('inline style');

async function bundle(editor: string, page: string): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: { editor: `webview/${editor}/main.ts`, page: join('test', 'panelsPage', page) },
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: 'chrome128',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  });
  return new Map(outputFiles.map((file) => [`/${basename(file.path)}`, file.contents]));
}

const kinds: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

function serve(files: ReadonlyMap<string, Uint8Array>, editor: string): Promise<Server> {
  const page =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="editor.css"></head>' +
    `<body data-saccade="${editor}"><script nonce="panels" src="page.js"></script><script nonce="panels" src="editor.js"></script></body></html>`;
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/, '');
    const file = path === '/' ? page : files.get(path);
    const kind = path === '/' ? 'text/html' : (kinds[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': kind, 'content-security-policy': policy });
    response.end(file ?? '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
