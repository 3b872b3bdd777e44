import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createDataClient, type DataClient, type DataClientOptions } from '../../../src/data/client';
import { everyImage, type ImageSetProgress, type ImageSetQuery } from '../../../src/protocol/imageSet';
import { bundleChild } from '../childBundle';

/** What stands in for the media child. */
type Parent = Pick<DataClientOptions, 'imageSize' | 'repaintMask' | 'readMask'>;

/** One data child for all tests of a file, and the files of its folder. */
export async function sharedSet(files: Readonly<Record<string, string>>, parent: Partial<Parent> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-set-'));
  const client = createDataClient({
    entry: await bundleChild('src/data/process/main.ts'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    cacheDir: join(folder, 'cache'),
    imageSize: async () => null,
    ...parent,
  });
  afterAll(async () => {
    client.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return { client, path: (name: string) => join(folder, name) };
}

/** Opens an image set and waits until it is read. */
export async function openSet(client: DataClient, path: string, roots: readonly string[] = []) {
  const reports: ImageSetProgress[] = [];
  client.on('imageset/progress', (progress) => reports.push(progress));
  const opened = await client.call('imageset/open', { path, roots });
  const { setId } = opened;
  const info = await client.call('imageset/info', { setId, wait: true });
  return {
    opened,
    info,
    setId,
    reports,
    image: (index: number) => client.call('imageset/image', { setId, index }),
    file: (index: number) => client.call('imageset/file', { setId, index }),
    rows: (view: number | null = null, start = 0, count = 100) =>
      client.call('imageset/rows', { setId, start, count, view }),
    query: (query: Partial<ImageSetQuery>) =>
      client.call('imageset/query', { setId, query: { ...everyImage, ...query } }),
    statistics: (view: number | null = null) => client.call('imageset/statistics', { setId, view }),
  };
}
