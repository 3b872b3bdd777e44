import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Box } from '../../../src/core/geometry/box';
import { type BoxEdit, BoxTool } from '../../../webview/canvas/tools/boxEdit';
import { changeBox } from '../../../webview/canvas/tools/changeBox';
import { handleAt, handleFrame } from '../../../webview/canvas/tools/handles';

const image = { width: 400, height: 300 };
const box = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });

describe('where a box is held', () => {
  it('by corners, by edges along their length, and by all of its inside', () => {
    const large = box(100, 100, 300, 200);
    const held = (x: number, y: number) => handleAt(large, { x, y });
    expect([held(100, 100), held(304, 205), held(297, 97)]).toEqual(['nw', 'se', 'ne']);
    expect([held(140, 103), held(305, 180)]).toEqual(['n', 'e']);
    expect([held(200, 150), held(120, 180)]).toEqual(['move', 'move']);
    expect([held(92, 150), held(200, 207)]).toEqual([null, null]);
  });

  it('leaves eight handles and the inside at least 12 pixels each, however small the box is on screen', () => {
    for (const size of [0, 1, 5, 13, 24, 25, 60]) {
      const small = box(50, 50, 50 + size, 50 + size);
      const frame = handleFrame(small);
      const area = new Map<string, number>();
      for (let x = frame.x1 - 20; x < frame.x2 + 20; x++) {
        const found = handleAt(small, { x: x + 0.5, y: (frame.y1 + frame.y2) / 2 });
        if (found !== null) area.set(found, (area.get(found) ?? 0) + 1);
      }
      expect([...area.keys()]).toEqual(['w', 'move', 'e']);
      expect(Math.min(...area.values())).toBeGreaterThanOrEqual(12);
    }
  });
});

describe('a box that is changed', () => {
  it('stays inside the image with its size, on whole pixels', () => {
    expect(changeBox(box(10, 20, 60, 50), 'move', 7.4, -3.6, image)).toEqual(box(17, 16, 67, 46));
    expect(changeBox(box(10, 20, 60, 50), 'move', 900, -900, image)).toEqual(box(350, 0, 400, 30));
    expect(changeBox(box(-20, 20, 30, 50), 'move', 0, 0, image)).toEqual(box(0, 20, 50, 50));
  });

  it('keeps its corners ordered when an edge is pulled over the other, and a pixel of extent', () => {
    expect(changeBox(box(100, 100, 150, 150), 'e', -80, 0, image)).toEqual(box(70, 100, 100, 150));
    expect(changeBox(box(100, 100, 150, 150), 'nw', 70, 20, image)).toEqual(box(150, 120, 170, 150));
    expect(changeBox(box(100, 100, 150, 150), 's', 0, -50, image)).toEqual(box(100, 100, 150, 101));
    expect(changeBox(box(390, 0, 400, 9), 'w', 99, 0, image)).toEqual(box(399, 0, 400, 9));
    expect(changeBox(box(150, 150, 100, 100), 'ne', 999, -999, image)).toEqual(box(100, 0, 400, 150));
  });

  it('keeps the fraction of an edge that nobody touched', () => {
    expect(changeBox(box(10.5, 20.25, 60.5, 50), 'e', 1, 0, image)).toEqual(box(10.5, 20.25, 62, 50));
  });
});

describe('the tool', () => {
  let told: BoxEdit[] = [];
  let boxes: Record<string, Box> = {};
  const tool = () => {
    const made = new BoxTool({
      view: () => ({ scale: 2, x: 10, y: 0 }),
      image: () => image,
      boxOf: (id) => boxes[id] ?? null,
      repaint: () => undefined,
    });
    made.onEdit((edit) => told.push(edit));
    made.setEditable('a');
    return made;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    boxes = { a: box(100, 100, 150, 150), b: box(0, 0, 9, 9) };
  });
  afterEach(() => vi.useRealTimers());

  it('tells a drag frame by frame in original pixels, then once where it ended', () => {
    const one = tool();
    expect(one.grab({ x: 260, y: 250 })).toBe(true);
    one.drag({ x: 265, y: 250 });
    one.drag({ x: 280, y: 256 });
    one.tell();
    one.tell();
    one.drop(true);
    expect(told).toEqual([
      { id: 'a', box: box(110, 103, 160, 153), phase: 'move' },
      { id: 'a', box: box(110, 103, 160, 153), phase: 'commit' },
    ]);
  });

  it('leaves what lies beside the box, and any box that was not given, to the view', () => {
    const one = tool();
    expect(one.grab({ x: 20, y: 10 })).toBe(false);
    one.setEditable(null);
    expect([one.grab({ x: 260, y: 250 }), one.held, one.nudge(1, 0, 'move')]).toEqual([false, null, false]);
  });

  it('puts the box back when the drag is given up, and ignores the rest of it', () => {
    const one = tool();
    one.grab({ x: 260, y: 250 });
    one.drag({ x: 300, y: 300 });
    expect(one.cancel()).toBe(true);
    one.drag({ x: 320, y: 320 });
    one.drop(true);
    expect(told).toEqual([{ id: 'a', box: boxes.a, phase: 'cancel' }]);
    expect(one.cancel()).toBe(false);
  });

  it('takes a run of keys for one edit, let go by Enter, by rest, or by another box', () => {
    const one = tool();
    const commits = () => told.filter(({ phase }) => phase === 'commit').map((edit) => edit.box);
    one.nudge(1, 0, 'move');
    one.nudge(0, 10, 'move');
    one.nudge(-1, 0, 'resize');
    expect(one.commit()).toBe(true);
    one.nudge(1, 0, 'move');
    vi.advanceTimersByTime(2000);
    one.nudge(0, 1, 'resize');
    one.setEditable('b');
    expect(commits()).toEqual([box(101, 110, 150, 160), box(101, 100, 151, 150), box(100, 100, 150, 151)]);
  });

  it('says nothing was changed where the box came back to its place', () => {
    const one = tool();
    one.nudge(1, 0, 'move');
    one.nudge(-1, 0, 'move');
    one.commit();
    expect(told.map(({ phase }) => phase)).toEqual(['cancel']);
  });
});
