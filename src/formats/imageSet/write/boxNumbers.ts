import type { Box } from '../../../core/geometry/box';
import type { JsonValue } from '../../../core/text/jsonValue';
import { type JsonNode, jsonAt } from '../json/jsonNode';

/** Digits behind the point that a side keeps: what is left of 0.1 + 0.2 − 0.1. */
const digits = 9;

/**
 * x, y, width and height of a box as the file is to state it: a side that did not change keeps the number that stands there,
 * which arithmetic would not bring back.
 */
export function xywhOf(box: Box, before: Box | null, node: JsonNode, bytes: Uint8Array): JsonValue {
  const stated = node.elements.map((element) => jsonAt(bytes, element));
  const fresh = [box.x1, box.y1, rounded(box.x2 - box.x1), rounded(box.y2 - box.y1)];
  if (before === null || stated.length !== 4) return fresh;
  const isSame = [
    box.x1 === before.x1,
    box.y1 === before.y1,
    box.x1 === before.x1 && box.x2 === before.x2,
    box.y1 === before.y1 && box.y2 === before.y2,
  ];
  return fresh.map((number, at) => (isSame[at] ? (stated[at] ?? number) : number));
}

/** Without the last digits, which subtraction leaves wrong. */
export function rounded(value: number): number {
  return Number(value.toFixed(digits));
}
