import type { Box } from '../geometry/box';
import type { JsonValue } from '../text/jsonValue';

export type JsonObject = { readonly [key: string]: JsonValue };
export type Check = (value: JsonValue) => boolean;

/** A member of notes: one note, or a note each by index or name. */
export interface Member {
  readonly by: 'index' | 'name' | null;
  readonly value: Check;
}

const maxText = 100_000;
export const maxEntries = 10_000;

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isBox(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { x1, y1, x2, y2 } = value as JsonObject & Partial<Record<keyof Box, JsonValue>>;
  return [x1, y1, x2, y2].every((corner) => corner !== undefined && isNumber(corner));
}

export function isNumber(value: JsonValue | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.length <= maxText;
}

export function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.length <= maxEntries && value.every((one: JsonValue) => isText(one));
}

export function isTrue(value: JsonValue): boolean {
  return value === true;
}
