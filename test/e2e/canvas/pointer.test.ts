import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CanvasSnapshot } from '../../../webview/canvas/snapshot';
import type { BoxEdit } from '../../../webview/canvas/tools/boxEdit';
import { ordered } from '../../../webview/canvas/view';
import { type OpenPage, openCanvasPage } from '../../canvasPage/openPage';

let open: OpenPage;

beforeAll(async () => {
  open = await openCanvasPage({ still: true });
  await open.page.evaluate(`(() => {
    window.told = [];
    p.canvas.onHover((id) => told.push('hover ' + id));
    p.canvas.onSelect((id) => told.push('select ' + id));
  })()`);
});
afterAll(() => open.close());
beforeEach(async () => {
  await open.page.mouse.move(1190, 10);
  await run(`p.group(); p.canvas.fit(); p.canvas.setSelection(null)`);
  await open.page.evaluate('told.length = 0');
});

const run = (script: string) => open.page.evaluate(`(() => { ${script} })()`);
const told = () => open.page.evaluate<string[]>('told');

/** The canvas once it has come to rest. */
async function settled(): Promise<CanvasSnapshot> {
  await open.until('p.canvas.snapshot().settled');
  return open.page.evaluate<CanvasSnapshot>('p.canvas.snapshot()');
}

async function middleOf(id: string): Promise<{ x: number; y: number }> {
  const region = (await settled()).regions.find((candidate) => candidate.id === id)!;
  return { x: (region.screen.x1 + region.screen.x2) / 2, y: (region.screen.y1 + region.screen.y2) / 2 };
}

/** Colour of the pixel on the topmost painted layer, as the screen shows it. */
async function pixel(x: number, y: number): Promise<number[]> {
  const [r, g, b] = await open.page.evaluate<number[]>(`(() => {
    const layers = [...p.canvas.element.querySelectorAll('canvas')];
    const flat = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
    for (const layer of layers) flat.drawImage(layer, -${x}, -${y});
    return [...flat.getImageData(0, 0, 1, 1).data];
  })()`);
  return [r!, g!, b!];
}

describe('a box that may be changed', () => {
  beforeEach(() =>
    run(`window.edits = []; p.canvas.setSelection('5'); p.canvas.boxes.setEditable('5');
      if (!window.listens) p.canvas.boxes.onEdit((edit) => edits.push(edit)); window.listens = true`),
  );
  afterEach(() => run('p.canvas.boxes.setEditable(null)'));
  const cursorIs = (name: string) => open.until(`p.canvas.element.style.cursor === '${name}'`);
  const edits = () => open.page.evaluate<BoxEdit[]>('edits');

  it('is moved where it is pulled, while the view stays', async () => {
    const { viewport, regions } = await settled();
    // Its corners are written in any order.
    const box = ordered(regions.find(({ id }) => id === '5')!.box);
    const middle = await middleOf('5');
    await open.page.mouse.move(middle.x, middle.y);
    await cursorIs('move');
    await open.page.mouse.down();
    await open.page.mouse.move(middle.x + 60, middle.y + 30, { steps: 6 });
    expect((await settled()).held!.box.x1).toBe(Math.round(box.x1 + 60 / viewport.scale));
    await open.page.mouse.up();
    const all = await edits();
    expect(all.filter(({ phase }) => phase === 'commit')).toEqual([all.at(-1)]);
    expect(all.at(-1)!.box.y2 - box.y2).toBeCloseTo(30 / viewport.scale, -1);
    expect((await settled()).viewport).toEqual(viewport);
    expect((await told()).filter((line) => line.startsWith('select'))).toEqual([]);
  });

  it('is resized by a handle; a drag that is given up changes nothing and does not pan', async () => {
    const { viewport, regions } = await settled();
    const five = regions.find(({ id }) => id === '5')!;
    const { screen } = five;
    const box = ordered(five.box);
    await open.page.mouse.move(screen.x2, screen.y2);
    await cursorIs('se-resize');
    await open.page.mouse.down();
    await open.page.mouse.move(screen.x2 + 40, screen.y2 + 40, { steps: 4 });
    const held = (await settled()).held!;
    expect([held.box.x1, held.box.y1]).toEqual([box.x1, box.y1]);
    await run('p.canvas.boxes.cancel()');
    await open.page.mouse.move(screen.x2 + 80, screen.y2, { steps: 2 });
    await open.page.mouse.up();
    expect((await edits()).at(-1)).toEqual({ id: '5', box, phase: 'cancel' });
    expect((await settled()).viewport).toEqual(viewport);
  });

  it('leaves panning and selecting beside it as they were', async () => {
    const before = await middleOf('5');
    await open.page.mouse.click(1190, 300);
    await open.page.mouse.move(1190, 300);
    await open.page.mouse.down();
    await open.page.mouse.move(1150, 280, { steps: 4 });
    await open.page.mouse.up();
    expect((await middleOf('5')).x - before.x).toBeCloseTo(-40, 5);
    await expect.poll(told).toContain('select null');
    expect(await edits()).toEqual([]);
  });
});

