/**
 * Runs every `test/bench/*.bench.ts`, one after another, each in a process of its own, and prints a table. `--json` prints
 * the same for machines. `--only NAME`, or NAME alone, runs one of them, by the start of its file's name. Ends with 1 when a bench
 * failed or a budget was exceeded.
 */
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './lib/machine.mjs';

const asJson = process.argv.includes('--json');
const onlyAt = process.argv.indexOf('--only');
const only =
  onlyAt < 0 ? (process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '') : (process.argv[onlyAt + 1] ?? '');

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) process.exit(built.status ?? 1);

const bundles = join(root, 'dist', 'bench');
mkdirSync(bundles, { recursive: true });
const files = readdirSync(join(root, 'test', 'bench')).filter(
  (name) => name.endsWith('.bench.ts') && name.startsWith(only),
);

/** What the bench reports, or why it could not. */
async function runBench(file) {
  const outfile = join(bundles, `${basename(file, '.ts')}.mjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [join('test', 'bench', file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  const child = fork(join(root, 'scripts', 'lib', 'benchChild.mjs'), [outfile], {
    cwd: root,
    stdio: ['ignore', asJson ? 2 : 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  let result = null;
  child.on('message', (message) => {
    result = message;
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  return result ?? { name: basename(file, '.bench.ts'), budget: '', rows: [], error: `ended with ${code}` };
}

function show(value) {
  if (value === undefined) return '';
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '');
}

function print({ name, budget, rows, error }) {
  console.log(`\n${name}${budget === '' ? '' : ` — ${budget}`}`);
  if (error !== undefined) console.log(`  failed: ${error}`);
  const lines = rows.map(({ metric, value, unit, reference, ratio, budget: limit, ok }) => [
    metric,
    `${show(value)} ${unit}`,
    reference === undefined ? '' : `beside ${show(reference)} ${unit}`,
    ratio === undefined ? '' : `${show(ratio)} times`,
    limit === undefined ? '' : `≤ ${show(limit)} ${unit}`,
    ok === undefined ? '' : ok ? 'ok' : 'OVER',
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(0, ...lines.map((line) => line[column].length)));
  for (const line of lines) {
    const cells = line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

const results = [];
for (const file of files.sort()) {
  const result = await runBench(file);
  results.push(result);
  if (!asJson) print(result);
}
const good = results.every(({ rows, error }) => error === undefined && rows.every(({ ok }) => ok !== false));
if (asJson) console.log(JSON.stringify({ node: process.version, good, benches: results }, null, 2));
process.exit(good ? 0 : 1);
