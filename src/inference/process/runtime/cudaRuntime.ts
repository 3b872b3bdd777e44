import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Ort from 'onnxruntime-node';
import { cudaLibraries } from '../../cuda/cudaLibraries';

const binding = join('bin', 'napi-v6', 'linux', 'x64');

/** Why the folder cannot be used; null when it can. */
export function whyNoCuda(folder: string): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'CUDA libraries are for Linux on x64 only';
  const missing = cudaLibraries.filter((name) => !existsSync(join(folder, name)));
  return missing.length === 0 ? null : `${folder}: there is no ${missing.join(' and no ')}`;
}

/**
 * ONNX Runtime with the user's CUDA libraries. It looks for them beside its own library and nowhere else, and an installed
 * extension is not to be written to: so its few files stand once more in a folder of the cache, beside links to the user's.
 */
export function loadCudaRuntime(folder: string, cacheDir: string): typeof Ort {
  const from = createRequire(__filename);
  const original = dirname(from.resolve('onnxruntime-node/package.json'));
  const common = dirname(createRequire(join(original, 'package.json')).resolve('onnxruntime-common'));
  const { version } = from('onnxruntime-node/package.json') as { readonly version: string };
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const staged = join(cacheDir, `runtime-${version}-${key}`);
  if (!existsSync(staged)) stage(original, packageFolder(common), folder, staged);
  return createRequire(join(staged, 'package.json'))('./dist/index.js') as typeof Ort;
}

function stage(original: string, common: string, folder: string, staged: string): void {
  const part = `${staged}.${randomUUID()}`;
  try {
    mkdirSync(join(part, binding), { recursive: true });
    cpSync(join(original, 'dist'), join(part, 'dist'), { recursive: true });
    cpSync(join(original, 'package.json'), join(part, 'package.json'));
    cpSync(common, join(part, 'node_modules', 'onnxruntime-common'), { recursive: true });
    for (const name of readdirSync(join(original, binding)))
      linkOrCopy(join(original, binding, name), join(part, binding, name));
    for (const name of cudaLibraries) symlinkSync(join(folder, name), join(part, binding, name));
    renameSync(part, staged);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    // Another window may have been first.
    if (!existsSync(staged)) throw error;
  }
}

/** The folder of a package from a file in it. */
function packageFolder(file: string): string {
  return existsSync(join(file, 'package.json')) && !file.endsWith('cjs') ? file : packageFolder(dirname(file));
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another file system, or one without links.
    copyFileSync(from, to);
  }
}
