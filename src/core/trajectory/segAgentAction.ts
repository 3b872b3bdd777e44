import type { FoundClick } from './clicks';
import type { TextSpan } from './rollout';

/** What SegAgent says in one turn. */
export interface SegAgentAction {
  /** Null when it finishes, or the point cannot be read. */
  readonly click: FoundClick | null;
  readonly finished: boolean;
  readonly statedIou: number | null;
}

const word = /(?:Positive|Negative) point|Current IOU:|^\s{0,20}Finish[:.]?\s{0,20}$/;
const point =
  /^\s{0,5}\(\s{0,20}(\d{1,12}(?:\.\d{1,20})?|\.\d{1,20})\s{0,20},\s{0,20}(\d{1,12}(?:\.\d{1,20})?|\.\d{1,20})\s{0,20}\)/;
const iou = /Current IOU:\s{0,20}(\d{1,12}(?:\.\d{1,20})?)/;

/**
 * Reads `Positive point: (y, x)` and `Negative point: (y, x)` as SegAgent's `process_response` does
 * (`evaltools/model_loader.py`, aim-uofa/SegAgent@21eca0a): y first, the point behind the last `point: `, positive when
 * `Positive point` stands anywhere. Decimals of [0, 1) (its LLaVA model) are given in 0–1000 like whole numbers (its Qwen
 * model). Null when the text is none of SegAgent's.
 */
export function readSegAgent(text: string, span: TextSpan): SegAgentAction | null {
  const source = text.slice(span.start, span.end);
  if (!word.test(source)) return null;
  const stated = iou.exec(source)?.[1];
  const statedIou = stated === undefined ? null : Number(stated);
  const positive = source.includes('Positive point');
  if (!positive && !source.includes('Negative point'))
    return { click: null, finished: source.includes('Finish'), statedIou };
  const behind = source.lastIndexOf('point: ') + 'point: '.length;
  const match = point.exec(source.slice(behind, behind + 100));
  if (match === null) return { click: null, finished: false, statedIou };
  const [whole, first = '', second = ''] = match;
  const decimal = first.includes('.') || second.includes('.');
  const scale = decimal && Number(first) < 1 && Number(second) < 1 ? 1000 : 1;
  const start = span.start + behind + whole.indexOf('(');
  const click = {
    x: Number(second) * scale,
    y: Number(first) * scale,
    positive,
    span: { start, end: span.start + behind + whole.length },
  };
  return { click, finished: false, statedIou };
}
