import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/text/userError';
import { type HashingParts, hashedImages } from '../../../src/host/editors/dataset/hashedImages';

const never = new AbortController().signal;

const parts = (hash: HashingParts['hash']): HashingParts => ({
  images: 30,
  file: async (index) => (index === 4 ? null : String(index)),
  hash,
  done: () => undefined,
});

describe('the hashes of a set', () => {
  it('come by index, without images that are missing or broken, which are counted', async () => {
    const done: number[] = [];
    const hash: HashingParts['hash'] = async (path) => {
      if (path === '7') throw new UserError('7: truncated');
      return [Number(path), 1];
    };
    const found = await hashedImages({ ...parts(hash), done: (images) => done.push(images) }, never);
    expect(found.unread).toBe(2);
    expect([...found.images].slice(0, 7)).toEqual([0, 1, 2, 3, 5, 6, 8]);
    expect([...found.hashes].slice(10, 14)).toEqual([6, 1, 8, 1]);
    expect(done.at(-1)).toBe(30);
  });

  it('are given up when the process that decodes fails, or the user stops it', async () => {
    const asked: string[] = [];
    const dead: HashingParts['hash'] = async (path) => {
      asked.push(path);
      throw new Error('the media process ended');
    };
    await expect(hashedImages(parts(dead), never)).rejects.toThrow('the media process ended');
    expect(asked.length).toBeLessThan(30);
    const stop = new AbortController();
    const stopped = hashedImages(
      parts(async () => {
        stop.abort();
        return [0, 0];
      }),
      stop.signal,
    );
    await expect(stopped).rejects.toThrow();
  });
});
