import { orderCorners } from '../geometry/box';
import type { FoundBox } from './readBoxes';
import type { TextSpan } from './rollout';

const number = String.raw`\s{0,20}(\d{1,12}(?:\.\d{1,20})?)\s{0,20}`;
const four = [number, number, number, number].join(',');
const names = (...all: readonly string[]) => String.raw`(?:${all.join('|')})\s{0,20}`;
/** `image_2.crop((1, 2, 3, 4))`; the variable's number tells the picture. */
const crop = new RegExp(String.raw`(?:\bimage_(\d{1,6}))?\.crop\(\s{0,20}[([]${four},?\s{0,20}[)\]]`, 'g');
/** `x1, y1, x2, y2 = 1, 2, 3, 4` and the like. */
const assigned = new RegExp(
  String.raw`\b${names('x1', 'x_min', 'xmin', 'left')},\s{0,20}${names('y1', 'y_min', 'ymin', 'top')},\s{0,20}${names('x2', 'x_max', 'xmax', 'right')},\s{0,20}${names('y2', 'y_max', 'ymax', 'bottom')}=\s{0,20}[([]?${four}`,
  'g',
);
/** `bbox = [1, 2, 3, 4]` */
const named = new RegExp(
  String.raw`\b(?:bbox|bbox_2d|box|crop_box|crop_area)\s{0,20}=\s{0,20}[([]${four},?\s{0,20}[)\]]`,
  'g',
);
/** `img[10:20, 30:40]`: rows first. */
const slice = new RegExp(String.raw`\w\[${number}:${number},${number}:${number}(?:,\s{0,20}:\s{0,20})?\]`, 'g');
/** Crops that one piece of code makes at most. */
const mostBoxes = 1000;

/** A literal box in code; `view` as in `Region`. */
export interface CodeBox {
  readonly box: FoundBox;
  readonly view: number;
}

/**
 * Boxes that code (Thyme, DeepEyesV2, Visual-ARFT) names in literal numbers: a crop, four coordinates given names, a slice
 * of rows and columns. What is computed stays code. In order of the text.
 */
export function literalBoxes(text: string, span: TextSpan): readonly CodeBox[] {
  const source = text.slice(span.start, span.end);
  const found: CodeBox[] = [];
  const add = (index: number, whole: string, [x1 = 0, y1 = 0, x2 = 0, y2 = 0]: readonly number[], view = 0): void => {
    const written = { x1, y1, x2, y2 };
    const box = orderCorners(written);
    const start = span.start + index;
    const swapped = box.x1 !== x1 || box.y1 !== y1;
    if (found.length === mostBoxes) return;
    const place = { box, label: null, span: { start, end: start + whole.length }, repairs: [] };
    found.push({ box: swapped ? { ...place, written } : place, view });
  };
  for (const match of source.matchAll(crop)) {
    const view = match[1] === undefined ? 0 : Math.max(0, Number(match[1]) - 1);
    add(match.index, match[0], match.slice(2, 6).map(Number), view);
  }
  for (const pattern of [assigned, named])
    for (const match of source.matchAll(pattern)) add(match.index, match[0], match.slice(1, 5).map(Number));
  for (const match of source.matchAll(slice)) {
    const [top, bottom, left, right] = match.slice(1, 5).map(Number);
    add(match.index, match[0], [left ?? 0, top ?? 0, right ?? 0, bottom ?? 0]);
  }
  return found.sort((a, b) => a.box.span.start - b.box.span.start);
}
