import type { JsonValue } from '../../../core/text/jsonValue';

/** How a JSON text is laid out. */
export interface JsonStyle {
  /** What a level is indented by; null where everything stands in one line. */
  readonly unit: string | null;
  /** What the lines of the value itself are indented by. */
  readonly indent: string;
  /** Between two values of one line. */
  readonly comma: string;
  readonly colon: string;
}

/** Python's `json.dumps` without arguments. */
export const pythonStyle: JsonStyle = { unit: null, indent: '', comma: ', ', colon: ': ' };

export function jsonText(value: JsonValue, { unit, indent, comma, colon }: JsonStyle): string {
  if (unit === null) return flatText(value, comma, colon);
  return JSON.stringify(value, null, unit).replaceAll('\n', `\n${indent}`);
}

/** In one line. Numbers that are none are written as Python does. */
export function flatText(value: JsonValue, comma: string, colon: string): string {
  if (Array.isArray(value)) return `[${value.map((one: JsonValue) => flatText(one, comma, colon)).join(comma)}]`;
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, one]) => JSON.stringify(key) + colon + flatText(one, comma, colon));
  return `{${members.join(comma)}}`;
}
