import { type Rgb, standingOut } from './palette';
import { type CanvasTheme, type InkColours, inkOf } from './theme';

/** Turns that spread hues evenly however many there are. */
const goldenAngle = 137.508;
const made = new WeakMap<CanvasTheme, Map<number, InkColours>>();

/**
 * The colour of a category by its place among them: those of the theme first, which are told apart best, then hues of our own
 * without end. Null, for no category, is the last of the theme's.
 */
export function labelInk(theme: CanvasTheme, place: number | null): InkColours {
  const { inks, halo } = theme;
  const ink = inks[place ?? inks.length - 1];
  if (ink !== undefined) return ink;
  const known = made.get(theme) ?? new Map<number, InkColours>();
  made.set(theme, known);
  const wanted = place ?? 0;
  const own = known.get(wanted) ?? inkOf(standingOut(hue(wanted * goldenAngle), halo), halo);
  known.set(wanted, own);
  return own;
}

/** A full colour of middle lightness. @param angle degrees. */
function hue(angle: number): Rgb {
  const channel = (shift: number) => {
    const at = (shift + angle / 30) % 12;
    return Math.round(255 * (0.5 - 0.38 * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
