import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry/box';
import { boxEdgeColours } from '../harness/pixels';
import { RolloutsEditor } from '../harness/rolloutsEditor';
import { type Corners, cutBox, demoFiles, response, scenePng } from '../harness/traces';
import { useWorkbench } from '../harness/useWorkbench';

const near: Corners = [448, 302, 896, 756];
const far: Corners = [1400, 907, 2016, 1360];
const sky: Corners = [112, 75, 560, 302];

/** Two scenes, three rollouts each: regions that differ by rollout. */
async function workspace() {
  const rollouts = ['first.png', 'second.png'].flatMap((image) => [
    { image, group: image, response: response([near, far]), score: 1 },
    { image, group: image, response: response([sky]), score: 0.25 },
    { image, group: image, response: response([far, sky]), score: 0.5 },
  ]);
  return {
    files: {
      ...demoFiles(rollouts, 'run'),
      'run/first.png': await scenePng({ r: 90, g: 90, b: 90 }),
      'run/second.png': await scenePng({ r: 150, g: 150, b: 150 }),
    },
  };
}

/** A box in original pixels on screen, by the viewport the canvas says it has. */
function onScreen(box: Box, view: { readonly scale: number; readonly visible: Box }): Box {
  const x = (value: number) => (value - view.visible.x1) * view.scale;
  const y = (value: number) => (value - view.visible.y1) * view.scale;
  return { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
}

function expectClose(actual: Box | undefined, wanted: Box, tolerance: number): void {
  if (actual === undefined) throw new Error('there is no such region');
  for (const side of ['x1', 'y1', 'x2', 'y2'] as const) {
    expect(Math.abs(actual[side] - wanted[side]), side).toBeLessThanOrEqual(tolerance);
  }
}

describe('the regions of a rollout', async () => {
  const prepared = await workspace();
  const vscode = useWorkbench(() => prepared);
  let editor: RolloutsEditor;

  /** The editor of the folder, with the first rollout selected and nothing else drawn. */
  async function fresh(): Promise<RolloutsEditor> {
    await vscode.workbench.closeAllEditors();
    editor = new RolloutsEditor(vscode.workbench);
    await vscode.workbench.explorerMenu('run', 'Open with Saccade');
    await editor.painted();
    await editor.row(0, 0).click();
    return editor;
  }

  it('lie on the image where the response said, in original pixels', async () => {
    await fresh();
    const { canvas } = await editor.painted();
    expect(canvas.size).toEqual({ width: 2250, height: 1500 });
    expect(canvas.regions.map(({ number }) => number)).toEqual(['1', '2']);
    for (const [index, corners] of [near, far].entries()) {
      expectClose(canvas.regions[index]?.box, cutBox(corners), 1e-6);
      expectClose(canvas.regions[index]?.screen, onScreen(cutBox(corners), canvas.viewport), 0.01);
    }
  });

  it('are painted there: the pixels of their edges differ from the plain scene, those beside them do not', async () => {
    const { canvas } = await editor.painted();
    const colours = await boxEdgeColours(editor, onScreen(cutBox(near), canvas.viewport));
    for (const { side, on, outside } of colours) {
      expect(on, `${side} edge`).not.toEqual(outside);
      expect(outside, `beyond the ${side} edge`).toEqual([90, 90, 90]);
    }
  });

  it('change with the rollout, by keyboard and by mouse', async () => {
    await editor.press('j');
    const next = await editor.until(
      ({ selection, canvas }) => [selection.place, canvas.regions.length],
      [{ group: 0, member: 1 }, 1],
    );
    expectClose(next.canvas.regions[0]?.box, cutBox(sky), 1e-6);
    await editor.row(1, 0).click();
    await editor.until(
      ({ selection, canvas }) => [selection.place, canvas.regions.length],
      [{ group: 1, member: 0 }, 2],
    );
    await editor.press('K');
    await editor.until(({ selection }) => selection.place?.group, 0);
  });

  it('of siblings are drawn in their own colours on 1 to 9, and taken away again', async () => {
    await editor.row(0, 0).click();
    await editor.press('2');
    await editor.until(
      ({ selection, canvas }) => [selection.siblings, new Set(canvas.regions.map(({ palette }) => palette)).size],
      [[1], 2],
    );
    await editor.press('3');
    await editor.until(({ canvas }) => canvas.regions.length, 5);
    await editor.press('2');
    await editor.press('3');
    await editor.until(({ selection, canvas }) => [selection.siblings, canvas.regions.length], [[], 2]);
  });

  it('are found by the pointer, and step with the keyboard', async () => {
    const { canvas } = await editor.painted();
    const { screen, id } = canvas.regions[1]!;
    const at = await editor.onPage((screen.x1 + screen.x2) / 2, screen.y1);
    await vscode.workbench.page.mouse.move(at.x, at.y);
    await editor.until(({ selection }) => selection.hover, id);
    await vscode.workbench.page.mouse.click(at.x, at.y);
    await editor.until(({ selection }) => selection.region, id);
    await editor.press(']');
    await editor.until(({ selection }) => selection.region, canvas.regions[0]!.id);
    await editor.press('Enter');
    const zoomed = await editor.until((shown) => shown.canvas.viewport.scale > canvas.viewport.scale, true);
    expect(zoomed.canvas.fitted).toBe(false);
    await editor.press('f');
    await editor.until((shown) => shown.canvas.fitted, true);
  });

  it('are marked in the raw text, one key away', async () => {
    await editor.row(0, 0).click();
    await editor.press('r');
    const raw = editor.frame.locator('#panel-raw');
    await raw.locator('[data-mark]').nth(1).waitFor();
    expect(await raw.textContent()).toContain(response([near, far]));
    await editor.press('r');
    await editor.frame.locator('#panel-turns').waitFor();
  });

  it('leave no error in the window', () => {
    expect(vscode.pageErrors).toEqual([]);
  });
});
