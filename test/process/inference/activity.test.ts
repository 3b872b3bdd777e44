import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import type { InferenceState } from '../../../src/protocol/segment';
import { exports, writeExport } from '../../models/exports';
import { brightImage, inferenceLab, type Lab, request } from './fixture';

let lab: Lab;
let model: string;
let image: string;

beforeAll(async () => {
  lab = await inferenceLab();
  const folder = join(lab.dir, 'sam');
  await writeExport(folder, exports.sam());
  model = join(folder, 'sam_vit_b.decoder.onnx');
  image = await brightImage(join(lab.dir, 'image.png'), 640, 480);
});

it('the process says what it is at: loading, encoding which image since when, and how long runs took', async () => {
  const client = lab.client();
  const states: InferenceState[] = [];
  client.onActivity((state) => states.push(state));
  const before = Date.now();
  await client.segment(request(image, model, { clicks: [{ x: 300, y: 200, positive: true }] }));
  await vi.waitFor(() => expect(states.at(-1)?.loaded[0]?.decodeMs).toBeGreaterThan(0));
  expect(states.map(({ now }) => now?.kind ?? null)).toEqual([
    'encoding',
    'loading',
    'encoding',
    null,
    'loading',
    null,
    null,
  ]);
  const now = states[0]?.now;
  expect(now).toMatchObject({ kind: 'encoding', model, image, crop: null, urgency: 'visible' });
  expect(now?.since).toBeGreaterThanOrEqual(before);
  expect(states.at(-1)).toMatchObject({
    loaded: [{ model, provider: 'cpu', precision: 'float32', encodeMs: expect.any(Number) }],
    waiting: 0,
  });
  await client.release();
  await vi.waitFor(() => expect(states.at(-1)?.loaded).toEqual([]));
  client.dispose();
});
