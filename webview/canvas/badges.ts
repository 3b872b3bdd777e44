import type { Box, Size } from '../../src/core/geometry/box';
import type { CanvasRegion } from './imageCanvas';
import { placeBadges } from './labelPlacement';
import type { PaintFrame } from './paintFrame';
import { POINT_RADIUS } from './pointPaint';
import { boxOfRow, paletteIndex, type RegionTable } from './regionTable';
import { boxOnScreen, type Point } from './view';

export interface BadgeText {
  readonly row: number;
  readonly text: string;
  readonly dim: boolean;
}

/** Where each numbered row's badge was painted: top left corner, CSS pixels. */
export type BadgePlaces = ReadonlyMap<number, Point>;

const HEIGHT = 16;
const PADDING = 5;
const FONT_SIZE = 11;
/** Numbers are short; anything longer is a mistake of the data and must not cover the image. */
const LONGEST = 8;
const DIM_ALPHA = 0.7;

/** Paints a number at a corner of each box, most important first, without covering one with another where possible. */
export function paintBadges(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  table: RegionTable,
  badges: readonly BadgeText[],
): BadgePlaces {
  const numbered = badges.filter((badge) => badge.text !== '');
  setFont(context, frame);
  const sizes = numbered.map((badge) => badgeSize(context, frame, badge.text));
  const requests = numbered.map((badge, i) => ({
    box: badgeBox(frame, boxOfRow(table, badge.row), table.regions[badge.row]),
    size: sizes[i] ?? { width: 0, height: 0 },
  }));
  const places = placeBadges(requests, frame.screen);
  const painted = new Map<number, Point>();
  for (let i = numbered.length - 1; i >= 0; i--) {
    const badge = numbered[i];
    const place = places[i];
    const size = sizes[i];
    if (badge === undefined || size === undefined || place === undefined || place === null) continue;
    painted.set(badge.row, place);
    context.globalAlpha = badge.dim ? DIM_ALPHA : 1;
    paintBadge(context, frame, paletteIndex(table.regions[badge.row]?.palette ?? 0), badge.text, place, size);
  }
  context.globalAlpha = 1;
  return painted;
}

/** One badge at a known place, or where it fits best: for the region under the pointer and the selected one. */
export function paintSingleBadge(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  table: RegionTable,
  row: number,
  known: Point | undefined,
  box = boxOfRow(table, row),
): void {
  const region = table.regions[row];
  if (region === undefined || region.number === '') return;
  setFont(context, frame);
  const size = badgeSize(context, frame, region.number);
  const place = known ?? placeBadges([{ box: badgeBox(frame, box, region), size }], frame.screen)[0];
  if (place) paintBadge(context, frame, paletteIndex(region.palette), region.number, place, size);
}

/** What a badge must not cover: the box on screen, or the mark of a point. */
function badgeBox(frame: PaintFrame, of: Box, region: CanvasRegion | undefined): Box {
  const box = boxOnScreen(frame.view, of);
  if (region?.point === undefined) return box;
  const reach = POINT_RADIUS + 2;
  return { x1: box.x1 - reach, y1: box.y1 - reach, x2: box.x2 + reach, y2: box.y2 + reach };
}

function setFont(context: CanvasRenderingContext2D, frame: PaintFrame): void {
  context.font = `600 ${FONT_SIZE * frame.ratio}px ${frame.theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
}

function badgeSize(context: CanvasRenderingContext2D, frame: PaintFrame, text: string): Size {
  const width = context.measureText(short(text)).width / frame.ratio + 2 * PADDING;
  return { width: Math.max(HEIGHT, Math.ceil(width)), height: HEIGHT };
}

function paintBadge(
  context: CanvasRenderingContext2D,
  { ratio, theme }: PaintFrame,
  palette: number,
  text: string,
  place: Point,
  size: Size,
): void {
  const ink = theme.inks[palette];
  if (ink === undefined) return;
  const [x, y] = [Math.round(place.x * ratio), Math.round(place.y * ratio)];
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  const line = Math.max(1, Math.round(ratio));
  context.fillStyle = ink.halo;
  context.fillRect(x - line, y - line, width + 2 * line, height + 2 * line);
  context.fillStyle = ink.stroke;
  context.fillRect(x, y, width, height);
  context.fillStyle = ink.text;
  // Digits have no descenders: their middle is about 0.36 of the font size above the baseline.
  context.fillText(short(text), x + width / 2, Math.round(y + height / 2 + FONT_SIZE * ratio * 0.36));
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
