import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PythonReward, type RewardRow } from '../../../src/scoring/pythonReward';
import { temporaryFolder } from '../images/tables';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const rewards: PythonReward[] = [];
let logged = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(
    join(folder.path, 'mine.py'),
    `
import math, os, time
from helper import bonus

def compute_score(data_source, solution_str, ground_truth, extra_info=None):
    print("looking at", data_source)
    if solution_str == "boom":
        raise ValueError("no such box")
    if solution_str == "hang":
        time.sleep(60)
    if solution_str == "end":
        os._exit(3)
    if solution_str == "nan":
        return math.nan
    right = solution_str == ground_truth
    return {"score": (1.0 if right else 0.0) + bonus, "acc": right, "pred": solution_str, "len": extra_info["length"]}

def accuracy_reward(prompts, completions, solution, **kwargs):
    return [None if s is None else float(c == s) for c, s in zip(completions, solution)]

def chat_reward(completions, **kwargs):
    return [float(len(completion[0]["content"])) for completion in completions]

def short_reward(completions, **kwargs):
    return [1.0]

def odd(x):
    return 1
`,
  );
  await writeFile(join(folder.path, 'helper.py'), 'bonus = 0.25\n');
});
afterAll(() => folder[Symbol.asyncDispose]());
afterEach(() => {
  for (const reward of rewards.splice(0)) reward.dispose();
  logged = '';
});

function reward(name: string, more: { readonly limit?: number; readonly interpreter?: string } = {}): PythonReward {
  const file = join(folder.path, 'mine.py');
  const log = (text: string) => {
    logged += text;
  };
  const made = new PythonReward({ interpreter: 'python3', file, name, limit: 20_000, log, ...more });
  rewards.push(made);
  return made;
}

const row = (completion: string, groundTruth: string | null = 'A'): RewardRow => ({
  dataSource: 'vstar',
  prompt: 'Where?',
  completion,
  groundTruth,
  columns: { length: completion.length },
});

/** The interpreter is the user's: without one there is nothing to call. */
const python = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!python)('a Python reward', () => {
  it('in verl’s signature gets one rollout at a time, its dict’s numbers are components, its prints are a log', async () => {
    expect(await reward('compute_score').score([row('A'), row('B'), row('nan')])).toEqual([
      { kind: 'value', total: 1.25, components: { score: 1.25, acc: 1, len: 1 } },
      { kind: 'value', total: 0.25, components: { score: 0.25, acc: 0, len: 1 } },
      { kind: 'value', total: Number.NaN, components: {} },
    ]);
    expect(logged).toContain('looking at vstar');
  });

  it('that fails costs its own rollout: the error is told, the traceback logged', async () => {
    const [failed, next] = await reward('compute_score').score([row('boom'), row('A')]);
    expect(failed).toEqual({ kind: 'missing', reason: 'The reward failed: ValueError: no such box' });
    expect(next).toMatchObject({ total: 1.25 });
    expect(logged).toContain('Traceback');
  });

  it('that hangs or ends its process is stopped, and the next rollout gets a new one', async () => {
    const hanging = await reward('compute_score', { limit: 1500 }).score([row('hang'), row('A')]);
    expect(hanging).toMatchObject([{ reason: 'The reward took longer than 1.5 s and was stopped.' }, { total: 1.25 }]);
    const ending = await reward('compute_score').score([row('end'), row('A')]);
    expect(ending).toMatchObject([{ reason: 'The reward ended its process.' }, { total: 1.25 }]);
  });

  it('in TRL’s signature gets the group, as texts or as messages; None does not apply', async () => {
    expect(await reward('accuracy_reward').score([row('A'), row('B'), row('A', null)])).toEqual([
      { kind: 'value', total: 1, components: {} },
      { kind: 'value', total: 0, components: {} },
      { kind: 'missing', reason: 'The reward returned None: it does not apply.' },
    ]);
    expect(await reward('chat_reward').score([row('four'), row('A')])).toMatchObject([{ total: 4 }, { total: 1 }]);
    expect(await reward('short_reward').score([row('A'), row('B')])).toMatchObject([
      { reason: 'The reward returned 1 values for 2 completions.' },
      { kind: 'missing' },
    ]);
  });

  it('that cannot be loaded says why', async () => {
    await expect(reward('odd').score([row('A')])).rejects.toThrow('neither solution_str (verl) nor completions (TRL)');
    await expect(reward('gone').score([row('A')])).rejects.toThrow("has no attribute 'gone'");
    await expect(reward('odd', { interpreter: '/no/python' }).score([row('A')])).rejects.toThrow(
      '/no/python did not load',
    );
  });
});
