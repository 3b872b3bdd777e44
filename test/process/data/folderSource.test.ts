import { describe, expect, it } from 'vitest';
import { FolderSource } from '../../../src/data/process/files/folderSource';
import { makeFolder } from './openClient';

describe('a folder on disk', () => {
  it('lists and reads what is in it', async () => {
    const dir = new FolderSource(await makeFolder({ 'b.txt': '12345', 'a/x.txt': '1' }));
    expect(await dir.list('')).toEqual([
      { name: 'a', kind: 'directory', size: 0 },
      { name: 'b.txt', kind: 'file', size: 5 },
    ]);
    expect(await dir.list('nowhere')).toEqual([]);
    expect(await dir.open('a')).toBeNull();
    expect(await dir.open('nowhere/x')).toBeNull();
    const file = await dir.open('b.txt');
    expect(Buffer.from(await file!.read(3, 100)).toString()).toBe('45');
    expect(await file!.size()).toBe(5);
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', 'a\\..\\x', 'C:/x', 'a\0b'])(
    'refuses to leave itself: %j',
    async (path) => {
      const dir = new FolderSource(await makeFolder({ 'a/x': '' }));
      await expect(dir.open(path)).rejects.toMatchObject({ name: 'UserError' });
      await expect(dir.list(path)).rejects.toMatchObject({ name: 'UserError' });
    },
  );
});
