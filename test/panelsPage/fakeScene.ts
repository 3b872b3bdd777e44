import type { Box } from '../../src/core/geometry/box';
import { imageSize, random, things } from './fakeRollouts';

/** A drawn beach of 2250×1500 pixels, another for each group; parts of it are cut at any scale. */
export async function scene(
  group: number,
  part: Box,
  maxSide: number,
): Promise<{ blob: Blob; width: number; height: number }> {
  const width = part.x2 - part.x1;
  const height = part.y2 - part.y1;
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(whole(group), part.x1, part.y1, width, height, 0, 0, canvas.width, canvas.height);
  return {
    blob: await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }),
    width: canvas.width,
    height: canvas.height,
  };
}

const painted = new Map<number, OffscreenCanvas>();

function whole(group: number): OffscreenCanvas {
  const there = painted.get(group);
  if (there !== undefined) return there;
  const canvas = new OffscreenCanvas(imageSize.width, imageSize.height);
  const context = canvas.getContext('2d');
  if (context !== null) paint(context, group);
  painted.set(group, canvas);
  return canvas;
}

function paint(context: OffscreenCanvasRenderingContext2D, group: number): void {
  const { width, height } = imageSize;
  const chance = random(group + 99);
  const sky = context.createLinearGradient(0, 0, 0, height);
  const hue = 190 + Math.floor(chance() * 50);
  sky.addColorStop(0, `hsl(${hue} 45% 58%)`);
  sky.addColorStop(0.55, `hsl(${hue} 40% 82%)`);
  sky.addColorStop(0.56, `hsl(${hue} 35% 48%)`);
  sky.addColorStop(0.7, `hsl(${hue} 30% 62%)`);
  sky.addColorStop(0.71, 'hsl(42 38% 74%)');
  sky.addColorStop(1, 'hsl(38 34% 58%)');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 260; i++) {
    const x = chance() * width;
    const y = height * (0.72 + chance() * 0.26);
    context.fillStyle = `hsl(${Math.floor(chance() * 360)} 45% ${30 + chance() * 35}%)`;
    context.fillRect(x, y, 7 + chance() * 9, 18 + chance() * 20);
    context.beginPath();
    context.arc(x + 5, y - 5, 6, 0, 7);
    context.fill();
  }
  for (const { box } of things) kite(context, box);
  context.font = '22px sans-serif';
  context.fillStyle = '#334';
  context.fillText(`sail ${1000 + group}`, 1200, 850);
}

function kite(context: OffscreenCanvasRenderingContext2D, { x1, y1, x2, y2 }: Box): void {
  const middle = (x1 + x2) / 2;
  context.fillStyle = '#c8322b';
  context.beginPath();
  context.moveTo(middle, y1 + 10);
  context.lineTo(x2 - 30, (y1 + y2) / 2 - 20);
  context.lineTo(middle, y2 - 50);
  context.lineTo(x1 + 30, (y1 + y2) / 2 - 20);
  context.fill();
  context.strokeStyle = '#fff';
  context.lineWidth = 4;
  context.beginPath();
  context.moveTo(middle, y2 - 50);
  context.bezierCurveTo(middle + 50, y2 - 30, middle - 50, y2 - 15, middle, y2 - 2);
  context.stroke();
}
