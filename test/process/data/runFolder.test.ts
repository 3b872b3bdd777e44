import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

describe('a run’s folder', () => {
  it('opens as the one trace in it, beside checkpoints and datasets', async () => {
    const folder = await makeFolder({
      'dumps/train/7.jsonl': verlLine(),
      'global_step_7/model.bin': 'x',
      'data/train.json': '[]',
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened).toMatchObject({ format: 'verl-dump', root: join(folder, 'dumps/train'), files: ['7.jsonl'] });
    expect(await trace.scanned()).toMatchObject({ rollouts: 1 });
  });

  it('is the dumps in it, not the parquet dataset that it was trained on', async () => {
    const { client } = await startClient();
    const trace = await openTrace(client, join(import.meta.dirname, '../../../media/samples/verl'));
    expect(trace.opened).toMatchObject({ format: 'verl-dump' });
  });

  it('with several traces names them and opens none', async () => {
    const folder = await makeFolder({ 'train/7.jsonl': verlLine(), 'val/7.jsonl': verlLine() });
    const { client } = await startClient();
    await expect(openTrace(client, folder)).rejects.toThrow(/holds 2 traces\. Open one of them: train, val\./);
  });

  it('without any trace says what was looked for', async () => {
    const folder = await makeFolder({ 'a/b/c/7.jsonl': verlLine(), 'notes/x.txt': 'x' });
    const { client } = await startClient();
    await expect(openTrace(client, folder)).rejects.toThrow(/^No trace in /);
  });
});
