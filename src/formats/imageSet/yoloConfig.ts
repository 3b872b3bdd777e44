import type { DirSource } from '../../core/ports';
import type { JsonValue } from '../../core/text/jsonValue';
import { UserError } from '../../core/text/userError';
import { isObject, type JsonObject } from '../columns';
import { joined } from '../paths';
import { readConfigTree } from '../runConfig/configTree';
import { smallText } from '../smallText';
import { isImageName, pathFrom } from './imageFiles';
import type { YoloTask } from './yoloLine';

/** What `data.yaml` says of a set, or what its folders say where there is none. */
export interface YoloConfig {
  /** Path of the file; null where there is none. */
  readonly file: string | null;
  readonly names: ReadonlyMap<number, string>;
  readonly keypoints: readonly [count: number, dimensions: number] | null;
  /** By class. */
  readonly keypointNames: ReadonlyMap<number, readonly string[]>;
  readonly task: YoloTask | null;
  /** Folders of images, or text files that list them, by split. */
  readonly splits: readonly { readonly split: string; readonly paths: readonly string[] }[];
}

const yamlBytes = 1024 * 1024;
const splitNames = ['train', 'val', 'test'] as const;
const tasks: readonly string[] = ['detect', 'segment', 'obb', 'pose'];

/** Ultralytics' description of a set; null where the file is none. */
export async function readYoloConfig(dir: DirSource, file: string): Promise<YoloConfig | null> {
  const text = await smallText(dir, file, yamlBytes);
  if (text === null || !/^["']?names["']?\s*:/m.test(text)) return null;
  const config = treeOf(text, file);
  if (config === null) return null;
  const splits = splitNames.flatMap((split) => {
    const paths = pathsOf(config[split]);
    return paths.length === 0 ? [] : [{ split, paths: paths.flatMap((path) => inside(config.path, path)) }];
  });
  return {
    file,
    names: namesOf(config.names),
    keypoints: keypointsOf(config),
    keypointNames: keypointNamesOf(config),
    task: taskOf(config.task),
    splits,
  };
}

function treeOf(text: string, file: string): JsonObject | null {
  try {
    return readConfigTree(text, file);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}

/** The set of a folder without `data.yaml`: `classes.txt` has the names, as labelImg and X-AnyLabeling write it. */
export async function configOfFolder(dir: DirSource): Promise<YoloConfig> {
  const classes =
    (await smallText(dir, 'classes.txt', yamlBytes)) ?? (await smallText(dir, 'labels/classes.txt', yamlBytes));
  const names = (classes ?? '').split('\n').map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  return {
    file: null,
    names: new Map(names.map((name, i) => [i, name])),
    keypoints: null,
    keypointNames: new Map(),
    task: null,
    splits: [],
  };
}

/** A list, or numbers with names. */
function namesOf(value: JsonValue | undefined): ReadonlyMap<number, string> {
  const pairs = Array.isArray(value)
    ? value.map((name: JsonValue, i) => [i, name] as const)
    : isObject(value)
      ? Object.entries(value).map(([key, name]) => [Number(key), name] as const)
      : [];
  return new Map(pairs.filter(([key]) => Number.isInteger(key)).map(([key, name]) => [key, String(name)]));
}

function keypointsOf({ kpt_shape: shape }: JsonObject): readonly [number, number] | null {
  const [count, dimensions] = Array.isArray(shape) ? (shape as readonly JsonValue[]) : [];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 1000) return null;
  return dimensions === 2 || dimensions === 3 ? [count, dimensions] : null;
}

/** `kpt_names` of Ultralytics: a list by class. */
function keypointNamesOf({ kpt_names: names }: JsonObject): ReadonlyMap<number, readonly string[]> {
  const lists = isObject(names) ? Object.entries(names) : [];
  return new Map(lists.map(([key, list]) => [Number(key), Array.isArray(list) ? list.map(String) : []]));
}

function taskOf(value: JsonValue | undefined): YoloTask | null {
  return typeof value === 'string' && tasks.includes(value) ? (value as YoloTask) : null;
}

function pathsOf(value: JsonValue | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  return list.filter((path): path is string => typeof path === 'string' && path !== '');
}

/**
 * Where a split lies below the folder that was opened. `path` and the splits are often those of the machine that trained:
 * what leaves the folder is tried by the parts of its end.
 */
function inside(base: JsonValue | undefined, path: string): readonly string[] {
  const stated = typeof base === 'string' ? (pathFrom(base.startsWith('/') ? '' : base, path) ?? path) : path;
  const parts = (pathFrom('', stated.replace(/^(?:[A-Za-z]:)?[\\/]+/, '').replace(/^(?:\.\.\/)+/, '')) ?? '').split(
    '/',
  );
  return parts.map((_, i) => parts.slice(i).join('/')).filter((part) => part !== '');
}

/** The images of a split: of the first of its candidates that is there. */
export async function* splitImages(
  dir: DirSource,
  paths: readonly string[],
  below: (folder: string) => AsyncIterable<string>,
): AsyncGenerator<string, void> {
  for (const path of paths) {
    if (/\.txt$/i.test(path)) {
      const list = await smallText(dir, path, 256 * yamlBytes);
      if (list === null) continue;
      for (const line of list.split('\n')) {
        const image = line.trim() === '' ? null : pathFrom('', line.trim().replace(/^\.\//, ''));
        if (image !== null && isImageName(image)) yield image;
      }
      return;
    }
    if ((await dir.list(path)).length === 0) continue;
    for await (const file of below(path)) if (isImageName(file)) yield file;
    return;
  }
}

/** Where Ultralytics looks for the labels of an image: the last folder `images` is `labels`, the ending `txt`. */
export function labelFileOf(image: string): string {
  const parts = image.split('/');
  const at = parts.lastIndexOf('images', parts.length - 2);
  if (at >= 0) parts[at] = 'labels';
  const name = parts.pop() ?? '';
  const dot = name.lastIndexOf('.');
  return joined(parts.join('/'), `${dot <= 0 ? name : name.slice(0, dot)}.txt`);
}
