import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Box, Size } from '../../../src/core/geometry/box';
import type { FrameChoice, FrameSpec } from '../../../src/core/geometry/frame';
import { fromOriginal } from '../../../src/core/geometry/frameMap';
import { framePresets } from '../../../src/core/geometry/framePresets';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const spec = (id: string): FrameSpec => framePresets.find((preset) => preset.id === id)!.spec;
/** Whole pixels; relative coordinates keep their places. */
const numbers = ({ x1, y1, x2, y2 }: Box) =>
  [x1, y1, x2, y2].map((n) => (n > 1 ? Math.round(n) : Number(n.toFixed(4))));

/** Twelve prompts of four rollouts on images of `size`, boxes on the target as a policy in `frame` writes them. */
async function writeTrace(size: Size, frame: FrameSpec, row: (truth: readonly number[]) => Record<string, unknown>) {
  const lines = Array.from({ length: 48 }, (_, i) => {
    const at = Math.floor(i / 4);
    const target = { x1: 150 + at * 90, y1: 120 + at * 60, x2: 250 + at * 90, y2: 190 + at * 60 };
    const box = numbers(fromOriginal(target, frame, size));
    const output = `<answer>[{"bbox_2d": ${JSON.stringify(box)}, "label": "x"}]</answer>`;
    return verlLine({ input: `user\n${at}\n`, output, image_path: `${at}.jpg`, ...row(numbers(target)) });
  });
  const images = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.jpg`, 'x']));
  return makeFolder({ '7.jsonl': lines.join(''), ...images });
}

describe('the frame of a dump that does not state it', () => {
  it('is told by boxes that only one frame puts inside the image', async () => {
    const size = { width: 1400, height: 1000 };
    const folder = await writeTrace(size, spec('relative1'), () => ({ gts: 'A' }));
    const { client } = await startClient(() => size);
    const trace = await openTrace(client, folder);
    const info = await trace.scanned();
    expect(info.images).toEqual({ resolved: 12, ambiguous: 0, missing: 0 });
    expect(info.frames.find(({ field }) => field === 'prediction')?.choice).toMatchObject({
      origin: 'evidence',
      spec: { kind: 'relative1' },
    });
  });

  it('is relative 0–1000 when ground truth in original pixels says so', async () => {
    const size = { width: 4000, height: 3000 };
    const folder = await writeTrace(size, spec('relative1000'), (truth) => ({ gts: [{ bbox_2d: truth }] }));
    const { client } = await startClient(() => size);
    const trace = await openTrace(client, folder);
    const { frames } = await trace.scanned();
    expect(frames.find(({ field }) => field === 'prediction')?.choice).toMatchObject({
      origin: 'evidence',
      spec: { kind: 'relative1000' },
    });
  });

  it('cannot be told when prediction and ground truth agree but either could be resized pixels', async () => {
    const size = { width: 2250, height: 1500 };
    const folder = await writeTrace(size, spec('original'), (truth) => ({ gts: truth }));
    const { client } = await startClient(() => size);
    const trace = await openTrace(client, folder);
    const prediction = (await trace.scanned()).frames.find(({ field }) => field === 'prediction')!;
    expect(prediction.choice).toMatchObject({ spec: null, origin: 'undecided' });
    expect(prediction.choice.reason).toMatch(/^Cannot tell/);
    expect(prediction.evidence.length).toBeGreaterThan(2);
  });

  it('cannot be told without images, and says that these are missing', async () => {
    const folder = await writeTrace({ width: 800, height: 600 }, spec('original'), () => ({ image_path: 'gone.jpg' }));
    const { client } = await startClient();
    const { frames, images } = await (await openTrace(client, folder)).scanned();
    expect(images).toEqual({ resolved: 0, ambiguous: 0, missing: 12 });
    expect(frames[0]!.choice.reason).toBe('Cannot tell: none of the 12 images looked at was found.');
  });

  it('is what the user says, from then on and in every group', async () => {
    const size = { width: 2250, height: 1500 };
    const folder = await writeTrace(size, spec('original'), (truth) => ({ gts: truth }));
    const { client } = await startClient(() => size);
    const trace = await openTrace(client, join(folder, '7.jsonl'));
    await trace.scanned();
    let stale = 0;
    client.on('trace/stale', () => stale++);
    const choice: FrameChoice = {
      dataSource: null,
      field: 'prediction',
      spec: spec('qwen2.5-vl'),
      origin: 'user',
      reason: 'Set by you.',
    };
    await client.call('trace/override', { traceId: trace.traceId, overrides: { frames: [choice] } });
    expect(stale).toBe(1);
    expect((await trace.group(3)).frames).toContainEqual(choice);
    await client.call('trace/override', { traceId: trace.traceId, overrides: {} });
    expect((await trace.group(3)).frames.find(({ field }) => field === 'prediction')?.origin).toBe('undecided');
  });
});
