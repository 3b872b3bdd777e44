import type { DifferenceHash } from '../../../core/dataset/differenceHash';
import { UserError } from '../../../core/text/userError';
import type { HashedImages } from '../../../protocol/imageSet';

/** Images asked for at a time: enough that those who decode never wait for a path. */
const together = 8;

export interface HashingParts {
  /** How many images there are. */
  readonly images: number;
  /** Null where the image is missing. */
  file(index: number, signal: AbortSignal): Promise<string | null>;
  /** Throws `UserError` for what cannot be decoded. */
  hash(path: string, signal: AbortSignal): Promise<DifferenceHash>;
  /** Called after every image with how many there were. */
  done(images: number): void;
}

/** Hashes of all images that can be read, ascending by index; `unread` counts the others. Stops when aborted. */
export async function hashedImages(
  parts: HashingParts,
  signal: AbortSignal,
): Promise<HashedImages & { readonly unread: number }> {
  const found = new Map<number, DifferenceHash>();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < parts.images && !either.aborted) {
      const index = next++;
      const hash = await hashOf(parts, index, either);
      if (hash !== null) found.set(index, hash);
      parts.done(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: together }, work));
  } finally {
    failed.abort();
  }
  signal.throwIfAborted();
  const images = Uint32Array.from(found.keys()).sort();
  const hashes = new Uint32Array(images.length * 2);
  images.forEach((index, at) => {
    hashes.set(found.get(index) ?? [0, 0], at * 2);
  });
  return { images, hashes, unread: parts.images - images.length };
}

async function hashOf(parts: HashingParts, index: number, signal: AbortSignal): Promise<DifferenceHash | null> {
  try {
    const path = await parts.file(index, signal);
    return path === null ? null : await parts.hash(path, signal);
  } catch (error) {
    if (UserError.is(error)) return null;
    throw error;
  }
}
