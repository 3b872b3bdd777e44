import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolders, isOnNetwork } from '../../../src/host/cacheFolders';

describe('where the children write', () => {
  let storage = '';
  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'saccade-storage-'));
  });
  afterEach(() => rmSync(storage, { recursive: true }));

  const local = () => false;
  const network = () => true;

  test("is the extension's storage unless the user names a folder", () => {
    expect(cacheFolders('', storage, local).pictures).toBe(join(storage, 'cache', 'pictures'));
    const own = join(storage, 'own');
    const folders = cacheFolders(own, storage, local);
    expect(folders).toEqual({
      pictures: join(own, 'pictures'),
      tables: join(own, 'tables'),
      embeddings: join(own, 'embeddings'),
    });
    expect(Object.values(folders).every((folder) => existsSync(folder))).toBe(true);
  });

  test('is no network drive for tables; pictures stay where the user wanted them', () => {
    const folders = cacheFolders(join(storage, 'own'), storage, network);
    expect(folders.pictures).toBe(join(storage, 'own', 'pictures'));
    expect(folders.tables.startsWith(join(tmpdir(), 'saccade-'))).toBe(true);
  });

  test('is no network drive at all by default', () => {
    for (const folder of Object.values(cacheFolders('', storage, network)))
      expect(folder.startsWith(storage)).toBe(false);
  });

  test('asks the nearest folder that exists', () => {
    expect(isOnNetwork(join(storage, 'not', 'yet', 'there'))).toBe(isOnNetwork(storage));
  });
});
