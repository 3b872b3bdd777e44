import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The command line and its children, bundled as the build does, in a folder of this worker. */
export async function bundleCli(): Promise<string> {
  const outdir = join(root, 'test-results', 'cli', String(process.pid));
  await build({
    absWorkingDir: root,
    entryPoints: {
      saccade: 'src/cli/main.ts',
      'children/data': 'src/data/process/main.ts',
      'children/media': 'src/media/process/main.ts',
      'children/infer': 'src/inference/process/main.ts',
      'children/policy': 'src/policy/process/main.ts',
    },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@duckdb/node-api', 'sharp', 'onnxruntime-node'],
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'silent' },
  });
  // Prompts lie beside `dist`, as in the package.
  await cp(join(root, 'media', 'templates'), join(outdir, '..', 'media', 'templates'), { recursive: true });
  return join(outdir, 'saccade.js');
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a user does. */
export function runCli(entry: string, cacheDir: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { env: { ...process.env, SACCADE_CACHE: cacheDir } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
