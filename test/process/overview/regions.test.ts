import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FrameChoice, FrameSpec } from '../../../src/core/geometry/frame';
import { makeFolder, openTrace, startClient, verlLine } from '../data/openClient';

const call = (box: readonly number[]) =>
  `<tool_call>{"name": "zoom", "arguments": {"bbox_2d": ${JSON.stringify(box)}}}</tool_call>`;
const said = (dataSource: string | null, spec: FrameSpec): FrameChoice => {
  return { dataSource, field: 'tool', spec, origin: 'user', reason: '' };
};

async function opened(rows: readonly string[], frames: readonly FrameChoice[]) {
  const folder = await makeFolder({ 'rollouts/1.jsonl': rows.join(''), 'rollouts/a.png': 'a picture' });
  const { client } = await startClient((path) => (path.endsWith('a.png') ? { width: 400, height: 200 } : null));
  const trace = await openTrace(client, join(folder, 'rollouts'), { frames });
  return { client, ...trace, info: await trace.scanned() };
}

test('areas of a trace of several frames are in one unit; a row whose image is not here has what its frame tells', async () => {
  const { client, traceId, info } = await opened(
    [
      verlLine({ uid: 'a', data_source: 'pixels', image_path: 'a.png', output: call([0, 0, 40, 20]) }),
      verlLine({ uid: 'b', data_source: 'thousandths', image_path: 'a.png', output: call([0, 0, 100, 100]) }),
      verlLine({ uid: 'c', data_source: 'thousandths', image_path: 'gone.png', output: call([0, 0, 200, 200]) }),
    ],
    [said('pixels', { kind: 'original' }), said('thousandths', { kind: 'relative1000' })],
  );
  expect(info.absent).toEqual([]);
  const points = async (x: string) => client.call('overview/scatter', { traceId, x, y: 'reward' });
  const [area, share] = [await points('region_area'), await points('region_share')];
  expect([[...area.rows], [...area.x]]).toEqual([
    [0, 1],
    [800, 800],
  ]);
  expect([...share.rows]).toEqual([0, 1, 2]);
  expect([...share.x].map((value) => Number(value.toFixed(6)))).toEqual([0.01, 0.01, 0.04]);
});

test('where nobody knows the frame there are no areas, and the trace says why', async () => {
  const { client, traceId, info } = await opened([verlLine({ output: call([0, 0, 40, 20]) })], []);
  const columns = await client.call('trace/columns', { traceId });
  expect(columns.map(({ name }) => name)).not.toContain('region_area');
  expect(info.absent.map(({ column }) => column)).toEqual(['region_area', 'region_share']);
  expect(info.absent[0]?.reason).toMatch(/^Cannot tell/);
});

test('where the policy looked in a crop is composed through the crop', async () => {
  const look = (box: readonly number[], source: string) =>
    `<grounding>{"bbox_2d": ${JSON.stringify(box)}, "source": "${source}"}</grounding>`;
  const output =
    `${look([0, 0, 0.5, 0.5], 'original_image')}<|im_end|>\n<|im_start|>user\n<image><|im_end|>\n<|im_start|>assistant\n` +
    `${look([0.5, 0.5, 0.9, 0.9], 'observation_1')}<|im_end|>\n<|im_start|>user\n<image><|im_end|>\n<|im_start|>assistant\n<answer>A</answer>`;
  const { client, traceId } = await opened(
    [verlLine({ image_path: 'a.png', output })],
    [said(null, { kind: 'relative1' })],
  );
  const looked = await client.call('overview/looked', { traceId });
  expect(looked?.early).toMatchObject({ centres: 2, unknown: 0, outside: 0 });
  const bins = [...(looked?.early.counts ?? [])].flatMap((count, bin) =>
    count > 0 ? [[bin % 24, Math.floor(bin / 24)]] : [],
  );
  // Centres at a quarter, and at three eighths: the middle of the crop's last quarter.
  expect(bins).toEqual([
    [6, 6],
    [8, 8],
  ]);
});
