import { orderCorners } from '../geometry/box';
import type { FoundBox } from './readBoxes';
import type { TextSpan } from './rollout';
import { MAX_BOXES } from './scanObjects';

const number = String.raw`\s{0,20}(\d{1,12}(?:\.\d{1,20})?)\s{0,20}`;
const pair = String.raw`\(${number},${number}\)\s{0,20},\s{0,20}\(${number},${number}\)`;
const label = String.raw`(?:<\|object_ref_start\|>([^<]{0,200})<\|object_ref_end\|>|<ref>([^<]{0,200})</ref>)?\s{0,20}`;
/** `<|box_start|>(x1,y1),(x2,y2)<|box_end|>` of Qwen2-VL and `<box>…</box>` of Qwen-VL, with the name before it. */
const tagged = new RegExp(String.raw`${label}(<\|box_start\|>|<box>)${pair}`, 'g');
/** What is left of Qwen2-VL's box where special tokens were stripped, alone in its text. */
const bare = new RegExp(String.raw`^\s{0,100}${pair}\s{0,100}$`);
/** Qwen-VL's boxes count in 999ths (SegAgent's `refcocog_eval.py` divides by it): brought to 1000ths. */
const qwenVl = 1000 / 999;

/** Boxes written as two corners in brackets, in 0–1000. */
export function scanBoxTokens(text: string, span: TextSpan): readonly FoundBox[] {
  const source = text.slice(span.start, span.end);
  const found: FoundBox[] = [];
  if (source.includes('<|box_start|>') || source.includes('<box>')) {
    for (const match of source.matchAll(tagged)) {
      if (found.length === MAX_BOXES) break;
      const start = span.start + match.index;
      const scale = match[3] === '<box>' ? qwenVl : 1;
      found.push(boxOf(match.slice(4, 8).map(Number), match[1] ?? match[2] ?? null, start, match[0].length, scale));
    }
    return found;
  }
  const match = source.length < 500 ? bare.exec(source) : null;
  return match === null ? [] : [boxOf(match.slice(1, 5).map(Number), null, span.start, source.length, 1)];
}

function boxOf(
  numbers: readonly number[],
  name: string | null,
  start: number,
  length: number,
  scale: number,
): FoundBox {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers;
  const written = { x1, y1, x2, y2 };
  const ordered = orderCorners({ x1: x1 * scale, y1: y1 * scale, x2: x2 * scale, y2: y2 * scale });
  const same = scale === 1 && ordered.x1 === x1 && ordered.y1 === y1;
  const box = { box: ordered, label: name, span: { start, end: start + length }, repairs: [] };
  return same ? box : { ...box, written };
}
