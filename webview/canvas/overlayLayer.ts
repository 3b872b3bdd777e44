import type { Box } from '../../src/core/geometry/box';
import { type BadgePlaces, paintSingleBadge } from './badges';
import { BoxStrokes, dashOf } from './boxStrokes';
import type { CanvasRegion } from './imageCanvas';
import { placeLabel } from './labelPlacement';
import { inDevicePixels, lineWidth, type PaintFrame } from './paintFrame';
import { paintPoint } from './pointPaint';
import { boxOfRow, paletteIndex, type RegionTable } from './regionTable';
import type { InkColours } from './theme';
import { handleFrame, handlePlaces } from './tools/handles';
import { boxOnScreen, type Point } from './view';

/** CSS pixels. */
const HANDLE = 7;
/** Light on any theme, as handles are elsewhere; the stroke and its halo set it off. */
const HANDLE_FILL = '#ffffff';
const LABEL_PADDING = 8;
const LABEL_WIDEST = 360;
const LABEL_GAP = 20;
/** Handles need room between them; smaller boxes get the corners only, the smallest none. */
const HANDLES_FROM = 24;
const ALL_HANDLES_FROM = 48;

/** The box that the user can change: where it is in hand, and where it was once it moved. Original pixels. */
export interface OverlayEdit {
  readonly row: number;
  readonly box: Box;
  readonly from: Box | null;
}

export interface OverlayScene {
  readonly table: RegionTable;
  readonly hover: number | null;
  readonly selection: number | null;
  readonly edit: OverlayEdit | null;
  readonly badges: BadgePlaces;
}

/** The hovered and the selected region once more, above all others, and the label of the hovered one. */
export function paintOverlay(context: CanvasRenderingContext2D, frame: PaintFrame, scene: OverlayScene): void {
  const { table, hover, selection, badges, edit } = scene;
  const raised = [selection, hover === selection ? null : hover].filter((row) => row !== null);
  const boxOf = (row: number) => (edit?.row === row ? edit.box : boxOfRow(table, row));
  if (edit?.from) paintOrigin(context, frame, edit.from, inkOfRow(frame, table, edit.row));
  for (const row of raised) paintRaised(context, frame, table, row, boxOf(row), row === hover);
  if (selection !== null) {
    const editable = edit?.row === selection;
    paintHandles(context, frame, boxOf(selection), inkOfRow(frame, table, selection), editable);
  }
  for (const row of raised) paintSingleBadge(context, frame, table, row, badges.get(row), boxOf(row));
  const labelled = edit?.from ? edit.row : hover;
  const region = labelled === null ? undefined : table.regions[labelled];
  if (labelled !== null && region !== undefined) paintLabel(context, frame, region, boxOf(labelled));
}

/** Where a box was that is being moved: a thin, dotted shadow of it. */
function paintOrigin(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  box: Box,
  ink: InkColours | undefined,
): void {
  if (ink === undefined) return;
  const { x1, y1, x2, y2 } = inDevicePixels(frame, box);
  const strokes = new BoxStrokes(context, frame);
  const width = lineWidth(frame, 1);
  strokes.stroke([x1, y1, x2, y2], 1, ink.halo, 3 * width, []);
  strokes.stroke([x1, y1, x2, y2], 1, ink.stroke, width, dashOf('dotted', width));
}

function inkOfRow(frame: PaintFrame, table: RegionTable, row: number): InkColours | undefined {
  return frame.theme.inks[paletteIndex(table.regions[row]?.palette ?? 0)];
}

/** One box with a thicker stroke; with a breath of its colour inside when the pointer is on it. */
function paintRaised(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  table: RegionTable,
  row: number,
  box: Box,
  filled: boolean,
): void {
  const ink = inkOfRow(frame, table, row);
  const region = table.regions[row];
  if (ink === undefined || region === undefined) return;
  const { x1, y1, x2, y2 } = inDevicePixels(frame, box);
  if (region.point !== undefined) {
    paintPoint(context, frame, ink, { x: x1, y: y1 }, region.point, 'raised');
    return;
  }
  const width = lineWidth(frame, 4);
  const halo = width + 2 * lineWidth(frame, 1.5);
  const strokes = new BoxStrokes(context, frame);
  const point = x1 === x2 || y1 === y2 ? [{ x1, y1, x2, y2 }] : [];
  const count = x1 === x2 && y1 === y2 ? 0 : 1;
  if (filled && point.length === 0) {
    context.globalAlpha = 0.14;
    context.fillStyle = ink.stroke;
    context.fillRect(x1, y1, x2 - x1, y2 - y1);
    context.globalAlpha = 1;
  }
  const flat = [x1, y1, x2, y2];
  strokes.stroke(flat, count, ink.halo, halo, []);
  strokes.crosses(point, ink.halo, halo, lineWidth(frame, 2));
  strokes.stroke(flat, count, ink.stroke, width, dashOf(region.stroke, lineWidth(frame, 3)));
  strokes.crosses(point, ink.stroke, width, lineWidth(frame, 1));
}

