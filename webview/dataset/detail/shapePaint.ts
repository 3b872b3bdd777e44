import type { Box } from '../../../src/core/geometry/box';
import { inDevicePixels, lineWidth, type PaintFrame } from '../../canvas/paintFrame';
import type { InkColours } from '../../canvas/theme';
import type { DrawnShape } from './drawn';

/** How one shape stands among the others. */
export interface ShapeLook {
  readonly ink: InkColours;
  /** Of what is inside, 0–1. */
  readonly fill: number;
  /** CSS pixels. */
  readonly width: number;
  readonly dashed: boolean;
}

/** CSS pixels. */
const markRadius = 4;
const labelHeight = 16;
const labelPadding = 4;
const longestLabel = 40;
const nameGap = 8;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A shape with its halo, which is left out while the view moves: what one can't see in motion. */
export function paintShape(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  shape: DrawnShape,
  look: ShapeLook,
): void {
  const { view, ratio, moving } = frame;
  const scale = view.scale * ratio;
  const line = lineWidth(frame, look.width) / scale;
  context.save();
  context.setTransform(scale, 0, 0, scale, view.x * ratio, view.y * ratio);
  context.lineJoin = 'round';
  if (shape.closed && look.fill > 0) {
    const whole = context.globalAlpha;
    context.globalAlpha = whole * look.fill;
    context.fillStyle = look.ink.stroke;
    context.fill(shape.path, shape.rule);
    context.globalAlpha = whole;
  }
  if (!moving) {
    context.strokeStyle = look.ink.halo;
    context.lineWidth = line + (2 * lineWidth(frame, 1)) / scale;
    context.stroke(shape.path);
  }
  context.setLineDash(look.dashed ? [line * 3, line * 2] : []);
  context.strokeStyle = look.ink.stroke;
  context.lineWidth = line;
  context.stroke(shape.path);
  context.restore();
  for (const mark of shape.marks) paintMark(context, frame, mark, look, mark.hidden);
}

/** A keypoint or a point: a disc, hollow where it is hidden. */
function paintMark(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  { x, y }: Place,
  { ink, width }: ShapeLook,
  hollow: boolean,
): void {
  const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
  context.beginPath();
  context.arc(at.x1, at.y1, markRadius * frame.ratio, 0, 2 * Math.PI);
  context.fillStyle = hollow ? ink.halo : ink.stroke;
  context.fill();
  context.lineWidth = lineWidth(frame, hollow ? width : 1.5);
  context.strokeStyle = hollow ? ink.stroke : ink.halo;
  context.stroke();
}

/** Square handles at corners that can be moved, the active one filled. */
export function paintCorners(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  corners: readonly Place[],
  ink: InkColours,
  active: number | null,
): void {
  const side = lineWidth(frame, 7);
  const line = lineWidth(frame, 1);
  for (const [i, { x, y }] of corners.entries()) {
    const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
    const [left, top] = [Math.round(at.x1 - side / 2), Math.round(at.y1 - side / 2)];
    context.fillStyle = ink.halo;
    context.fillRect(left - 2 * line, top - 2 * line, side + 4 * line, side + 4 * line);
    context.fillStyle = ink.stroke;
    context.fillRect(left - line, top - line, side + 2 * line, side + 2 * line);
    if (i === active) continue;
    // Light on any theme, as handles are elsewhere.
    context.fillStyle = '#ffffff';
    context.fillRect(left, top, side, side);
  }
}

/** What turns a shape: a disc on a stalk. Both in CSS pixels on screen. */
export function paintKnob(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  { from, at }: { readonly from: Place; readonly at: Place },
  ink: InkColours,
): void {
  const { ratio } = frame;
  for (const [colour, width] of [
    [ink.halo, 3],
    [ink.stroke, 1],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth(frame, width);
    context.beginPath();
    context.moveTo(from.x * ratio, from.y * ratio);
    context.lineTo(at.x * ratio, at.y * ratio);
    context.stroke();
  }
  for (const [colour, radius] of [
    [ink.halo, 6],
    [ink.stroke, 5],
    ['#ffffff', 4],
  ] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(at.x * ratio, at.y * ratio, radius * ratio, 0, 2 * Math.PI);
    context.fill();
  }
}

/** A few words at the right of a point of the image, on the colour of what they belong to. */
export function paintName(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  { x, y }: Place,
  name: string,
  ink: InkColours,
): void {
  const at = inDevicePixels(frame, { x1: x, y1: y, x2: x, y2: y });
  const { ratio } = frame;
  paintWords(context, frame, { x: at.x1 + nameGap * ratio, y: at.y1 - (labelHeight * ratio) / 2 }, name, ink);
}

/** The name of a category on its colour, above the shape's top left corner, inside where there is no room above. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  bounds: Box,
  label: string,
  ink: InkColours,
): void {
  const { x1, y1 } = inDevicePixels(frame, bounds);
  const height = labelHeight * frame.ratio;
  paintWords(context, frame, { x: Math.max(0, x1), y: y1 - height >= 0 ? y1 - height : Math.max(0, y1) }, label, ink);
}

/** @param corner the top left one, in device pixels. */
function paintWords(
  context: CanvasRenderingContext2D,
  { ratio, theme }: PaintFrame,
  corner: Place,
  words: string,
  ink: InkColours,
): void {
  const text = plain(words);
  if (text === '') return;
  context.font = `${(theme.fontSize - 2) * ratio}px ${theme.fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const height = labelHeight * ratio;
  const width = context.measureText(text).width + 2 * labelPadding * ratio;
  const [left, top] = [Math.round(corner.x), Math.round(corner.y)];
  context.fillStyle = ink.stroke;
  context.fillRect(left, top, Math.ceil(width), height);
  context.fillStyle = ink.text;
  context.fillText(text, left + labelPadding * ratio, top + height / 2);
}

/** One short line: labels come from files and can hold anything. */
function plain(text: string): string {
  const line = text
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > longestLabel ? `${line.slice(0, longestLabel - 1)}…` : line;
}
