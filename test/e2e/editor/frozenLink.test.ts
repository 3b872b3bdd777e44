import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { type SlowLink, slowLink } from '../harness/slowLink';
import { type Corners, cutBox, demoFiles, response, scenePng } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const left: Corners = [112, 75, 560, 302];
const right: Corners = [1400, 907, 2016, 1360];

describe('with the line to the host frozen', async () => {
  const scene = await scenePng({ r: 90, g: 90, b: 90 });
  let link: SlowLink;
  beforeAll(async () => {
    link = await slowLink({
      port: Number(new URL(inject('serverUrl')).port),
      bitsPerSecond: Number.POSITIVE_INFINITY,
      roundTrip: 100,
    });
  });
  afterAll(() => link.close());
  const vscode = useWorkbench(
    () => ({
      files: {
        ...demoFiles(
          [
            { image: 'scene.png', group: 'a', response: response([left, right]), score: 1 },
            { image: 'scene.png', group: 'a', response: response([right]), score: 0 },
          ],
          'run',
        ),
        'run/scene.png': scene,
      },
    }),
    () => link.url,
  );

  it('hover, selection, stepping, siblings and zoom go on: no frame waits for the host', async () => {
    const editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.explorerMenu('run', 'Open with Saccade');
    const before = await editor.painted();
    await editor.row(0, 0).click();
    link.freeze();
    try {
      await editor.press('j');
      const stepped = await editor.until(
        ({ selection, canvas }) => [selection.place, canvas.settled, canvas.regions.map(({ box }) => box.x1)],
        [{ group: 0, member: 1 }, true, [cutBox(right).x1]],
      );
      await editor.press('1');
      await editor.until(({ canvas }) => canvas.regions.length, 3);
      const { screen, id } = stepped.canvas.regions[0]!;
      const at = await editor.onPage((screen.x1 + screen.x2) / 2, screen.y1);
      await vscode.workbench.page.mouse.move(at.x, at.y);
      await editor.until(({ selection }) => selection.hover, id);
      await vscode.workbench.page.mouse.click(at.x, at.y);
      await editor.until(({ selection }) => selection.region, id);
      await editor.press('+');
      await editor.until(({ canvas }) => canvas.viewport.scale > before.canvas.viewport.scale, true);
    } finally {
      link.thaw();
    }
  });
});
