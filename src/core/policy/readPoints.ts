import { toOriginal } from '../geometry/frameMap';
import { parsePythonLiteral } from '../text/tolerantJson';
import { scanPointObjects } from '../trajectory/clicks';
import { frameSpec, type ModelInput } from './convention';
import type { TaskPoint } from './policyRollout';
import type { ShownPicture } from './readReply';

/** Points of a task model's answer. */
export interface ReadPoints {
  /** In stored pixels of the original, in the order of the answer; those outside the picture are left out. */
  readonly points: readonly TaskPoint[];
  readonly malformed: string | null;
}

/** Reads `point_2d` of a list of objects; a label that begins with `neg` makes a click that takes away. */
export function readTaskPoints(text: string, input: ModelInput, { cut, size }: ShownPicture): ReadPoints {
  const behind = text.includes('</think>') ? text.lastIndexOf('</think>') + '</think>'.length : 0;
  const answer = text.slice(behind).replace(/^\s*<answer>|<\/answer>\s*$/g, '');
  const whole = { width: cut.x2 - cut.x1, height: cut.y2 - cut.y1 };
  const found = scanPointObjects(answer, { start: 0, end: answer.length });
  const points = found.flatMap(({ x, y, span }): TaskPoint[] => {
    const logged = { inputSize: size, loggedImageSize: null };
    const place = toOriginal({ x1: x, y1: y, x2: x, y2: y }, frameSpec(input), whole, logged);
    if (!(place.x1 >= 0 && place.y1 >= 0 && place.x1 <= whole.width && place.y1 <= whole.height)) return [];
    const label = labelIn(answer.slice(span.start, span.end));
    const positive = label === null ? null : !/^\s*neg/i.test(label);
    return [{ x: place.x1 + cut.x1, y: place.y1 + cut.y1, positive, label }];
  });
  const none = found.length > 0 ? 'No point lies inside the picture.' : 'The answer holds no point.';
  const empty = /^\s*(?:```json)?\s*\[\s*\]\s*(?:```)?\s*$/.test(answer);
  return { points, malformed: points.length > 0 || empty ? null : none };
}

function labelIn(object: string): string | null {
  try {
    const value = parsePythonLiteral(object);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { label } = value as { readonly label?: unknown };
    return typeof label === 'string' ? label : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
