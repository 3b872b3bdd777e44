import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

it('a token track is left out of a group for its size, is said to be there, and comes with the row', async () => {
  // A line of RLLoggingBoard, and one of its validation lines, which have no tokens.
  const base = { step: 1, prompt: 'Which?', response: 'The cat', reward: 1 };
  const perToken = { response_tokens: ['The', ' cat'], logprobs: [-0.5, -2], token_rewards: [0, 1] };
  const lines = [
    { ...base, ...perToken },
    { ...base, validation: true },
  ].map((row) => `${JSON.stringify(row)}\n`);
  const folder = await makeFolder({ 'rollout_data_rank0.jsonl': lines.join('') });
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, 'rollout_data_rank0.jsonl'));
  await trace.scanned();
  const detail = await trace.group(0);
  expect(detail.rollouts.map(({ tokens }) => tokens)).toEqual([undefined, undefined]);
  expect(detail.tokenRows).toEqual([0]);
  expect((await trace.rollout(0)).tokens).toEqual({
    starts: [0, 3],
    rewards: [0, 1],
    logprobs: [-0.5, -2],
    values: null,
  });
});
