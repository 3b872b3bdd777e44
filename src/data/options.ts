/** What the client tells the data child through its environment; the names are shared by both. */
export interface DataOptions {
  /** Absolute folder for database files and for images written out of tables. */
  readonly cacheDir: string;
  /** Most that unpacked logs and indexes of logs may take there, in bytes. */
  readonly cacheBytes: number;
  readonly threads: number;
  /** Absolute path of the bundle that scanning threads run; null where there is none. */
  readonly scanEntry: string | null;
  /** MiB in all, heap and native memory together. */
  readonly memoryMb: number;
}

export const dataVariable = 'SACCADE_DATA';

export function parseOptions(text: string | undefined): DataOptions {
  const {
    cacheDir,
    cacheBytes,
    threads,
    memoryMb,
    scanEntry = null,
  } = JSON.parse(text ?? '{}') as Partial<DataOptions>;
  const numbers = [cacheBytes, threads, memoryMb].every((value) => typeof value === 'number');
  if (typeof cacheDir !== 'string' || !numbers)
    throw new Error(`the data process needs its options in ${dataVariable}`);
  return { cacheDir, cacheBytes, threads, memoryMb, scanEntry } as DataOptions;
}
