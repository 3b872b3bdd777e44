import { describe, expect, it } from 'vitest';
import { placeBadges, placeLabel } from '../../../webview/canvas/labelPlacement';

const screen = { width: 400, height: 300 };
const size = { width: 20, height: 16 };
const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });

describe('numbers of regions', () => {
  it('sit on the outside of the upper left corner', () => {
    expect(placeBadges([{ box: box(100, 100, 200, 200), size }], screen)).toEqual([{ x: 100, y: 84 }]);
  });

  it('stay inside the view when the corner is not', () => {
    const [above, across, around] = placeBadges(
      [
        { box: box(100, -50, 200, 40), size },
        { box: box(390, 100, 500, 200), size },
        { box: box(-500, -500, 900, 900), size },
      ],
      screen,
    );
    expect(above).toEqual({ x: 100, y: 2 });
    expect(across).toEqual({ x: 378, y: 84 });
    expect(around).toEqual({ x: 2, y: 2 });
  });

  it('give way to more important ones at the same corner', () => {
    const same = { box: box(100, 100, 200, 200), size };
    const places = placeBadges([same, same, same, same], screen);
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(4);
    expect(places[0]).toEqual({ x: 100, y: 84 });
  });

  it('are left out for boxes that are not in view', () => {
    expect(placeBadges([{ box: box(500, 100, 600, 200), size }], screen)).toEqual([null]);
  });
});

describe('the label of the hovered region', () => {
  const label = { width: 120, height: 40 };

  it('lies above its box, below it where the top has no room, inside where neither has', () => {
    expect(placeLabel(box(100, 100, 200, 200), label, screen, 10)).toEqual({ x: 100, y: 50 });
    expect(placeLabel(box(100, 20, 200, 200), label, screen, 10)).toEqual({ x: 100, y: 210 });
    expect(placeLabel(box(100, 20, 200, 280), label, screen, 10)).toEqual({ x: 100, y: 30 });
  });

  it('stays inside the view, also for a box outside it', () => {
    expect(placeLabel(box(350, 100, 390, 200), label, screen, 10).x).toBe(278);
    expect(placeLabel(box(900, 900, 990, 990), label, screen, 10)).toEqual({ x: 278, y: 250 });
  });
});
