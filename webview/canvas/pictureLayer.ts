import type { Box, Size } from '../../src/core/geometry/box';
import type { CanvasMask, CanvasPicture } from './imageCanvas';
import type { MaskLayer } from './maskLayer';
import { paintMask } from './maskPaint';
import { inDevicePixels, lineWidth, type PaintFrame } from './paintFrame';
import { paintsCrisp } from './view';

/** CSS pixels of one square of the checker. */
const CHECKER = 8;

export interface PictureScene {
  readonly size: Size | null;
  readonly preview: CanvasPicture | null;
  readonly tiles: readonly CanvasPicture[];
  readonly detail: CanvasPicture | null;
  readonly masks: readonly CanvasMask[];
  /** Above them; it changes often. */
  readonly maskInHand: CanvasMask | null;
}

/** The image with its border, over the editor's background; without an image the background alone. */
export function paintPicture(
  context: CanvasRenderingContext2D,
  frame: PaintFrame,
  scene: PictureScene,
  masks: MaskLayer,
): void {
  const { theme, screen, ratio } = frame;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, Math.ceil(screen.width * ratio), Math.ceil(screen.height * ratio));
  if (scene.size === null) return;
  const box = rounded(inDevicePixels(frame, { x1: 0, y1: 0, x2: scene.size.width, y2: scene.size.height }));
  if (scene.preview === null && scene.detail === null) paintChecker(context, frame, box);
  for (const picture of [scene.preview, ...scene.tiles, scene.detail])
    if (picture !== null) drawPicture(context, frame, picture);
  masks.paint(context, frame, scene.masks);
  if (scene.maskInHand !== null) paintMask(context, frame, scene.maskInHand);
  const width = lineWidth(frame, 1);
  context.strokeStyle = theme.border;
  context.lineWidth = width;
  context.strokeRect(box.x1 - width / 2, box.y1 - width / 2, box.x2 - box.x1 + width, box.y2 - box.y1 + width);
}

function drawPicture(context: CanvasRenderingContext2D, frame: PaintFrame, picture: CanvasPicture): void {
  const { source, box } = picture;
  const width = source instanceof HTMLImageElement ? source.naturalWidth : source.width;
  const height = source instanceof HTMLImageElement ? source.naturalHeight : source.height;
  if (width === 0 || height === 0 || box.x2 <= box.x1 || box.y2 <= box.y1) return;
  const place = rounded(inDevicePixels(frame, box));
  const cut = visiblePart(frame, place, { width, height });
  if (cut === null) return;
  const crisp = paintsCrisp(frame.view.scale, width, box.x2 - box.x1);
  context.imageSmoothingEnabled = !crisp;
  context.imageSmoothingQuality = frame.moving ? 'low' : 'high';
  const { from, to } = cut;
  context.drawImage(
    source,
    from.x1,
    from.y1,
    from.x2 - from.x1,
    from.y2 - from.y1,
    to.x1,
    to.y1,
    to.x2 - to.x1,
    to.y2 - to.y1,
  );
}

/**
 * Cuts a picture to what is on screen, along whole source pixels: at high zoom the browser would otherwise scale far
 * more than one sees. Two pixels more on each side keep the smoothing at the cut as it was.
 */
function visiblePart(frame: PaintFrame, place: Box, source: Size): { from: Box; to: Box } | null {
  const perX = (place.x2 - place.x1) / source.width;
  const perY = (place.y2 - place.y1) / source.height;
  const { screen, ratio } = frame;
  const from = {
    x1: Math.max(0, Math.floor(-place.x1 / perX) - 2),
    y1: Math.max(0, Math.floor(-place.y1 / perY) - 2),
    x2: Math.min(source.width, Math.ceil((screen.width * ratio - place.x1) / perX) + 2),
    y2: Math.min(source.height, Math.ceil((screen.height * ratio - place.y1) / perY) + 2),
  };
  if (from.x2 <= from.x1 || from.y2 <= from.y1) return null;
  const to = {
    x1: place.x1 + from.x1 * perX,
    y1: place.y1 + from.y1 * perY,
    x2: place.x1 + from.x2 * perX,
    y2: place.y1 + from.y2 * perY,
  };
  return { from, to };
}

function paintChecker(context: CanvasRenderingContext2D, frame: PaintFrame, box: Box): void {
  const { screen, ratio, theme } = frame;
  const x1 = Math.max(0, box.x1);
  const y1 = Math.max(0, box.y1);
  const x2 = Math.min(screen.width * ratio, box.x2);
  const y2 = Math.min(screen.height * ratio, box.y2);
  if (x2 <= x1 || y2 <= y1) return;
  const side = CHECKER * ratio;
  context.save();
  context.beginPath();
  context.rect(x1, y1, x2 - x1, y2 - y1);
  context.clip();
  context.fillStyle = theme.checker;
  // Squares hang on the image's corner, so that they travel with it.
  const column = Math.floor((x1 - box.x1) / side);
  const row = Math.floor((y1 - box.y1) / side);
  for (let j = row; box.y1 + j * side < y2; j++) {
    for (let i = column + ((column + j) % 2 === 0 ? 0 : 1); box.x1 + i * side < x2; i += 2) {
      context.fillRect(box.x1 + i * side, box.y1 + j * side, side, side);
    }
  }
  context.restore();
}

function rounded({ x1, y1, x2, y2 }: Box): Box {
  return { x1: Math.round(x1), y1: Math.round(y1), x2: Math.round(x2), y2: Math.round(y2) };
}
