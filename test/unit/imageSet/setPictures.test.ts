import { describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../src/data/process/imageSet/imageSet';
import { ImageTable } from '../../../src/data/process/imageSet/imageTable';
import { SetPictures } from '../../../src/data/process/imageSet/rollouts/setPictures';
import type { ImageContents } from '../../../src/data/process/samples/imageContents';

/** Ten files of three bytes, more than are looked at side by side; the set finds a file when the test lets it. */
function slowSet() {
  const images = new ImageTable();
  for (const file of Array.from({ length: 10 }, (_, i) => `${i}.png`)) {
    const bytes = { kind: 'file', candidates: [file] } as const;
    images.add({ key: file, file, size: null, split: null, bytes, place: { file: 'set.json', line: null } });
  }
  const asked: (() => void)[] = [];
  const find = (_: unknown, index: number) =>
    new Promise<string>((resolve) => asked.push(() => resolve(images.files[index] ?? '')));
  const set = { setId: 1, root: '/', tables: { images }, files: { find } } as unknown as ImageSet;
  const file = async (path: string) => ({ id: path, size: 3, content: async () => `3:${path}` });
  const pictures = new SetPictures(set, { file } as unknown as ImageContents);
  const picture = { id: 'trace', size: 3, content: async () => '3:1.png' };
  const search = (signal: AbortSignal) => pictures.sameContent(picture, signal, () => undefined);
  /** Lets everything be found, also what is asked for then. */
  const letAll = async () => {
    for (let turn = 0; turn < 50; turn++) {
      for (const go of asked.splice(0)) go();
      await new Promise(setImmediate);
    }
  };
  return { asked, search, letAll };
}

describe('images that are looked for by their content', () => {
  it('are found for who still waits when whoever asked first has left', async () => {
    const { search, letAll } = slowSet();
    const first = new AbortController();
    const both = Promise.allSettled([search(first.signal), search(new AbortController().signal)]);
    await new Promise(setImmediate);
    first.abort(new Error('left'));
    await letAll();
    expect(await both).toMatchObject([
      { status: 'rejected', reason: { message: 'left' } },
      { status: 'fulfilled', value: [1] },
    ]);
  });

  it('are counted once when a search that was stopped ends behind the one that came after it', async () => {
    const { asked, search, letAll } = slowSet();
    const first = new AbortController();
    const stopped = search(first.signal);
    await new Promise(setImmediate);
    const late = asked.splice(0);
    first.abort(new Error('stopped'));
    // One of the reads under way tells that the search is over; the others end later.
    late.shift()?.();
    await expect(stopped).rejects.toThrow('stopped');
    const again = search(new AbortController().signal);
    for (const go of late) go();
    await letAll();
    expect(await again).toEqual([1]);
  });
});
