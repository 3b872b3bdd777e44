import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTrace, startClient } from './openClient';

const samples = join(__dirname, '../../../media/samples/verl/rollouts');

it('a group’s texts do not wait for the dataset its image is in; who asked is told when it is found', async () => {
  const { client } = await startClient();
  const rowsThere = new Promise<void>((resolve) => {
    client.on('trace/progress', ({ groups }) => groups > 0 && resolve());
  });
  const { traceId } = await openTrace(client, samples);
  await rowsThere;
  const stale = new Promise<void>((resolve) => {
    client.on('trace/stale', () => resolve());
  });
  const first = await client.call('trace/group', { traceId, group: 0, patience: 0 });
  expect(first.image.kind).toBe('pending');
  expect(first.rollouts[0]?.response).toContain('<answer>');
  await stale;
  const again = await client.call('trace/group', { traceId, group: 0, patience: 10_000 });
  expect(again.image.kind).toBe('resolved');
});
