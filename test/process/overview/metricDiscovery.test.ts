import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discoverMetrics } from '../../../src/data/process/overview/metricDiscovery';
import { temporaryFolder } from '../images/tables';

async function runFolder(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
  return folder;
}

const verlLine = (kl: number) => `{"step":1,"data":{"actor/ppo_kl":${kl}}}\n`;
const state = (step: number) => `{"log_history": [{"step": ${step}, "kl": 0.1}]}`;

describe('metrics near a trace', () => {
  test('the Trainer’s state of the newest checkpoint, which holds all before it', async () => {
    await using run = await runFolder({
      'run/checkpoint-9/trainer_state.json': state(9),
      'run/checkpoint-100/trainer_state.json': state(100),
      'run/checkpoint-200/model.safetensors': '',
      'run/completions/completions_00001.parquet': '',
    });
    const { logs } = await discoverMetrics(join(run.path, 'run/completions'));
    expect(logs.map(({ file }) => file)).toEqual(['../checkpoint-100/trainer_state.json']);
    expect([...(logs[0]?.series[0]?.steps ?? [])]).toEqual([100]);
  });

  test('the nearest folder that has some: a neighbour run’s log further up is another’s', async () => {
    await using run = await runFolder({
      'logging.jsonl': '{"global_step/max_steps": "1/2", "loss": 9}\n',
      'run/experiment_log.jsonl': '{"step": 1, "critic": {"kl": 0.2}}\n',
      'run/rollouts/1.jsonl': '{"input": "a", "output": "b", "score": 1, "step": 1}\n',
    });
    const { logs } = await discoverMetrics(join(run.path, 'run/rollouts/1.jsonl'));
    expect(logs.map(({ file, writer }) => [file, writer])).toEqual([
      ['../experiment_log.jsonl', 'EasyR1 experiment log'],
    ]);
  });

  test('of verl’s logs of several experiments, the one that the trace’s path names; else none, and why', async () => {
    const files = {
      'work/zoom/grpo_7b.jsonl': verlLine(0.1),
      'work/zoom/grpo_3b.jsonl': verlLine(0.2),
      'work/data/sft.jsonl': '{"messages": []}\n',
      'work/dumps/grpo_3b/1.jsonl': '',
      'work/dumps/other/1.jsonl': '',
    };
    await using run = await runFolder(files);
    const own = await discoverMetrics(join(run.path, 'work/dumps/grpo_3b'));
    expect(own.logs.map(({ file }) => file)).toEqual(['../../zoom/grpo_3b.jsonl']);
    const unknown = await discoverMetrics(join(run.path, 'work/dumps/other'));
    expect(unknown.logs).toEqual([]);
    expect(unknown.problems).toHaveLength(1);
  });

  test('a folder of its name, a link in a circle and a file that is no state are passed over, and told where they can be', async () => {
    await using run = await runFolder({
      'run/logging.jsonl/x': '',
      'run/trainer_state.json': 'not json',
      'run/1.jsonl': '',
    });
    await symlink('experiment_log.jsonl', join(run.path, 'run/experiment_log.jsonl'));
    const { logs, problems } = await discoverMetrics(join(run.path, 'run'));
    expect(logs).toEqual([]);
    expect(problems.some(({ file }) => file === 'trainer_state.json')).toBe(true);
  });
});
