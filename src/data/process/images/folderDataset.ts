import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { UserError } from '../../../core/text/userError';
import { addRow, type Dataset, type DatasetKeys } from './dataset';
import type { ImageCell } from './imageCell';
import { KeyIndex } from './keyIndex';
import { isFileError } from './nearby';

const imageName = /\.(jpe?g|png|webp|bmp|gif|tiff?)$/i;
const maxFiles = 50_000;
const maxBytes = 4 * 1024 * 1024;
const maxDepth = 3;

/**
 * A folder of images with a JSON file of the same name beside each (V* and the ACTIVE-O3 examples): the JSON holds the
 * question, the image is the one beside it. Throws `UserError` when there is no such pair.
 */
export async function openFolderDataset(folder: string, keys: DatasetKeys, signal?: AbortSignal): Promise<Dataset> {
  const index = new KeyIndex();
  const images: string[] = [];
  let seen = 0;
  const visit = async (dir: string, depth: number): Promise<void> => {
    const entries = (await readdir(dir, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name));
    const stems = new Map(entries.filter(({ name }) => imageName.test(name)).map(({ name }) => [stem(name), name]));
    for (const entry of entries) {
      signal?.throwIfAborted();
      if (seen++ > maxFiles) return;
      if (entry.isDirectory() && depth < maxDepth) await visit(join(dir, entry.name), depth + 1);
      const image = stems.get(stem(entry.name));
      if (!entry.name.endsWith('.json') || image === undefined) continue;
      addRow(index, await readJson(join(dir, entry.name)), keys);
      images.push(join(dir, image));
    }
  };
  try {
    await visit(folder, 0);
  } catch (error) {
    if (isFileError(error)) throw new UserError(`${folder}: ${error.message}`);
    throw error;
  }
  if (images.length === 0)
    throw new UserError(
      `${folder}: neither a parquet, JSON Lines or JSON table, nor images with a JSON file beside them`,
    );
  return {
    file: folder,
    index,
    imageColumn: 'file_name',
    warning: null,
    images: async (row): Promise<readonly ImageCell[]> => {
      const path = images[row];
      return path === undefined ? [] : [{ kind: 'path', path }];
    },
    bytes: async (row) => {
      throw new UserError(`${folder}: image ${row} is a file of its own`);
    },
  };
}

const stem = (name: string) => name.replace(/\.[^.]*$/, '');

async function readJson(file: string): Promise<JsonValue> {
  try {
    if ((await stat(file)).size > maxBytes) return null;
    return parseTolerantJson(await readFile(file, 'utf8'));
  } catch (error) {
    // A file that cannot be read has no key and matches nothing.
    if (error instanceof SyntaxError || isFileError(error)) return null;
    throw error;
  }
}