describe('the canvas under a real pointer', () => {
  it('shows what lies under the pointer and selects it on a click', async () => {
    const five = await middleOf('5');
    await open.page.mouse.move(five.x, five.y);
    await open.page.mouse.click(five.x, five.y);
    await expect.poll(told).toEqual(['hover 5', 'select 5']);
    const { hover, selection } = await settled();
    expect([hover, selection]).toEqual(['5', '5']);
    await open.page.mouse.move(1190, 300);
    await open.page.mouse.click(1190, 300);
    await expect.poll(told).toEqual(['hover 5', 'select 5', 'hover null', 'select null']);
  });

  it('zooms at the cursor with the wheel', async () => {
    const cursor = { x: 420, y: 190 };
    const under = async () => {
      const { scale, visible } = (await settled()).viewport;
      return { scale, x: visible.x1 + cursor.x / scale, y: visible.y1 + cursor.y / scale };
    };
    const before = await under();
    await open.page.mouse.move(cursor.x, cursor.y);
    await open.page.mouse.wheel(0, -400);
    await open.until('!p.canvas.snapshot().fitted');
    const after = await under();
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    expect(after.scale).toBeGreaterThan(before.scale * 1.9);
  });

  it('pans with the left button anywhere, and such a drag selects nothing', async () => {
    const before = await middleOf('5');
    await open.page.mouse.move(before.x, before.y);
    await open.page.mouse.down();
    await open.page.mouse.move(before.x + 100, before.y + 60, { steps: 5 });
    await open.page.mouse.up();
    const after = await middleOf('5');
    expect([after.x - before.x, after.y - before.y]).toEqual([100, 60]);
    expect((await told()).filter((line) => line.startsWith('select'))).toEqual([]);
  });

  it('pans with the middle button and with Space', async () => {
    const before = await middleOf('1');
    await open.page.mouse.move(600, 600);
    await open.page.mouse.down({ button: 'middle' });
    await open.page.mouse.move(630, 600, { steps: 3 });
    await open.page.mouse.up({ button: 'middle' });
    await run('p.canvas.element.focus()');
    await open.page.keyboard.down(' ');
    await open.page.mouse.down();
    await open.page.mouse.move(650, 600, { steps: 3 });
    await open.page.mouse.up();
    await open.page.keyboard.up(' ');
    expect((await middleOf('1')).x - before.x).toBeCloseTo(50, 5);
    expect((await told()).filter((line) => line.startsWith('select'))).toEqual([]);
  });

  it('goes between fitted and 1:1 on a double click', async () => {
    await open.page.mouse.dblclick(600, 700);
    expect((await settled()).viewport.scale).toBe(1);
    await open.page.mouse.dblclick(600, 700);
    expect((await settled()).fitted).toBe(true);
  });

  it('is left by Tab', async () => {
    await run(`p.canvas.element.focus();
      if (!document.getElementById('after')) document.body.append(Object.assign(document.createElement('button'), { id: 'after' }))`);
    await open.page.keyboard.press('Tab');
    expect(await open.page.evaluate('document.activeElement.id')).toBe('after');
  });
});

describe('what the canvas paints', () => {
  it('draws a region where its box lies on the image', async () => {
    const { regions } = await settled();
    const five = regions.find(({ id }) => id === '5')!;
    const [r, g, b] = await pixel(Math.round(five.screen.x1), Math.round((five.screen.y1 + five.screen.y2) / 2));
    // The selected rollout's blue in the dark theme.
    expect([r, g, b]).toEqual([89, 164, 249]);
  });

  it('follows a change of theme', async () => {
    await run(`p.theme('light')`);
    await settled();
    expect(await pixel(4, 4)).toEqual([255, 255, 255]);
    await run(`p.theme('dark')`);
    await settled();
    expect(await pixel(4, 4)).toEqual([31, 31, 31]);
  });

  it('is painted again when a hidden window comes back, since browsers drop what hidden canvases hold', async () => {
    await settled();
    await run(
      `for (const layer of p.canvas.element.querySelectorAll('canvas')) layer.getContext('2d').clearRect(0, 0, 1200, 800)`,
    );
    await run(`document.dispatchEvent(new Event('visibilitychange'))`);
    await open.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await pixel(4, 4)).toEqual([31, 31, 31]);
  });

  it('stays fitted through a resize and paints without a gap', async () => {
    await open.page.setViewportSize({ width: 800, height: 600 });
    await open.until('p.canvas.viewport.width === 800');
    expect((await settled()).fitted).toBe(true);
    expect(await pixel(4, 4)).toEqual([31, 31, 31]);
    await open.page.setViewportSize({ width: 1200, height: 800 });
    await open.until('p.canvas.viewport.width === 1200');
  });

  it('keeps the view while the same image gets a better picture, and fits another one', async () => {
    await run('p.canvas.zoomBy(3)');
    const { viewport } = await settled();
    await run('p.group()');
    expect((await settled()).viewport).toEqual(viewport);
    await run('p.awaiting()');
    expect((await settled()).fitted).toBe(true);
  });

  it('runs under a webview’s content policy without a complaint', () => {
    expect(open.complaints).toEqual([]);
  });
});
