import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDir, root } from '../e2e/harness/results';
import { runInExtensionHost } from '../host/runnerSession';
import type { ActivateMeasure } from './activateEntry';
import { within } from './bench';

export const name = 'activate';
export const budget = 'activate() < 50 ms, loading no native module';

const runs = 3;
const budgetMs = 50;

async function measure(): Promise<ActivateMeasure> {
  const target = join(resultsDir('bench'), 'activate.json');
  rmSync(target, { force: true });
  const { code, log } = await runInExtensionHost({
    entryPoints: { entry: 'test/bench/activateEntry.ts' },
    outdir: join(root, '.bootstrap', 'bench-activate'),
    env: { SACCADE_BENCH_RESULT: target },
  });
  if (code !== 0) throw new Error(`the extension host ended with ${code}:\n${log.slice(-20).join('\n')}`);
  return JSON.parse(readFileSync(target, 'utf8'));
}

/** Worst of three fresh extension hosts: a user meets each of them once. */
export async function run() {
  const measures: ActivateMeasure[] = [];
  for (let i = 0; i < runs; i++) measures.push(await measure());
  const activate = Math.max(...measures.map((m) => m.activate));
  const natives = new Set(measures.flatMap((m) => m.natives)).size;
  return {
    rows: [within('activate()', activate, 'ms', budgetMs), within('native modules loaded', natives, '', 0)],
  };
}
