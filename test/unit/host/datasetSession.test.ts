import { expect, test, vi } from 'vitest';
import { DatasetSession } from '../../../src/host/editors/dataset/datasetSession';
import type { DataLost } from '../../../src/host/traces/dataLink';
import type { ImageSetProgress } from '../../../src/protocol/imageSet';

/** A data child with one set, which it calls 1 however often it was started anew. */
class FakeChild {
  readonly asked: string[] = [];
  private progress: (progress: ImageSetProgress) => void = () => undefined;
  private lost: (lost: DataLost) => void = () => undefined;

  readonly backend = {
    imageSet: async (method: string) => {
      this.asked.push(method);
      if (method === 'imageset/open') return { setId: 1, format: 'coco', frame: 'stored' };
      return method === 'imageset/files' ? ['/a.jpg', '/b.jpg'] : null;
    },
    onImageSetProgress: (listener: (progress: ImageSetProgress) => void) => {
      this.progress = listener;
      return { dispose: () => undefined };
    },
    onDataLost: (listener: (lost: DataLost) => void) => {
      this.lost = listener;
      return { dispose: () => undefined };
    },
  } as never;

  read(): void {
    this.progress({ setId: 1, done: true, bytesRead: 1, bytesTotal: 1, images: 2, annotations: 2, problems: 0 });
  }

  die(cause: DataLost['cause']): void {
    this.lost({ detail: 'killed', cause, startsAgain: true });
  }
}

test('a set is as it was after the data child died: duplicates are there, and nobody is told that it is still being opened', async () => {
  const child = new FakeChild();
  const session = new DatasetSession('/set.json', {
    backend: child.backend,
    roots: () => [],
    gaveUp: () => expect.fail('The child starts again.'),
    read: () => undefined,
    hashes: { knownHashes: async (paths) => paths.map(() => [1, 2]), compared: () => 2 },
    bug: (doing, error) => expect.fail(`${doing}: ${String(error)}`),
  });
  const events: string[] = [];
  const emit = (name: string, payload: object) =>
    void events.push('message' in payload ? `${name} ${payload.message}` : name);
  session.watch({ emit, failed: () => expect.fail('It opens.'), recovered: () => undefined });
  await session.link.whenOpen();
  child.read();
  await vi.waitFor(() => expect(child.asked).toContain('imageset/duplicates'));
  child.asked.length = 0;
  events.length = 0;
  child.die('crash');
  await session.link.whenOpen();
  child.read();
  await vi.waitFor(() => expect(child.asked).toEqual(['imageset/open', 'imageset/files', 'imageset/duplicates']));
  expect(events.slice(0, 3)).toEqual([
    'editor/failure The process that reads image sets ended (killed); the set is being opened again.',
    'editor/failure The set was opened again.',
    'set/stale',
  ]);
});
