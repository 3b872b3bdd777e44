/** Bundles one TypeScript script into dist/scripts and runs it with this Node: `node scripts/runTs.mjs FILE ARGS…`. */
import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('usage: node scripts/runTs.mjs FILE ARGS…');
const outfile = join(root, 'dist/scripts', basename(entry).replace(/\.ts$/, '.cjs'));
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  logOverride: { 'empty-import-meta': 'silent' },
  external: ['sharp', '@duckdb/node-api', 'onnxruntime-node', 'vscode', 'playwright-core', 'esbuild'],
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
