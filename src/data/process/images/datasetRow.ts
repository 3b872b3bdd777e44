import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { promptFromMessages } from '../../../core/trajectory/promptKey';

type JsonObject = { readonly [key: string]: JsonValue };

/** Columns under which datasets keep the question, after the configured one. */
export const promptColumns = [
  'prompt',
  'problem',
  'question',
  'query',
  'messages',
  'conversations',
  'instruction',
] as const;
/** Columns under which datasets keep the expected answer; verl's `reward_model.ground_truth` comes before them. */
export const truthColumns = ['answer', 'solution', 'ground_truth', 'gt'] as const;
/** Columns under which datasets keep images, after the configured one. */
export const imageColumns = ['images', 'image', 'image_path', 'image_file', 'file_name', 'img'] as const;

/** What joins a dataset's row with a logged rollout. */
export interface RowKeys {
  readonly texts: readonly string[];
  readonly truth: string | null;
  readonly source: string | null;
}

export function rowKeys(row: JsonObject, promptKey: string | undefined): RowKeys {
  const names = new Set([...(promptKey === undefined ? [] : [promptKey]), ...promptColumns]);
  const texts = [...names].map((name) => promptText(row[name])).filter((text) => text !== null);
  const extra = objectOf(row.extra_info);
  const question = promptText(extra?.question);
  if (question !== null) texts.push(question);
  const truth = [
    objectOf(row.reward_model)?.ground_truth,
    ...truthColumns.map((name) => row[name]),
    extra?.answer,
  ].find((value) => value !== undefined && value !== null);
  const source = row.data_source;
  return {
    texts: [...new Set(texts)],
    truth: canonical(truth),
    source: typeof source === 'string' ? source : null,
  };
}

function promptText(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') {
    const text = value.trim();
    const parsed = text.startsWith('[{') ? parsedOrNull(text) : null;
    return Array.isArray(parsed) ? promptText(parsed) : text === '' ? null : value;
  }
  if (!Array.isArray(value) || value.length === 0) return null;
  return promptFromMessages(value) || null;
}

/**
 * A ground truth as one text, so that the trainer's log and the dataset can be compared: a list or object that is
 * written as JSON text equals the value itself, key order and keys that a table filled with null do not count.
 */
export function canonical(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') {
    const text = value.trim();
    const parsed = /^[[{]/.test(text) ? parsedOrNull(text) : null;
    return parsed === null ? text : canonical(parsed);
  }
  return typeof value === 'object' ? JSON.stringify(sorted(value)) : String(value);
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  const object = objectOf(value);
  if (object === null) return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  const entries = Object.keys(object)
    .sort()
    .map((key) => [key, sorted(object[key] ?? null)] as const)
    .filter(([, item]) => item !== null);
  return Object.fromEntries(entries);
}

function parsedOrNull(text: string): JsonValue {
  try {
    return parseTolerantJson(text);
  } catch (error) {
    // Text that only looks like JSON is text.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}
