import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a child's entry (relative to the repository) as the build does and returns the file to fork. Built once per
 * worker; the name carries the content, so workers that build the same child at the same time do not disturb each other.
 * It stands inside the repository because the native modules left out of the bundle are resolved from there.
 */
export function bundleChild(entry: string): Promise<string> {
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const made = bundle(entry);
  bundles.set(entry, made);
  return made;
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@duckdb/node-api', 'sharp', 'onnxruntime-node'],
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'silent' },
  });
  const output = result.outputFiles[0];
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  const folder = join(root, 'test-results', 'children');
  const name = `${basename(dirname(dirname(entry)))}-${createHash('sha256').update(output.contents).digest('hex').slice(0, 16)}.cjs`;
  const file = join(folder, name);
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true });
    const part = `${file}.${process.pid}.part`;
    await writeFile(part, output.contents);
    await rename(part, file);
  }
  return file;
}
