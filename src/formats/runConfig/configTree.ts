import { parseDocument } from 'yaml';
import type { JsonValue } from '../../core/text/jsonValue';
import { UserError } from '../../core/text/userError';

/** Configs are a few hundred lines; anything larger is not one. */
const maxLength = 4 * 1024 * 1024;
/** Anchors are not written by Hydra, wandb or a JSON writer; a bomb needs thousands of them. */
const maxAliases = 100;
const maxInterpolations = 8;

export type ConfigTree = { readonly [key: string]: JsonValue };

/**
 * A YAML or JSON config as a tree of plain values. Only the core schema is read: no tag builds anything, a Python tag
 * leaves its plain value. `file` names the file in the `UserError` that broken text ends in.
 */
export function readConfigTree(text: string, file: string): ConfigTree {
  if (text.length > maxLength) throw new UserError(`${file}: larger than 4 MB, not read as a run's configuration`);
  let value: unknown;
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: false, logLevel: 'silent', version: '1.2' });
    const [error] = document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line;
      throw new UserError(`${file}${line === undefined ? '' : `, line ${line}`}: ${firstLine(error.message)}`);
    }
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (UserError.is(error)) throw error;
    // The library reports an alias bomb, and text nested too deeply for the stack, as plain errors.
    throw new UserError(`${file}: ${error instanceof Error ? firstLine(error.message) : 'cannot be read'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${file}: not a configuration (a table of keys was expected)`);
  return value as ConfigTree;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? message;
}

/**
 * The value at a dotted path, or undefined. Also found when a logger flattened the tree into `data/train_files` or
 * `data.train_files`. OmegaConf references (`${a.b}`, `${oc.select:a.b,default}`) are followed: Hydra saves them unresolved.
 */
export function valueAt(tree: ConfigTree, path: string): JsonValue | undefined {
  return resolve(tree, rawAt(tree, path), 0);
}

function rawAt(tree: ConfigTree, path: string): JsonValue | undefined {
  for (const flat of [path, path.replaceAll('.', '/')]) if (Object.hasOwn(tree, flat)) return tree[flat];
  let value: JsonValue | undefined = tree;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    value = (value as ConfigTree)[key];
  }
  return value;
}

function resolve(tree: ConfigTree, value: JsonValue | undefined, depth: number): JsonValue | undefined {
  if (Array.isArray(value))
    return value.map((item: JsonValue) => resolve(tree, item, depth)).filter((item) => item !== undefined);
  if (typeof value !== 'string' || !value.includes('${') || depth >= maxInterpolations) return value;
  const whole = /^\$\{([^${}]*)\}$/.exec(value);
  if (whole?.[1] !== undefined) return resolve(tree, reference(tree, whole[1]), depth + 1);
  const replaced = value.replace(/\$\{([^${}]*)\}/g, (match, inner: string) => {
    const found = resolve(tree, reference(tree, inner), depth + 1);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : match;
  });
  return replaced === value ? value : resolve(tree, replaced, depth + 1);
}

function reference(tree: ConfigTree, inner: string): JsonValue | undefined {
  const select = /^oc\.select:\s*([^,]+?)\s*(?:,\s*(.*))?$/.exec(inner);
  if (select?.[1] === undefined) return inner.includes(':') ? undefined : rawAt(tree, inner.trim());
  const found = rawAt(tree, select[1]);
  return found === undefined || found === null ? scalar(select[2]) : found;
}

function scalar(text: string | undefined): JsonValue | undefined {
  if (text === undefined || text === '' || text === 'null') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** Non-empty string at the first of `paths` that holds one; null otherwise. A reference nobody could follow is no value. */
export function stringAt(tree: ConfigTree, ...paths: readonly string[]): string | null {
  for (const path of paths) {
    const value = valueAt(tree, path);
    if (typeof value === 'string' && value !== '' && !value.includes('${')) return value;
  }
  return null;
}

/** Positive whole number at the first of `paths` that holds one, also when written as text. */
export function countAt(tree: ConfigTree, ...paths: readonly string[]): number | null {
  for (const path of paths) {
    const value = valueAt(tree, path);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number > 0) return number;
  }
  return null;
}

/** A string, or a list of strings (also one that was logged as its Python text `['a', 'b']`), at the first path that has any. */
export function stringsAt(tree: ConfigTree, ...paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    const value = valueAt(tree, path);
    const items = Array.isArray(value)
      ? (value as readonly JsonValue[])
      : typeof value === 'string'
        ? pythonList(value)
        : [];
    const strings = items.filter(
      (item): item is string => typeof item === 'string' && item !== '' && !item.includes('${'),
    );
    if (strings.length > 0) return strings;
  }
  return [];
}

function pythonList(text: string): readonly string[] {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return [text];
  return [...inner.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
}
