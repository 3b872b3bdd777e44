import type { DatasetImage } from '../../../src/core/dataset/datasetImage';
import type { ImageRow, LabelCount } from '../../../src/protocol/imageSet';
import { random } from '../fakeRollouts';

/** A made-up image set: beaches with many small and a few large things, as many images as asked for. */

export const labelNames = ['person', 'kite', 'boat', 'bird', 'surfboard', 'umbrella', 'dog', 'bicycle'] as const;
const splits = ['train', 'train', 'train', 'val', 'test'] as const;
const sizes = [
  { width: 640, height: 480 },
  { width: 480, height: 640 },
  { width: 1920, height: 1080 },
  { width: 800, height: 800 },
] as const;

export interface FakeBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label: number;
}

export const sizeOf = (index: number) => sizes[index % sizes.length] ?? sizes[0];
export const splitOf = (index: number): string => splits[index % splits.length] ?? 'train';
export const fileOf = (index: number): string => `${splitOf(index)}2017/${String(index * 37).padStart(12, '0')}.jpg`;

/** Boxes of an image; every eleventh has none, every seventh many small ones. */
export function boxesOf(index: number): readonly FakeBox[] {
  const chance = random(index * 13 + 5);
  const { width, height } = sizeOf(index);
  const number = index % 11 === 4 ? 0 : index % 7 === 2 ? 24 : 1 + Math.floor(chance() * 6);
  const small = number > 15;
  return Array.from({ length: number }, () => {
    const side = small ? 6 + chance() * 20 : 40 + chance() * Math.min(width, height) * 0.5;
    const x1 = chance() * (width - side);
    const y1 = height * 0.3 + chance() * (height * 0.7 - side);
    return { x1, y1, x2: x1 + side, y2: y1 + side * (0.6 + chance() * 0.4), label: Math.floor(chance() ** 2 * 8) };
  });
}

export function rowOf(index: number, sorted: number | null | undefined): ImageRow {
  const boxes = boxesOf(index);
  const { width, height } = sizeOf(index);
  return {
    index,
    key: String(index * 37),
    file: fileOf(index),
    width,
    height,
    split: splitOf(index),
    annotations: boxes.length,
    boxes: Float32Array.from(boxes.flatMap(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2])),
    labels: Int32Array.from(boxes.map(({ label }) => label)),
    ...(sorted === undefined ? {} : { sorted }),
  };
}

export function imageOf(index: number): DatasetImage {
  return {
    index,
    key: String(index * 37),
    file: fileOf(index),
    size: sizeOf(index),
    split: splitOf(index),
    annotations: boxesOf(index).map(({ label, ...box }, place) => ({
      id: `${index}:${place}`,
      label: labelNames[label] ?? null,
      shape: { kind: 'box', box },
      box,
      area: (box.x2 - box.x1) * (box.y2 - box.y1),
      crowd: false,
      ignore: false,
      score: null,
      attributes: {},
    })),
    questions: [],
    attributes: {},
  };
}

/** Label counts of the images given. */
export function labelCounts(images: Iterable<number>): readonly LabelCount[] {
  const counts = labelNames.map((label) => ({ label, images: 0, annotations: 0 }));
  for (const index of images) {
    const seen = new Set<number>();
    for (const { label } of boxesOf(index)) {
      const one = counts[label];
      if (one === undefined) continue;
      one.annotations++;
      if (!seen.has(label)) one.images++;
      seen.add(label);
    }
  }
  return counts;
}

const pool = new Map<string, Promise<string>>();

/** Address of a picture of an image, whose number it ends in; a few different ones are drawn, so that 100,000 images cost nothing. */
export async function pictureOf(index: number, maxSide: number): Promise<string> {
  const { width, height } = sizeOf(index);
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const key = maxSide > 600 ? `${index}` : `${index % 600}:${maxSide}`;
  const made =
    pool.get(key) ??
    draw(index, Math.round(width * scale), Math.round(height * scale), scale).then((blob) => URL.createObjectURL(blob));
  pool.set(key, made);
  return `${await made}#${index}`;
}

async function draw(index: number, width: number, height: number, scale: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const hue = 190 + ((index * 53) % 60);
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 45% 58%)`);
  sky.addColorStop(0.5, `hsl(${hue} 40% 82%)`);
  sky.addColorStop(0.51, `hsl(${hue} 35% 48%)`);
  sky.addColorStop(0.7, `hsl(${hue} 30% 62%)`);
  sky.addColorStop(0.71, 'hsl(42 38% 74%)');
  sky.addColorStop(1, 'hsl(38 34% 58%)');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (const { x1, y1, x2, y2, label } of boxesOf(index)) {
    context.fillStyle = `hsl(${label * 47} 55% 42%)`;
    context.beginPath();
    context.ellipse(
      ((x1 + x2) / 2) * scale,
      ((y1 + y2) / 2) * scale,
      ((x2 - x1) / 2) * scale,
      ((y2 - y1) / 2) * scale,
      0,
      0,
      7,
    );
    context.fill();
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}
