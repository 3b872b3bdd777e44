import { createRequire } from 'node:module';
import { writeAtomically } from '../../../src/data/process/notes/atomicFile';

/** Where a writer dies, or what its disk does. */
export type Fate =
  /** Killed when that many bytes are written. */
  | { readonly bytes: number }
  | { readonly before: 'sync' | 'close' | 'rename' | 'folder' }
  | { readonly fails: 'ENOSPC' | 'EIO'; readonly bytes: number };

export interface DyingWrite {
  readonly path: string;
  readonly text: string;
  readonly fate: Fate;
}

type FileSystem = typeof import('node:fs/promises');

const fs = createRequire(__filename)('node:fs/promises') as { -readonly [K in keyof FileSystem]: FileSystem[K] };
const { open, rename } = fs;

/** Nothing runs after this, not even a `finally`. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: this process must not get any further until it is there.
  for (;;);
}

/** Puts a fate between the writer and the file system: its calls go through until then. */
function doom(fate: Fate): void {
  const before = 'before' in fate ? fate.before : null;
  let opened = 0;
  fs.open = async (...args) => {
    const file = await open(...args);
    if (++opened === 2 && before === 'folder') die();
    const { writeFile, sync, close } = file;
    file.writeFile = async (data, options) => {
      if (!('bytes' in fate)) return writeFile.call(file, data, options);
      await file.write(Buffer.from(data as string).subarray(0, fate.bytes));
      if (!('fails' in fate)) die();
      throw Object.assign(new Error(fate.fails), { code: fate.fails });
    };
    file.sync = () => (before === 'sync' ? die() : sync.call(file));
    file.close = () => (before === 'close' ? die() : close.call(file));
    return file;
  };
  fs.rename = (from, to) => (before === 'rename' ? die() : rename(from, to));
}

const { path, text, fate } = JSON.parse(process.argv[2] ?? '') as DyingWrite;
doom(fate);
writeAtomically(path, text).then(
  () => process.send?.({ kind: 'written' }),
  (error: NodeJS.ErrnoException) => process.send?.({ kind: 'refused', code: error.code }),
);
