import type { DataClient } from '../../../src/data/client';
import { everyImage, type ImageSetProgress, type ImageSetQuery } from '../../../src/protocol/imageSet';

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
