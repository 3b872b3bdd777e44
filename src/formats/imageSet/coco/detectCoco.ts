import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { isObject, type JsonObject } from '../../columns';
import type { OpenTarget } from '../../format';
import type { ImageSetDetection } from '../imageSetFormat';
import { jsonHead } from '../jsonFile';

/** Splits by the words that datasets name their files with. */
const splits: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  minival: 'val',
  test: 'test',
  testdev: 'test',
  testa: 'testA',
  testb: 'testB',
};

/** The split that a file is named after: `instances_val2017.json` is `val`. Null for any other name. */
export function splitOfName(file: string): string | null {
  const words = file.toLowerCase().split(/[^a-z]+/);
  for (const word of words.reverse()) if (Object.hasOwn(splits, word)) return splits[word] ?? null;
  return null;
}

/**
 * A document of COCO, LVIS or SODA-D, or a list of COCO results, by the keys and first elements in its first 64 KB. A folder is
 * one when its files, or those of its `annotations`, are.
 */
export async function detectCoco({ dir, file }: OpenTarget): Promise<ImageSetDetection | null> {
  if (file !== null) {
    const format = await formatOf(dir, file);
    return format === null ? null : { format, files: [file], reason: reasons[format] };
  }
  for (const folder of ['', 'annotations/']) {
    const entries = await dir.list(folder.slice(0, -1));
    const names = entries.filter(({ kind, name }) => kind === 'file' && /\.json$/i.test(name)).slice(0, mostFiles);
    const found: { readonly file: string; readonly format: CocoFormat }[] = [];
    for (const { name } of names) {
      const format = await formatOf(dir, folder + name);
      if (format !== null && format !== 'coco-results') found.push({ file: folder + name, format });
    }
    const [first] = found;
    const files = ownFiles(found.map((one) => one.file));
    if (first !== undefined) return { format: first.format, files, reason: `${files.length} COCO files in the folder` };
  }
  return null;
}

type CocoFormat = 'coco' | 'lvis' | 'coco-results';

const mostFiles = 50;
const reasons: Readonly<Record<CocoFormat, string>> = {
  coco: 'a document with "images", "annotations" and "categories"',
  lvis: 'a COCO document whose images name the categories that were looked for ("neg_category_ids")',
  'coco-results': 'a list of results with "image_id" and "category_id"',
};

/** COCO states the same images again for captions and keypoints: instances are the set. */
function ownFiles(files: readonly string[]): readonly string[] {
  const instances = files.filter((file) => /(?:^|\/)instances_/.test(file));
  return instances.length > 0 ? instances : files;
}

async function formatOf(dir: OpenTarget['dir'], file: string): Promise<CocoFormat | null> {
  if (!/\.json$/i.test(file)) return null;
  const head = await jsonHead(dir, file);
  if (head === null) return null;
  const text = head.text.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('[')) return isResult(firstElement(text, 0)) ? 'coco-results' : null;
  if (!text.startsWith('{')) return null;
  const [images, annotations, categories] = ['images', 'annotations', 'categories'].map((key) => listAfter(text, key));
  const image = images === null || images === undefined ? null : firstElement(text, images);
  const annotation = annotations === null || annotations === undefined ? null : firstElement(text, annotations);
  const hasOwnMark = /"(?:neg_category_ids|not_exhaustive_category_ids)"\s*:/.test(text);
  if (image !== null && 'id' in image && ('file_name' in image || 'coco_url' in image))
    return hasOwnMark ? 'lvis' : 'coco';
  if (
    annotation !== null &&
    'image_id' in annotation &&
    ('bbox' in annotation || 'segmentation' in annotation || 'keypoints' in annotation)
  )
    return /"coco_url"|"synset"/.test(text) || hasOwnMark ? 'lvis' : 'coco';
  const category = categories === null || categories === undefined ? null : firstElement(text, categories);
  if (category === null || !('id' in category) || !('name' in category)) return null;
  return 'synset' in category ? 'lvis' : 'coco';
}

/** Where the list under a key begins; null where it is not in the head. */
function listAfter(text: string, key: string): number | null {
  const found = new RegExp(`[{,]\\s*"${key}"\\s*:\\s*\\[`).exec(text);
  return found === null ? null : found.index + found[0].length - 1;
}

/** The first element of the list at an offset, where it is an object; of one longer than the head its first plain fields. */
function firstElement(text: string, list: number): JsonObject | null {
  const start = text.indexOf('{', list);
  if (start < 0 || text.slice(list + 1, start).trim() !== '') return null;
  const end = endOf(text, start);
  const written = end === null ? null : text.slice(start, end);
  if (written === null)
    return Object.fromEntries(
      [...text.slice(start).matchAll(/"([a-z_]{2,20})"\s*:/g)].map(([, key]) => [key ?? '', true]),
    );
  let value: JsonValue;
  try {
    value = parseTolerantJson(written);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return isObject(value) ? value : null;
}

/** Behind the bracket that closes the one at `start`; null when the text ends before. */
function endOf(text: string, start: number): number | null {
  let depth = 0;
  let inText = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inText) {
      if (char === '\\') at++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return null;
}

function isResult(element: JsonObject | null): boolean {
  if (element === null || !('image_id' in element) || !('category_id' in element)) return false;
  return 'bbox' in element || 'segmentation' in element || 'keypoints' in element;
}
