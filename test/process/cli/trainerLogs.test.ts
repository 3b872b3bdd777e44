import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder, writeTables } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);

/** One log of each format whose rows are no lines, with one group of two rollouts. */
beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  const record = (reward: number) =>
    `------------- 12-08-30-00-123456 Accuracy reward: ${reward} -------------\nimage_path: ['/gone.jpg']\nproblem: Where?\nContent: <answer>[1, 2, 3, 4]</answer>\nSolution: [1, 2, 3, 4]\n`;
  await writeFile(at('debug_log.txt'), record(1) + record(0));
  const sample = '[prompt] user\nWhere?\n\n[output] <answer>x</answer>\n[ground_truth] x\n[score] 1.0\n\n';
  await writeFile(at('generations.log'), sample.repeat(2));
  for (const doc of ['7_0', '7_1']) {
    await mkdir(at(`traj/${doc}`), { recursive: true });
    await writeFile(
      at(`traj/${doc}/traj.jsonl`),
      `{"doc_id": "${doc}", "initial_prompt": "Where?", "ground_truth": "x"}\n{"turn_idx": 0, "text_output": "<answer>x</answer>"}\n`,
    );
  }
  await mkdir(at('completions'));
  await writeTables(
    `COPY (SELECT 10 AS step, 'Where?' AS prompt, '<answer>x</answer>' AS completion, 1.0::DOUBLE AS accuracy_reward,
      0.7::DOUBLE AS advantage FROM range(2)) TO '${at('completions/completions_00010.parquet')}' (FORMAT parquet)`,
  );
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

it.each([
  ['debug_log.txt', 'r1v-log'],
  ['generations.log', 'easyr1-generations'],
  ['traj', 'mini-o3'],
  ['completions', 'trl-completions'],
])('saccade info and rollouts read %s', async (path, format) => {
  const info = await runCli(entry, at('cache'), ['info', at(path), '--json']);
  expect(JSON.parse(info.out)).toMatchObject({ format, rollouts: 2, groups: 1, problemCount: 0 });
  const rollouts = await runCli(entry, at('cache'), ['rollouts', at(path), '--json']);
  expect(rollouts.out.trim().split('\n')).toHaveLength(2);
});
