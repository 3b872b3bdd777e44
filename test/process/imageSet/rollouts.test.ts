import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSet, sharedSet } from './openSet';

const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `photos/${name}.png`);
const document = {
  images: names.map((file_name, i) => ({ id: i + 1, file_name, width: 20, height: 10 })),
  annotations: [],
  categories: [],
};

/** A line of verl's rollout dump (`ray_trainer.py`, `_dump_generations`) with a column that the reward function returned. */
const row = (image: string, score: number, more: Readonly<Record<string, unknown>> = {}) =>
  `${JSON.stringify({
    input: `user\n<image>\nWhere is it on ${image}?\nassistant\n`,
    output: '<answer>here</answer>',
    gts: 'there',
    score,
    step: 1,
    image_path: image,
    ...more,
  })}\n`;

describe('rollouts on the images of a set', () => {
  let set: Awaited<ReturnType<typeof openSet>>;
  let client: Awaited<ReturnType<typeof sharedSet>>['client'];
  let path: (name: string) => string;
  let traceId: number;
  beforeAll(async () => {
    const shared = await sharedSet({ 'set.json': JSON.stringify(document) });
    ({ client, path } = shared);
    const write = async (name: string, content: string) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
    };
    // Contents of one size: only their bytes tell them apart. The images c and f are not there.
    for (const name of ['a', 'b', 'd', 'e']) await write(`photos/${name}.png`, `picture ${name}`);
    await write('run/step/copy.png', 'picture b');
    await write('run/step/d.png', 'another');
    await write(
      'run/step/1.jsonl',
      [
        row(path('photos/a.png'), 1),
        row(path('photos/a.png'), 0),
        row('copy.png', 1),
        row('copy.png', 1),
        row('/cluster/photos/c.png', 0),
        row('d.png', 1),
        row('/one/f.png', 1),
        row('/two/f.png', 1),
        row('/cluster/nowhere.png', 1),
      ].join(''),
    );
    set = await openSet(client, path('set.json'));
    ({ traceId } = await client.call('trace/open', { path: path('run/step/1.jsonl'), overrides: {} }));
  });
  const values = async (column: string) => {
    const view = await set.query({ sort: { column, descending: false } });
    const rows = await set.rows(view.view);
    return rows.toSorted((a, b) => a.index - b.index).map(({ sorted }) => sorted ?? null);
  };

  it('are told by the file, then by its bytes, then by a name that only one has', async () => {
    await expect(values('reward')).rejects.toThrow('No rollouts are joined');
    const { setId } = set;
    const joined = await client.call('imageset/rollouts', { setId, traces: [traceId], passes: null });
    expect(joined).toEqual({
      images: 3,
      uncompared: 0,
      traces: [
        {
          traceId,
          groups: { file: 1, content: 1, name: 1, ambiguous: 2, different: 1, absent: 0, missing: 1 },
          rollouts: 5,
          rewarded: 5,
          pass: 'the total reward is at least 1',
        },
      ],
    });
    const on = await client.call('imageset/rolloutsOn', { setId, index: 1 });
    expect(on).toMatchObject([{ traceId, by: 'content', summary: { size: 2, meanReward: 1 } }]);
    expect(await client.call('imageset/rolloutsOn', { setId, index: 5 })).toEqual([]);
    const back = await client.call('imageset/imagesOf', { setId, traceId, group: on[0]?.summary.group ?? -1 });
    expect(back).toEqual({ by: 'content', indices: [1] });
  });

  it('are columns that filter and sort', async () => {
    expect(await values('rollouts')).toEqual([2, 2, 1, 0, 0, 0]);
    expect(await values('reward')).toEqual([0.5, 1, 0, null, null, null]);
    expect(await values('rewardSpread')).toEqual([0.5, 0, null, null, null, null]);
    expect(await values('passRate')).toEqual([0.5, 1, 0, null, null, null]);
    expect([...(await set.query({ where: 'passRate < 0.7' })).order]).toEqual([0, 2]);
    const [first] = await set.rows();
    expect(first?.reward).toBe(0.5);
  });

  it('grow with the trace, pass by what the user names, and go when nothing is joined', async () => {
    const { setId } = set;
    await client.call('trace/watch', { traceId, visible: true });
    await appendFile(path('run/step/1.jsonl'), row(path('photos/e.png'), 0.25));
    await expect
      .poll(async () => (await client.call('trace/info', { traceId, wait: false })).rollouts, { timeout: 20_000 })
      .toBe(10);
    await client.call('imageset/rollouts', { setId, traces: [traceId], passes: 0.25 });
    expect(await values('passRate')).toEqual([0.5, 1, 0, null, 1, null]);
    await client.call('imageset/rollouts', { setId, traces: [], passes: null });
    await expect(values('passRate')).rejects.toThrow('No rollouts are joined');
    expect((await set.rows())[0]?.reward).toBeUndefined();
  });

  it('are not looked for in a trace that is not open', async () => {
    const asked = client.call('imageset/rollouts', { setId: set.setId, traces: [999], passes: null });
    await expect(asked).rejects.toThrow('no longer open');
  });
});
