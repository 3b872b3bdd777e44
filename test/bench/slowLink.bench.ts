import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { stageExtension } from '../../scripts/lib/stage.mjs';
import { startServer } from '../../scripts/lib/vscodeServer.mjs';
import { launchBrowser } from '../e2e/harness/chromium';
import { openWorkbench } from '../e2e/harness/openWorkbench';
import { type EditorSnapshot, RolloutsEditor } from '../e2e/harness/rolloutsEditor';
import { type SlowLink, slowLink } from '../e2e/harness/slowLink';
import { demoFiles, response, sceneSize } from '../e2e/harness/traces';
import { makeWorkspace } from '../e2e/harness/workspace';
import { type BenchRow, within } from './bench';

export const name = 'slow link';
export const budget = 'over 20 Mbit/s and 80 ms a chosen group paints its image in < 700 ms and sends < 400 KB';

/** Far enough apart that none is the next or previous of one chosen before: those are fetched ahead. */
const chosen = [3, 7, 11, 15, 19];
const groups = 21;

/** Smooth ground with detail at a photo's noise, as JPEG: about a megabyte and a half, like the V* photos. */
function photo(seed: number): Promise<Uint8Array> {
  const noise = (scale: number, sigma: number) => ({
    create: {
      width: Math.ceil(sceneSize.width / scale),
      height: Math.ceil(sceneSize.height / scale),
      channels: 3 as const,
      background: '#000',
      noise: { type: 'gaussian' as const, mean: 96 + 3 * seed, sigma },
    },
  });
  const layer = (scale: number, sigma: number) =>
    sharp(noise(scale, sigma)).resize(sceneSize.width, sceneSize.height, { fit: 'fill' }).png({ compressionLevel: 0 });
  return layer(60, 60)
    .toBuffer()
    .then(async (ground) =>
      sharp(ground)
        .composite([
          { input: await layer(8, 50).toBuffer(), blend: 'soft-light' },
          { input: await layer(2, 40).toBuffer(), blend: 'soft-light' },
        ])
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
}

async function trace(): Promise<Record<string, string | Uint8Array>> {
  const names = Array.from({ length: groups }, (_, index) => `photo${String(index).padStart(2, '0')}.jpg`);
  const rollouts = names.flatMap((image) => [
    { image, group: image, response: response([[448, 302, 896, 756]]), score: 1 },
    { image, group: image, response: response([[1400, 907, 2016, 1360]]), score: 0 },
  ]);
  const files: Record<string, string | Uint8Array> = demoFiles(rollouts, 'run');
  for (const [index, image] of names.entries()) files[`run/${image}`] = await photo(index);
  return files;
}

/** Scrolls the list, which draws only what is in view, to a group; all are of one height. */
async function reveal(editor: RolloutsEditor, group: number): Promise<void> {
  await editor.list.evaluate((list, share) => {
    list.scrollTop = list.scrollHeight * share;
  }, group / groups);
  await editor.row(group, 0).waitFor();
}

/** Clicks a group's first rollout and answers the milliseconds until a frame showed its image. */
function choose(editor: RolloutsEditor, group: number): Promise<number> {
  return editor.frame.locator('body').evaluate(
    (_, wanted) =>
      new Promise<number>((resolve) => {
        const { saccadeTest } = globalThis as unknown as { saccadeTest: { snapshot(): EditorSnapshot } };
        const row = document.getElementById(`row-${wanted}-0`);
        if (row === null) throw new Error(`group ${wanted} has no row on screen`);
        const start = performance.now();
        row.click();
        const look = () => {
          const { selection, canvas, imageSize } = saccadeTest.snapshot();
          const shown = selection.place?.group === wanted && selection.detail === 'ready' && imageSize !== null;
          // The size is known once this group's own picture is set; until then the old one stands dimmed.
          if (shown && canvas.settled) requestAnimationFrame(() => resolve(performance.now() - start));
          else requestAnimationFrame(look);
        };
        look();
      }),
    group,
  );
}

/** Waits until nothing more comes: fetching ahead has ended. */
async function quiet(link: SlowLink): Promise<void> {
  for (let before = -1; before !== link.received(); ) {
    before = link.received();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function measure(editor: RolloutsEditor, link: SlowLink): Promise<BenchRow[]> {
  const cold: { readonly ms: number; readonly bytes: number; readonly ahead: number }[] = [];
  const warm: number[] = [];
  for (const group of chosen) {
    await reveal(editor, group);
    await quiet(link);
    const before = link.received();
    const ms = await choose(editor, group);
    const bytes = link.received() - before;
    await quiet(link);
    cold.push({ ms, bytes, ahead: link.received() - before - bytes });
    await reveal(editor, group + 1);
    warm.push(await choose(editor, group + 1));
  }
  const worst = (values: readonly number[]) => Math.max(...values);
  return [
    within('group chosen, worst of 5, image painted', worst(cold.map(({ ms }) => ms)), 'ms', 700),
    within('bytes until then', worst(cold.map(({ bytes }) => bytes)) / 1000, 'KB', 400),
    { metric: 'bytes fetched ahead afterwards', value: worst(cold.map(({ ahead }) => ahead)) / 1000, unit: 'KB' },
    { metric: 'the next group, fetched ahead', value: worst(warm), unit: 'ms' },
  ];
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'saccade-link-'));
  const extensionsDir = join(folder, 'extensions');
  stageExtension(extensionsDir);
  const workspace = makeWorkspace(folder, { files: await trace() });
  const server = await startServer({ dataDir: join(folder, 'data'), extensionsDir, env: { SACCADE_TEST_HOOK: '1' } });
  const link = await slowLink({ port: server.port, bitsPerSecond: 20e6, roundTrip: 80 });
  const browser = await launchBrowser();
  try {
    const { workbench } = await openWorkbench(browser, link.url, workspace);
    const editor = new RolloutsEditor(workbench);
    await workbench.explorerMenu('run', 'Open with Saccade');
    // The window itself and the webview's code come over the slow line first.
    await editor.painted();
    return { rows: await measure(editor, link) };
  } finally {
    await browser.close();
    await link.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
