import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

/** ms-swift's args.json beside its completions.jsonl: registered names there, names of classes in the log. */
const args = {
  rlhf_type: 'grpo',
  dataset: ['train.jsonl'],
  num_generations: 2,
  reward_funcs: ['external_r1v_acc', 'format', 'cosine'],
  reward_weights: [1.0, 0.5, 0.1],
};
const completions = {
  step: ['1', '1'],
  prompt: ['Where?', 'Where?'],
  completion: ['Left.', 'Right.'],
  R1vAccReward: [1, 0],
  Format: [0.5, 1],
  advantages: [0.7, -0.7],
};

describe('reward components', () => {
  it('are fields that the run’s config names, until the user says which; no total is made of them', async () => {
    const folder = await makeFolder({
      'args.json': JSON.stringify(args),
      'completions.jsonl': `${JSON.stringify(completions)}\n`,
    });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'completions.jsonl'));
    const { traceId } = trace;
    const roles = async () => {
      const columns = await client.call('trace/columns', { traceId });
      return Object.fromEntries(columns.map(({ name, role }) => [name, role]));
    };
    const info = await trace.scanned();
    expect(info.config?.rewardFunctions).toContainEqual({ name: 'format', weight: 0.5 });
    expect(info.rewardComponents).toEqual(['R1vAccReward', 'Format']);
    expect(await roles()).toMatchObject({ R1vAccReward: 'component', Format: 'component', advantages: 'field' });
    // Nobody logged a total: it is missing, not the components' sum.
    expect((await trace.groups())[0]!.rollouts.map(({ reward }) => reward)).toEqual([null, null]);
    expect(await roles()).not.toHaveProperty('reward');

    const components = [
      { name: 'Format', weight: null },
      { name: 'gone', weight: 1 },
    ];
    await client.call('trace/override', { traceId, overrides: { components } });
    expect((await trace.scanned()).rewardComponents).toEqual(['Format']);
    expect(await roles()).toMatchObject({ R1vAccReward: 'field', Format: 'component' });
  });
});
