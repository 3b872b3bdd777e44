/** What the client tells the media child through its environment; the names are shared by both. */
export interface MediaOptions {
  readonly cacheDir: string;
  /** Byte budget of the cache folder. */
  readonly cacheBytes: number;
  readonly threads: number;
}

export const mediaVariable = 'SACCADE_MEDIA';

/** Images decoded side by side: more would only share the same threads, and hold as many pictures in memory. */
export const lanes = 2;

export function parseOptions(text: string | undefined): MediaOptions {
  const { cacheDir, cacheBytes, threads } = JSON.parse(text ?? '{}') as Partial<MediaOptions>;
  if (typeof cacheDir !== 'string' || typeof cacheBytes !== 'number' || typeof threads !== 'number')
    throw new Error(`the media process needs its options in ${mediaVariable}`);
  return { cacheDir, cacheBytes, threads };
}
