import type { Box, Size } from '../../../../core/geometry/box';
import { components } from '../../../../core/mask/components';
import type { ClickPrompt, Pixels } from '../../../../protocol/segment';
import { onWhole } from './basicMask';
import { drawBorder, enlarged } from './border';
import { reachOf } from './reach';
import { type HeldMask, roughMask } from './roughMask';
import { label, placed } from './seeds';
import { tuning } from './tuning';
import { viewOfBox, wholeView } from './views';
import { disk, type WorkPicture, workPicture } from './workPicture';

/** In its reaches: what of a mask lies farther from a click that takes away is none of its business. */
const ownReaches = 3;

/**
 * A mask that somebody painted, or took from elsewhere, after one more click: nobody knows by which clicks it came to be, so that it is
 * itself what is known. A click that adds leaves all of it and gets the part around itself that belongs to it; one that takes away
 * gets a part of it. A click on what is right already changes nothing.
 * @param base row-major, 1 in the mask. @param clicks in pixels of the picture, the last the new one.
 */
export function mended(pixels: Pixels, base: Uint8Array, clicks: readonly ClickPrompt[]): Uint8Array {
  const click = clicks.at(-1);
  if (click === undefined || agrees(base, click, pixels)) return base;
  const cut = cutAround(pixels, base, click, clicks.slice(0, -1));
  const changed = base.map((value, i) => (value !== cut[i] && (cut[i] === 1) === click.positive ? 1 : 0));
  const part = pieceAt(changed, click, pixels) ?? spot(pixels, base, click);
  return base.map((value, i) => (part[i] === 1 ? (click.positive ? 1 : 0) : value));
}

/** Whether the mask is where the click wants it. */
export function agrees(mask: Uint8Array, click: ClickPrompt, size: Size): boolean {
  return (mask[pixelAt(click, size)] === 1) === click.positive;
}

function cutAround(pixels: Pixels, base: Uint8Array, click: ClickPrompt, before: readonly ClickPrompt[]): Uint8Array {
  const reach = reachOf(click, base, pixels);
  // Those that somebody painted over since are no longer true.
  const kept = before
    .filter((one) => agrees(base, one, pixels))
    .map((one) => ({ ...one, reach: Number.POSITIVE_INFINITY }));
  const prompts = { clicks: [...kept, { ...click, reach }], box: null };
  const picture = workPicture(pixels, viewOfBox(around(base, click, pixels), pixels), tuning.roughSide);
  const part = wholeView(pixels);
  const small = enlarged({ picture: { ...pixels, part, scale: 1, colours: new Float32Array(0) }, mask: base }, picture);
  const rough = { picture, mask: roughMask(picture, prompts, heldOf(picture, small, click, reach)) };
  return onWhole(pixels, drawBorder(pixels, rough, prompts) ?? rough);
}

/** What of the small mask is sure: all of it for a click that adds; else what is not in it, and what is far from the click. */
function heldOf(picture: WorkPicture, mask: Uint8Array, click: ClickPrompt, reach: number): HeldMask {
  const outside = click.positive ? label.open : label.background;
  const known = mask.map((value) => (value === 1 ? label.object : outside));
  if (!click.positive) {
    const { x, y } = placed(picture, click);
    const own = Math.min(reach * ownReaches * picture.scale, Math.max(picture.width, picture.height) / 2);
    disk(picture, x, y, [own, own], (pixel) => {
      if (mask[pixel] === 1) known[pixel] = label.open;
    });
  }
  return { known, guess: mask };
}

/** The piece of a mask that a click is on; null where it is on none. */
function pieceAt(mask: Uint8Array, click: ClickPrompt, size: Size): Uint8Array | null {
  const { labels } = components(mask, size);
  const own = labels[pixelAt(click, size)] ?? 0;
  return own === 0 ? null : mask.map((_, i) => (labels[i] === own ? 1 : 0));
}

/** Where no colour tells what a click means it means the spot itself, up to the border it is near. */
function spot(size: Size, mask: Uint8Array, click: ClickPrompt): Uint8Array {
  const result = new Uint8Array(mask.length);
  const radius = Math.max(
    1,
    Math.min(reachOf(click, mask, size), tuning.clickReach * Math.max(size.width, size.height)),
  );
  disk(size, click.x + 0.5, click.y + 0.5, [radius, radius], (pixel) => {
    result[pixel] = 1;
  });
  return result;
}

function around(mask: Uint8Array, { x, y }: ClickPrompt, { width }: Size): Box {
  const box = { x1: x, y1: y, x2: x + 1, y2: y + 1 };
  mask.forEach((value, i) => {
    if (value === 0) return;
    const [u, v] = [i % width, Math.floor(i / width)];
    box.x1 = Math.min(box.x1, u);
    box.y1 = Math.min(box.y1, v);
    box.x2 = Math.max(box.x2, u + 1);
    box.y2 = Math.max(box.y2, v + 1);
  });
  return box;
}

function pixelAt({ x, y }: ClickPrompt, { width, height }: Size): number {
  const held = (value: number, side: number) => Math.max(0, Math.min(side - 1, Math.round(value)));
  return held(y, height) * width + held(x, width);
}
