import type { Box } from '../../../../core/geometry/box';
import type { ClickPrompt } from '../../../../protocol/segment';
import { disk, type WorkPicture } from './workPicture';

/** What is known of a pixel. */
export const label = { open: 0, object: 1, background: 2 } as const;

/** A click and how far it reaches. */
export interface ReachingClick extends ClickPrompt {
  /**
   * Pixels from it to the border of the mask it mends: one who clicks beside a border means to move it a little, one who clicks
   * far from it misses a whole part. Infinite for a first click.
   */
  readonly reach: number;
}

/** Clicks and box in pixels of the whole picture. */
export interface BasicPrompts {
  readonly clicks: readonly ReachingClick[];
  readonly box: Box | null;
}

/** Radius, in pixels that are worked on, of what a click that reaches so far says for sure. */
const clickRadius = 2.3;
const sureOfReach = 0.7;
/** A click that reaches less than a pixel that is worked on says nothing there. */
const leastReach = 1;

/** The clicks that say something on pixels as large as the work picture's. */
export function heard({ scale }: WorkPicture, clicks: readonly ReachingClick[]): readonly ReachingClick[] {
  return clicks.filter(({ reach }) => reach * scale >= leastReach);
}

/** Where on the work picture a click is. */
export function placed(picture: WorkPicture, { x, y }: ClickPrompt): { readonly x: number; readonly y: number } {
  return { x: (x + 0.5 - picture.part.x1) * picture.scale, y: (y + 0.5 - picture.part.y1) * picture.scale };
}

/** The box in whole pixels of the work picture, inside it. */
export function boxOn({ part, scale, width, height }: WorkPicture, box: Box): Box {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));
  return {
    x1: within((box.x1 - part.x1) * scale, width),
    y1: within((box.y1 - part.y1) * scale, height),
    x2: within((box.x2 - part.x1) * scale, width),
    y2: within((box.y2 - part.y1) * scale, height),
  };
}

/** What prompts say for sure: pixels at the clicks, and background all outside the box. Later clicks overrule earlier ones. */
export function seeds(picture: WorkPicture, { clicks, box }: BasicPrompts): Uint8Array {
  const known = new Uint8Array(picture.width * picture.height);
  if (box !== null) {
    known.fill(label.background);
    const { x1, y1, x2, y2 } = boxOn(picture, box);
    for (let y = y1; y < y2; y++) known.fill(label.open, y * picture.width + x1, y * picture.width + x2);
  }
  for (const click of heard(picture, clicks)) {
    const { x, y } = placed(picture, click);
    const value = click.positive ? label.object : label.background;
    const radius = Math.min(clickRadius, click.reach * picture.scale * sureOfReach);
    disk(picture, x, y, [radius, radius], (pixel) => {
      known[pixel] = value;
    });
  }
  return known;
}
