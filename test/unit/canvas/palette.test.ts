import { describe, expect, it } from 'vitest';
import { colourDistance, distinctColours, isDark, type Rgb, standingOut } from '../../../webview/canvas/palette';
import { wheelTravel } from '../../../webview/canvas/pointerInput';

const RED: Rgb = [230, 20, 0];
const BLUE: Rgb = [0, 99, 211];
const NAVY: Rgb = [10, 90, 200];
const GREEN: Rgb = [56, 138, 52];

describe('colours of siblings', () => {
  it('takes the first wish that differs from all before it', () => {
    expect(distinctColours([[BLUE], [NAVY, GREEN], [GREEN, RED]])).toEqual([BLUE, GREEN, RED]);
  });

  it('takes the farthest when a theme leaves no distinct one', () => {
    expect(distinctColours([[BLUE], [[0, 99, 212], NAVY]])).toEqual([BLUE, NAVY]);
  });

  it('measures as the eye does: black to white is 1, equal is 0', () => {
    expect(colourDistance([0, 0, 0], [255, 255, 255])).toBeCloseTo(1, 3);
    expect(colourDistance(RED, RED)).toBe(0);
    expect(colourDistance(RED, GREEN)).toBeGreaterThan(colourDistance(BLUE, NAVY));
  });

  it('are lightened against a black halo and darkened against a white one, as little as needed', () => {
    const yellow: Rgb = [245, 245, 67];
    const purple: Rgb = [101, 45, 144];
    expect(standingOut(yellow, 'black')).toEqual(yellow);
    expect(standingOut(purple, 'white')).toEqual(purple);
    expect(isDark(standingOut(purple, 'black'))).toBe(false);
    expect(colourDistance(standingOut(yellow, 'white'), [255, 255, 255])).toBeGreaterThan(0.3);
  });

  it('knows a dark background from a light one', () => {
    expect([isDark([31, 31, 31]), isDark([255, 255, 255])]).toEqual([true, false]);
  });
});

describe('the wheel', () => {
  const travel = (deltaY: number, deltaMode = 0, ctrlKey = false) => wheelTravel({ deltaY, deltaMode, ctrlKey });

  it('zooms by the same for a notch in pixels and one in lines', () => {
    expect(Math.exp(travel(100))).toBeCloseTo(1.22, 2);
    expect(Math.exp(travel(3, 1))).toBeCloseTo(1.22, 2);
  });

  it('follows a pinch more closely than a wheel', () => {
    expect(travel(4, 0, true)).toBeCloseTo(0.04);
    expect(travel(100, 0, true)).toBe(travel(100));
  });

  it('is never thrown far by a device that reports nonsense', () => {
    expect(travel(1e9)).toBe(0.7);
    expect(travel(-1e9)).toBe(-0.7);
    expect(travel(Number.NaN)).toBe(0);
  });
});
