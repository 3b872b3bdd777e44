/** Pictures of the canvas in every theme, to be looked at: `node scripts/runTs.mjs test/canvasPage/screenshots.ts FOLDER`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCanvasPage } from './openPage';
import { THEMES } from './themes';

const folder = process.argv[2] ?? join('dist', 'canvas');

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { page, complaints, until, close } = await openCanvasPage({ still: true });
  const shot = async (name: string, prepare: string) => {
    await page.evaluate(`(async () => { ${prepare} })()`);
    await until('p.canvas.snapshot().settled');
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  const zoom = 'p.canvas.zoomToBox({ x1: 380, y1: 900, x2: 900, y2: 1300 }, 0.1)';
  for (const theme of Object.keys(THEMES)) {
    await shot(
      `${theme}-group`,
      `p.theme('${theme}'); p.group(); p.canvas.fit(); p.canvas.setSelection('1'); p.canvas.setHover('2');`,
    );
    await shot(`${theme}-zoomed`, `${zoom}; p.canvas.setSelection('6'); p.canvas.setHover('3.1');`);
  }
  await shot('crowd', `p.theme('dark'); p.crowd(1000); p.canvas.fit(); p.canvas.setHover(null);`);
  await shot('dimmed', `p.dimmed(); p.canvas.element.focus();`);
  await shot(
    'detail',
    `p.group(); await p.detail(); p.canvas.zoomToBox({ x1: 1590, y1: 530, x2: 1690, y2: 600 }, 0.3);`,
  );
  await shot('awaiting', `p.awaiting();`);
  await shot('empty', `p.empty();`);
  await close();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
