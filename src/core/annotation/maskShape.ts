import { runsOf } from '../mask/rle';
import type { JsonValue } from '../text/jsonValue';
import { UserError } from '../text/userError';
import { isBox, isNumber, isObject, isText } from './noteChecks';

/** UTF-16 units of a mask's runs: one with as many is noise. */
const maxCounts = 4 * 2 ** 20;
const maxClicks = 10_000;

/**
 * Whether a value is a `DrawnMask`: its mask's runs cover exactly its size, and each click says where, when and what it changed.
 * The masks before and after a click are checked by size alone: they may be thousands, and whoever draws one reads it then.
 */
export function isDrawnMask(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { label, mask, score, model, box, clicks } = value;
  return (
    isTextOrNull(label) &&
    isTextOrNull(model) &&
    (score === null || isNumber(score)) &&
    isBoxOrNull(box) &&
    isMask(mask) &&
    Array.isArray(clicks) &&
    clicks.length <= maxClicks &&
    clicks.every((click: JsonValue) => isClick(click))
  );
}

function isClick(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { x, y, positive, time, before, after, iou, undone } = value;
  return (
    isNumber(x) &&
    isNumber(y) &&
    typeof positive === 'boolean' &&
    isText(time) &&
    (before === null || looksLikeMask(before)) &&
    (after === null || looksLikeMask(after)) &&
    (iou === null || isNumber(iou)) &&
    typeof undone === 'boolean'
  );
}

function isMask(value: JsonValue | undefined): boolean {
  if (!looksLikeMask(value)) return false;
  const { size, counts } = value as unknown as { readonly size: readonly [number, number]; readonly counts: string };
  try {
    runsOf(counts, size);
    return true;
  } catch (error) {
    if (UserError.is(error)) return false;
    throw error;
  }
}

function looksLikeMask(value: JsonValue | undefined): boolean {
  if (!isObject(value)) return false;
  const { size, counts } = value;
  return (
    Array.isArray(size) &&
    size.length === 2 &&
    size.every((side: JsonValue) => isNumber(side)) &&
    typeof counts === 'string' &&
    counts.length <= maxCounts
  );
}

function isBoxOrNull(value: JsonValue | undefined): boolean {
  return value === null || (value !== undefined && isBox(value));
}

function isTextOrNull(value: JsonValue | undefined): boolean {
  return value === null || isText(value);
}
