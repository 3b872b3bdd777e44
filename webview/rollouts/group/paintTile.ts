import type { InkColours } from '../../canvas/theme';
import type { Picture } from '../picture/decode';
import type { Mark } from '../picture/marks';

/** CSS pixels. */
const line = 1.5;
const halo = 3.5;
const dash = [4, 3];

/**
 * Draws a small picture with boxes in pixels of its original. Ground truth and calls that brought nothing are dashed, as on
 * the canvas; a wider line below each keeps it legible on any photo.
 * @param scale CSS pixels an original pixel.
 * @param inks by place of the palette.
 */
export function paintTile(
  canvas: HTMLCanvasElement,
  picture: Picture,
  marks: readonly Mark[],
  scale: number,
  inks: readonly InkColours[],
): void {
  const { original, source } = picture;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(original.width * scale * ratio));
  canvas.height = Math.max(1, Math.round(original.height * scale * ratio));
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  for (const { box, kind, failed } of marks) {
    if (box === null || kind === 'logged') continue;
    const [x1, y1, x2, y2] = [box.x1, box.y1, box.x2, box.y2].map((at) => at * scale * ratio) as Corners;
    const outline = (style: string, wide: number, dashes: readonly number[]) => {
      context.strokeStyle = style;
      context.lineWidth = wide * ratio;
      context.setLineDash(dashes.map((length) => length * ratio));
      context.strokeRect(x1, y1, Math.max(1, x2 - x1), Math.max(1, y2 - y1));
    };
    const ink = inks[kind === 'truth' ? 9 : 0];
    if (ink === undefined) continue;
    outline(ink.halo, halo, []);
    outline(ink.stroke, line, kind === 'truth' || failed !== undefined ? dash : []);
  }
}

type Corners = [number, number, number, number];
