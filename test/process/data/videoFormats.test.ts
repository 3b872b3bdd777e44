import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameThinkerRow } from '../../fixtures/frameThinker';
import { longVtTrace, sampledFrames } from '../../fixtures/longVt';
import { makeFolder, openTrace, startClient } from './openClient';

async function opened(files: Readonly<Record<string, string>>, path = '') {
  const { client } = await startClient(() => ({ width: 224, height: 126 }));
  const trace = await openTrace(client, join(await makeFolder(files), path));
  const info = await trace.scanned();
  const view = async (row: number, observation: number) => {
    const found = await client.call('image/view', { traceId: trace.traceId, row, observation });
    return found === null ? null : readFile(found.path, 'utf8');
  };
  return { trace, info, view };
}

describe('rollouts about videos', () => {
  it('of LongVT’s traces open from above their folder, with the frames beside it', async () => {
    const text = { ...longVtTrace(), ...longVtTrace({ video: '/data/videos/walk.mp4', index: 3 }) };
    const traces = Object.fromEntries(Object.entries(text).map(([name, content]) => [`traces/${name}`, content]));
    const frames = [
      ...sampledFrames('global_sampling/match', 6),
      ...sampledFrames('segment_sampling/match_2.000_4.000', 2),
    ];
    const { trace, info, view } = await opened({
      ...traces,
      ...Object.fromEntries(frames.map((name) => [name, name])),
    });
    expect(info).toMatchObject({ format: 'longvt', rollouts: 2, groups: 2, problemCount: 0 });
    expect(await view(0, 0)).toBe('global_sampling/match/frame_0001.png');
    expect(await view(0, 7)).toBe('segment_sampling/match_2.000_4.000/frame_0002.png');
    expect(await trace.rollout(0)).toMatchObject({
      observations: { length: 8 },
      prompt: expect.stringContaining('shirt'),
    });
    expect((await trace.group(1)).image).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('walk.mp4'),
    });
  });

  it('of FrameThinker’s training keep the numbers of frames whose pictures the log left out', async () => {
    const lines = [frameThinkerRow(), frameThinkerRow({ reward: 0 })].map((row) => `${JSON.stringify(row)}\n`);
    const { trace, info, view } = await opened(
      { 'rollout_data_rank0.jsonl': lines.join('') },
      'rollout_data_rank0.jsonl',
    );
    expect(info).toMatchObject({ format: 'rl-logging-board', rollouts: 2, groups: 1, problemCount: 0 });
    expect(await trace.rollout(1)).toMatchObject({ badge: 'ok', observations: { length: 16 }, reward: 0 });
    expect(await view(1, 8)).toBeNull();
  });
});
