import sharp from 'sharp';
import type { Box, Size } from '../../../src/core/geometry/box';

/** The size of a V* photo: Qwen2.5-VL sees it as 2240 × 1512, so that a wrong frame puts a box visibly elsewhere. */
export const sceneSize: Size = { width: 2250, height: 1500 };
export const inputSize: Size = { width: 2240, height: 1512 };

/** Boxes in model-input pixels, as a response names them. */
export type Corners = readonly [number, number, number, number];

/** Where a box of model-input pixels lies in the original: plain proportion, written apart from the code under test. */
export function expectedBox([x1, y1, x2, y2]: Corners): Box {
  const sx = sceneSize.width / inputSize.width;
  const sy = sceneSize.height / inputSize.height;
  return { x1: x1 * sx, y1: y1 * sy, x2: x2 * sx, y2: y2 * sy };
}

/** What the ACTIVE-O3 demo cuts for such a box: whole pixels, `int()` of each corner. */
export function cutBox(corners: Corners): Box {
  const { x1, y1, x2, y2 } = expectedBox(corners);
  return { x1: Math.trunc(x1), y1: Math.trunc(y1), x2: Math.trunc(x2), y2: Math.trunc(y2) };
}

/** A plain scene: one grey, so that what is painted over it stands out, and `hue` to tell scenes apart. */
export function scenePng(hue: { readonly r: number; readonly g: number; readonly b: number }): Promise<Uint8Array> {
  return sharp({ create: { ...sceneSize, channels: 3, background: hue } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** A response in the words of ACTIVE-O3's prompt. */
export function response(boxes: readonly Corners[], thought = 'The sign may stand at the kerb.'): string {
  const regions = boxes.map((box) => ({ bbox_2d: box, label: 'region relevant to the question' }));
  return `<think>${thought}</think><answer>${JSON.stringify(regions)}</answer>`;
}

export interface DemoRollout {
  readonly image: string;
  readonly group: string;
  readonly response: string;
  readonly score: number;
}

/** `json/<name>_mid.json` files as the ACTIVE-O3 demo writes them, with a group id and a score. */
export function demoFiles(rollouts: readonly DemoRollout[], folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [index, { image, group, response: text, score }] of rollouts.entries()) {
    const stem = `${image.replace(/\.\w+$/, '')}-sign${index}`;
    const mid = {
      image_id: index,
      question: 'What does the sign say?',
      file_name: image,
      image_width: sceneSize.width,
      image_height: sceneSize.height,
      pred_json: [],
      pred_bbox: [],
      response: text,
      uid: group,
      score,
    };
    files[`${folder}/json/${stem}_mid.json`] = JSON.stringify(mid);
  }
  return files;
}

export interface VerlRow {
  readonly input: string;
  readonly output: string;
  readonly score: number;
  readonly step: number;
  readonly [extra: string]: unknown;
}

/** Lines of a verl rollout dump. */
export function verlLines(rows: readonly VerlRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
