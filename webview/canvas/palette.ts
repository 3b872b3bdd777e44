/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** Colours tried for one place of the palette, best first. */
export type Wishes = readonly Rgb[];

/** OKLab distance below which two strokes are taken for the same colour at a glance. */
const TOO_CLOSE = 0.08;
/** The same for the first place, the selected rollout, which everything else is compared with. */
const TOO_CLOSE_TO_FIRST = 0.12;

/**
 * One colour for each place, every one apart from those chosen before it: themes give several names the same colour
 * (VS Code's own high contrast light theme makes "orange" a blue). Where no wish is far enough, the farthest is taken.
 */
export function distinctColours(places: readonly Wishes[]): Rgb[] {
  const chosen: Rgb[] = [];
  for (const wishes of places) {
    const room = (colour: Rgb) =>
      Math.min(
        Infinity,
        ...chosen.map((other, i) => colourDistance(colour, other) / (i === 0 ? TOO_CLOSE_TO_FIRST : TOO_CLOSE)),
      );
    const colour = wishes.find((wish) => room(wish) >= 1) ??
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

/** OKLab lightness that strokes have at least on dark themes and at most on light ones. */
const LIGHT_ENOUGH = 0.64;
const DARK_ENOUGH = 0.64;

/** `colour` made lighter or darker until it stands out from `around`, which is black or white. */
export function standingOut(colour: Rgb, around: 'black' | 'white'): Rgb {
  const target = around === 'black' ? 255 : 0;
  const enough = (c: Rgb) => (around === 'black' ? oklab(c)[0] >= LIGHT_ENOUGH : oklab(c)[0] <= DARK_ENOUGH);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((channel) => Math.round(channel + (target - channel) * share));
    const candidate: Rgb = [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0];
    if (enough(candidate)) return candidate;
  }
  return [target, target, target];
}

/** Whether text and lines on `background` are light. */
export function isDark(background: Rgb): boolean {
  return oklab(background)[0] < 0.6;
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
