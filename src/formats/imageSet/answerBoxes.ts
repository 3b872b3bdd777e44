import type { Box } from '../../core/geometry/box';

/** A list of four numbers in a text. */
export interface AnswerBox {
  readonly box: Box;
  /** What a `"label"` beside it says; null where there is none. */
  readonly label: string | null;
  /** Where the list stands in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const number = '\\s{0,8}(-?\\d{1,9}(?:\\.\\d{1,20})?)\\s{0,8}';
const fourNumbers = new RegExp(`[[(]${[number, number, number, number].join(',')}[\\])]`, 'g');
/** `"label": "…"` right behind the list, or right in front of its key, as Qwen's answers have it. */
const labelBehind = /^\s{0,8},\s{0,8}"label"\s{0,8}:\s{0,8}"([^"\\]{0,200})"/;
const longestText = 1_000_000;

/** Boxes that an answer states, x1, y1, x2 and y2 in the units of the text, in its order. */
export function answerBoxes(text: string): readonly AnswerBox[] {
  if (text.length > longestText) return [];
  return [...text.matchAll(fourNumbers)].map((found) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = found.slice(1).map(Number);
    const [start, end] = [found.index, found.index + found[0].length];
    const label = labelBehind.exec(text.slice(end, end + 300))?.[1] ?? null;
    return { box: { x1, y1, x2, y2 }, label, start, end };
  });
}
