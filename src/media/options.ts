/** What the client tells the media child through its environment; the names are shared by both. */
export interface MediaOptions {
  readonly cacheDir: string;
  /** Byte budget of the cache folder. */
  readonly cacheBytes: number;
  readonly threads: number;
  /** MiB the child may use in all. */
  readonly memoryMb: number;
  /** Bundle of the process that builds a pyramid; without that file large images have none. */
  readonly builder: string;
}

export const mediaVariable = 'SACCADE_MEDIA';

/** Images decoded side by side: more would only share the same threads, and hold as many pictures in memory. */
export const lanes = 2;

export function parseOptions(text: string | undefined): MediaOptions {
  const { cacheDir, cacheBytes, threads, memoryMb, builder } = JSON.parse(text ?? '{}') as Partial<MediaOptions>;
  const numbers = [cacheBytes, threads, memoryMb].every((value) => typeof value === 'number');
  if (typeof cacheDir !== 'string' || typeof builder !== 'string' || !numbers)
    throw new Error(`the media process needs its options in ${mediaVariable}`);
  return { cacheDir, cacheBytes, threads, memoryMb, builder } as MediaOptions;
}
