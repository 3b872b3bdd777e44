/** Bundles the extension, its children, the command line and the webviews into dist/. `--watch` rebuilds on change. */

import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const watch = process.argv.includes('--watch');
const development = watch || process.argv.includes('--sourcemap');

const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: development,
  minify: !development,
  keepNames: !development,
  legalComments: 'none',
  logLevel: 'warning',
  logOverride: { 'empty-import-meta': 'silent' },
};

/** Code for Node: the extension host has 22 or newer, and runs the children and the command line too. */
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node22' };

/** Entries that do not exist yet are left out, so that a half-built tree still bundles. */
const present = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file))));

export const builds = [
  {
    ...node,
    outdir: 'dist',
    entryPoints: present({ extension: 'src/extension.ts' }),
    external: ['vscode'],
  },
  {
    ...node,
    outdir: 'dist',
    entryPoints: present({
      'children/data': 'src/data/process/main.ts',
      'children/scan': 'src/data/process/scan/wide/worker.ts',
      'children/media': 'src/media/process/main.ts',
      'children/pyramid': 'src/media/process/pyramidBuilder.ts',
      'children/infer': 'src/inference/process/main.ts',
      'children/policy': 'src/policy/process/main.ts',
      saccade: 'src/cli/main.ts',
    }),
    external: ['@duckdb/node-api', 'sharp', 'onnxruntime-node'],
  },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    outdir: 'dist/webview',
    entryPoints: present({ rollouts: 'webview/rollouts/main.ts', dataset: 'webview/dataset/main.ts' }),
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
].filter((build) => Object.keys(build.entryPoints).length > 0);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!watch) await rm(join(root, 'dist'), { recursive: true, force: true });
  await mkdir(join(root, 'dist'), { recursive: true });
  if (watch) {
    for (const build of builds) await (await esbuild.context(build)).watch();
  } else {
    await Promise.all(builds.map((build) => esbuild.build(build)));
  }
}
