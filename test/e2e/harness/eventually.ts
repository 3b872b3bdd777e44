import { isDeepStrictEqual } from 'node:util';

/** Reads until `read` yields what is wanted, and answers the last reading; fails with what it saw instead. */
export async function eventually<S, T>(
  look: () => Promise<S>,
  read: (seen: S) => T,
  wanted: T,
  timeout = 30_000,
): Promise<S> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (isDeepStrictEqual(read(seen), wanted)) return seen;
    if (Date.now() > deadline) {
      throw new Error(`waited for ${JSON.stringify(wanted)}, and still there is ${JSON.stringify(read(seen))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
