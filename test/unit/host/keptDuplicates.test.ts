import { describe, expect, it } from 'vitest';
import { KeptDuplicates } from '../../../src/host/editors/dataset/keptDuplicates';

/** 1,200 images of which every one is a file but the third, and every one was hashed but those of `changed`. */
function parts(compared: number, changed: readonly number[] = []) {
  const told: { images: Uint32Array; hashes: Uint32Array }[] = [];
  const asked: number[] = [];
  const link = {
    openings: 1,
    whenOpen: async () => ({ frame: 'oriented' }),
    ask: async (method: string, params: { start: number; count: number; hashed: (typeof told)[number] }) => {
      if (method === 'imageset/duplicates') return told.push(params.hashed);
      asked.push(params.start);
      return Array.from({ length: params.count }, (_, i) => (params.start + i === 2 ? null : `${params.start + i}`));
    },
  };
  const kept = new KeptDuplicates({
    link: link as never,
    knownHashes: async (paths, upright) =>
      paths.map((path) => (changed.includes(Number(path)) ? null : ([Number(path), upright ? 1 : 0] as const))),
    compared: () => compared,
    failed: (error) => {
      throw error;
    },
  });
  const reopen = () => {
    link.openings++;
  };
  return { kept, told, asked, reopen };
}

describe('near-duplicates of a set that is opened again', () => {
  it('come back from the hashes that were kept, once an opening, and with as many images as were compared', async () => {
    const { kept, told, reopen } = parts(1199);
    expect(await kept.restore({ images: 1200 })).toBe(true);
    await kept.settled();
    expect([told[0]?.images.length, told[0]?.images[2], told[0]?.images.at(-1)]).toEqual([1199, 3, 1199]);
    expect([...(told[0]?.hashes.slice(4, 8) ?? [])]).toEqual([3, 1, 4, 1]);
    expect(await kept.restore({ images: 1200 })).toBe(false);
    expect(told.length).toBe(1);
    reopen();
    expect(await kept.restore({ images: 1200 })).toBe(true);
    expect(told.length).toBe(2);
  });

  it('do not where nobody looked for them, or an image changed since: nothing is compared by halves', async () => {
    const never = parts(0);
    expect(await never.kept.restore({ images: 1200 })).toBe(false);
    expect(never.asked).toEqual([]);
    const changed = parts(1199, [20]);
    expect(await changed.kept.restore({ images: 1200 })).toBe(false);
    expect([changed.told, changed.asked]).toEqual([[], [0]]);
  });
});
