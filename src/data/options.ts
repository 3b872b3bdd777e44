/** What the client tells the data child through its environment; the names are shared by both. */
export interface DataOptions {
  /** Absolute folder for database files and for images written out of tables. */
  readonly cacheDir: string;
  readonly threads: number;
  /** MiB in all, heap and native memory together. */
  readonly memoryMb: number;
}

export const dataVariable = 'SACCADE_DATA';

export function parseOptions(text: string | undefined): DataOptions {
  const { cacheDir, threads, memoryMb } = JSON.parse(text ?? '{}') as Partial<DataOptions>;
  if (typeof cacheDir !== 'string' || typeof threads !== 'number' || typeof memoryMb !== 'number')
    throw new Error(`the data process needs its options in ${dataVariable}`);
  return { cacheDir, threads, memoryMb };
}
