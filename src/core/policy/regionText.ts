import type { Box } from '../geometry/box';

/** Regions that no language model named, in the words that one would use: the same record comes out, and the same parser reads it. */
export function regionText(thought: string, regions: readonly { readonly box: Box; readonly label: string }[]): string {
  const list = regions.map(({ box, label }) => ({
    bbox_2d: [box.x1, box.y1, box.x2, box.y2].map((side) => Math.round(side * 100) / 100),
    label,
  }));
  return `<think>${thought}</think>\n<answer>${JSON.stringify(list)}</answer>`;
}
