import type { Box } from '../geometry/box';

/**
 * A response that names regions in the format of ACTIVE-O3: a thought, then a list of `bbox_2d` and `label` as JSON.
 * @param boxes in the pixels that the response counts in; rounded to whole ones.
 */
export function regionAnswer(thought: string, boxes: readonly Box[], label: string): string {
  const items = boxes.map(({ x1, y1, x2, y2 }) => {
    const corners = [x1, y1, x2, y2].map(Math.round).join(', ');
    return `{"bbox_2d": [${corners}], "label": ${JSON.stringify(label)}}`;
  });
  return `<think>${thought}</think> <answer>[${items.join(', ')}]</answer>`;
}

/** What the policy that ships says of its regions: it looks at the picture alone. */
export function basicThought(count: number): string {
  return count === 0
    ? 'Nothing in this picture stands out from what is around it.'
    : 'I do not read the question. These parts of the picture stand out most from what is around them.';
}
