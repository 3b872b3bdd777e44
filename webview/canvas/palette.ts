/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** Colours tried for one place of the palette, best first. */
export type Wishes = readonly Rgb[];

/** OKLab distance below which two strokes are taken for the same colour at a glance. */
const TOO_CLOSE = 0.1;

/**
 * One colour for each place, every one apart from those chosen before it: themes give several names the same colour
 * (VS Code's own high contrast light theme makes "orange" a blue). Where no wish is far enough, the farthest is taken.
 */
export function distinctColours(places: readonly Wishes[]): Rgb[] {
  const chosen: Rgb[] = [];
  for (const wishes of places) {
    const room = (colour: Rgb) => Math.min(Infinity, ...chosen.map((other) => colourDistance(colour, other)));
    const colour = wishes.find((wish) => room(wish) >= TOO_CLOSE) ??
      [...wishes].sort((a, b) => room(b) - room(a))[0] ?? [128, 128, 128];
    chosen.push(colour);
  }
  return chosen;
}

/** Euclidean distance in OKLab: 0 for equal colours, 1 between black and white. */
export function colourDistance(a: Rgb, b: Rgb): number {
  const [la, aa, ba] = oklab(a);
  const [lb, ab, bb] = oklab(b);
  return Math.hypot(la - lb, aa - ab, ba - bb);
}

/** Black or white, whichever reads better on or around `colour`. */
export function contrasting(colour: Rgb): Rgb {
  return oklab(colour)[0] > 0.62 ? [0, 0, 0] : [255, 255, 255];
}

export function css([r, g, b]: Rgb, alpha = 1): string {
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** Björn Ottosson's OKLab (2020), from 8-bit sRGB. */
function oklab([red, green, blue]: Rgb): [number, number, number] {
  const r = linear(red);
  const g = linear(green);
  const b = linear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}
