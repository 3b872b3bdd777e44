import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const saccade = (...args: readonly string[]) => runCli(entry, at('cache'), args);

/** verl's V1 rows: a group id that is new at every step. */
const row = (question: string, score: number, step: number, member: number) =>
  JSON.stringify({
    input: `system\nYou are a helpful assistant.\nuser\n${question}\nassistant\n`,
    output: '<answer>A</answer>',
    gts: 'A',
    score,
    step,
    uid: `${question}-${step}-${Math.abs(score)}_${member}_0`.replace(/-[\d.]+_/, `-${step}_`),
  });
const rows = (step: number, scores: Readonly<Record<string, readonly number[]>>) =>
  Object.entries(scores)
    .flatMap(([question, values]) => values.map((score, member) => row(question, score, step, member)))
    .join('\n');

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
  await mkdir(at('a'));
  await mkdir(at('b'));
  await writeFile(at('a/1.jsonl'), rows(1, { Boat: [1, 1], Kite: [0, 0], Dog: [1, 0] }));
  await writeFile(at('a/2.jsonl'), rows(2, { Boat: [0, 0], Kite: [1, 1], Dog: [1, 1] }));
  await writeFile(at('b/9.jsonl'), rows(9, { Boat: [1, 1], Kite: [1, 1], Cat: [0, 0] }));
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

describe('saccade compare', () => {
  it('joins two runs by what was asked, not by the trainer’s group ids', async () => {
    const ran = await saccade('compare', at('a'), at('b'), '--steps', '1', '--json');
    expect(ran.err).toBe('');
    const found = JSON.parse(ran.out);
    expect(found).toMatchObject({
      a: { path: at('a'), steps: [1, 1] },
      b: { path: at('b'), steps: null },
      column: 'reward',
      right: 1,
      rightFrom: 'values',
      samples: { both: 2, onlyA: 1, onlyB: 1, unkeyed: 0 },
      flips: { bothRight: 1, lost: 0, won: 1, bothWrong: 0 },
    });
    expect(found.passAt.map(({ k }: { k: number }) => k)).toEqual([1, 2]);
    expect(found.passAt[0]).toMatchObject({ samples: 2, a: { mean: 0.5 }, b: { mean: 1 }, difference: { mean: 0.5 } });
    expect(found.changes[0]).toMatchObject({ title: expect.stringContaining('Kite'), cell: 'won', a: { mean: 0 } });
  });

  it('compares two steps of one run', async () => {
    const ran = await saccade('compare', at('a'), '--steps', '1', '--other-steps', '2:2');
    expect(ran.out).toMatch(/samples +3 in both/);
    expect(ran.out).toMatch(/lost \(A only\) +1\n/);
    expect(ran.out).toMatch(/won \(B only\) +1\n/);
  });

  it('says so when nobody can tell right from wrong, or when there is no such column', async () => {
    const asked = await saccade('compare', at('a'), at('b'), '--right', '0.5', '--json');
    expect(JSON.parse(asked.out)).toMatchObject({ right: 0.5, rightFrom: 'asked' });
    const lengths = await saccade('compare', at('a'), at('b'), '--column', 'turns');
    expect(lengths.out).toContain('say from which one on with --right');
    const none = await saccade('compare', at('a'), at('b'), '--column', 'iou');
    expect(none.code).toBe(1);
    expect(none.err).toContain('There is no number "iou"');
    expect((await saccade('compare', at('a'), at('b'), at('b'))).code).toBe(2);
    expect((await saccade('compare', at('a'), '--steps', 'one')).code).toBe(2);
  });

  it('counts no rollout that was not judged, and of a step that was done again only the last attempt', async () => {
    const judged = rows(1, { Boat: [1, 0], Kite: [1, 1] });
    await mkdir(at('unjudged'));
    await writeFile(at('unjudged/1.jsonl'), `${judged}\n${row('Kite', 0, 1, 2).replace('"score":0', '"score":NaN')}\n`);
    const found = JSON.parse((await saccade('compare', at('a'), at('unjudged'), '--steps', '1', '--json')).out);
    const kite = found.changes.find(({ title }: { title: string }) => title.includes('Kite'));
    expect(kite).toMatchObject({ cell: 'won', b: { rollouts: 2, right: 2, mean: 1 } });

    // ms-swift appends: the resumed run writes step 2 again.
    const step = (of: number, score: number) =>
      `${JSON.stringify({ step: [String(of)], prompt: ['Boat'], completion: ['A'], Acc: [score] })}\n`;
    await mkdir(at('resumed'));
    await writeFile(at('resumed/completions.jsonl'), step(1, 0) + step(2, 0) + step(3, 0) + step(2, 1) + step(3, 1));
    const args = ['compare', at('resumed'), '--column', 'Acc', '--steps', '1', '--other-steps', '2:3', '--json'];
    const resumed = JSON.parse((await saccade(...args)).out);
    expect(resumed.changes[0]).toMatchObject({ a: { rollouts: 1, right: 0 }, b: { rollouts: 2, right: 2, mean: 1 } });
  });
});