function paintHandles(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  box: Box,
  ink: InkColours | undefined,
  editable: boolean,
): void {
  if (ink === undefined) return;
  const on = boxOnScreen(frame.view, box);
  const places = editable ? handlePlaces(handleFrame(on)) : marksOfSelection(on);
  const side = lineWidth(frame, HANDLE);
  const line = lineWidth(frame, 1);
  for (const { x, y } of places) {
    const [left, top] = [Math.round(x * frame.ratio - side / 2), Math.round(y * frame.ratio - side / 2)];
    context.fillStyle = ink.halo;
    context.fillRect(left - 2 * line, top - 2 * line, side + 4 * line, side + 4 * line);
    context.fillStyle = ink.stroke;
    context.fillRect(left - line, top - line, side + 2 * line, side + 2 * line);
    context.fillStyle = HANDLE_FILL;
    context.fillRect(left, top, side, side);
  }
}

/** Of a box that is selected and not to be changed: as many handles as it has room for. */
function marksOfSelection({ x1, y1, x2, y2 }: Box): readonly Point[] {
  const [width, height] = [x2 - x1, y2 - y1];
  if (Math.min(width, height) < HANDLES_FROM) return [];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return handlePlaces({ x1, y1, x2, y2 }).filter((place) =>
    place.x === x ? width >= ALL_HANDLES_FROM : place.y === y ? height >= ALL_HANDLES_FROM : true,
  );
}

/** What the box is, and its corners and size in original pixels. */
function paintLabel(context: CanvasRenderingContext2D, frame: PaintFrame, region: CanvasRegion, box: Box): void {
  const { ratio, theme, screen } = frame;
  const { fontSize, fontFamily, label } = theme;
  const titleFont = `600 ${fontSize * ratio}px ${fontFamily}`;
  const detailFont = `${(fontSize - 1) * ratio}px ${fontFamily}`;
  const room = (Math.min(LABEL_WIDEST, screen.width - 8) - 2 * LABEL_PADDING) * ratio;
  const name = [region.number, plain(region.title)].filter((part) => part !== '').join('  ');
  const lines: { text: string; font: string; colour: string }[] = [];
  if (name !== '') lines.push({ text: name, font: titleFont, colour: label.text });
  lines.push({ text: describe(box), font: detailFont, colour: label.detail });
  const fitted = lines.map((line) => {
    context.font = line.font;
    return { ...line, text: ellipsis(context, line.text, room) };
  });
  const widths = fitted.map((line) => {
    context.font = line.font;
    return context.measureText(line.text).width / ratio;
  });
  const lineHeight = fontSize * 1.45;
  const size = {
    width: Math.ceil(Math.max(...widths) + 2 * LABEL_PADDING),
    height: Math.ceil(lineHeight * lines.length + LABEL_PADDING),
  };
  const place = placeLabel(boxOnScreen(frame.view, box), size, screen, LABEL_GAP);
  const [x, y] = [Math.round(place.x * ratio), Math.round(place.y * ratio)];
  const border = lineWidth(frame, 1);
  context.fillStyle = label.border;
  context.fillRect(x - border, y - border, size.width * ratio + 2 * border, size.height * ratio + 2 * border);
  context.fillStyle = label.background;
  context.fillRect(x, y, size.width * ratio, size.height * ratio);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const [i, line] of fitted.entries()) {
    context.font = line.font;
    context.fillStyle = line.colour;
    context.fillText(line.text, x + LABEL_PADDING * ratio, y + (LABEL_PADDING / 2 + lineHeight * (i + 0.5)) * ratio);
  }
}

function describe({ x1, y1, x2, y2 }: Box): string {
  const n = (value: number) => String(Math.round(value * 10) / 10);
  return `${n(x1)}, ${n(y1)} – ${n(x2)}, ${n(y2)}  ·  ${n(x2 - x1)} × ${n(y2 - y1)} px`;
}

/** One line of at most 200 characters: titles come from model output and can hold anything. */
function plain(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

function ellipsis(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
