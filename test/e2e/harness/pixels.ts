import sharp from 'sharp';
import type { Box } from '../../../src/core/geometry/box';
import type { RolloutsEditor } from './rolloutsEditor';

export type Colour = readonly [number, number, number];

export interface EdgeColours {
  readonly side: 'left' | 'top' | 'right' | 'bottom';
  /** In the middle of the edge. */
  readonly on: Colour;
  /** Ten CSS pixels outside it. */
  readonly outside: Colour;
}

/** Colours a person sees at the edges of a box given in CSS pixels of the canvas: the screenshot is the witness. */
export async function boxEdgeColours(editor: RolloutsEditor, box: Box): Promise<readonly EdgeColours[]> {
  const page = editor.workbench.page;
  // Out of the way, so that no hover is drawn.
  await page.mouse.move(0, 0);
  const origin = await editor.onPage(0, 0);
  const { data, info } = await sharp(await page.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const colour = (x: number, y: number): Colour => {
    const at = (Math.floor(origin.y + y) * info.width + Math.floor(origin.x + x)) * info.channels;
    return [data[at] ?? -1, data[at + 1] ?? -1, data[at + 2] ?? -1];
  };
  // Off the middle: there the number of another region may stand.
  const x = box.x1 + (box.x2 - box.x1) * 0.6;
  const y = box.y1 + (box.y2 - box.y1) * 0.6;
  return [
    { side: 'left', on: colour(box.x1, y), outside: colour(box.x1 - 10, y) },
    { side: 'top', on: colour(x, box.y1), outside: colour(x, box.y1 - 10) },
    { side: 'right', on: colour(box.x2, y), outside: colour(box.x2 + 10, y) },
    { side: 'bottom', on: colour(x, box.y2), outside: colour(x, box.y2 + 10) },
  ];
}
