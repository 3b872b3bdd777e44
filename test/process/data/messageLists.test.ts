import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

const blank = { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,' } };
const call = (box: readonly number[]) =>
  `<think>t</think><tool_call>{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": ${JSON.stringify(box)}}}</tool_call>`;

/** A row as DeepEyes' evaluation writes it, its judge's verdict included. */
const evaluated = (image: string, acc: number) =>
  `${JSON.stringify({
    image,
    question: 'Which colour?',
    answer: 'red',
    pred_ans: 'A',
    pred_output: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: [blank, { type: 'text', text: 'Which colour?' }] },
      { role: 'assistant', content: call([10, 20, 30, 40]) },
      { role: 'user', content: [blank, { type: 'text', text: 'assistant\n<tool_response>Think.' }] },
      { role: 'assistant', content: '<answer>A</answer>' },
    ],
    status: 'success',
    acc,
  })}\n`;

describe('an evaluation of messages', () => {
  it('opens with its own turns, its image and the frame of its boxes; a torn row costs only itself', async () => {
    const content = `${evaluated('a.jpg', 1)}{"image": "a.jpg", "pred_output"\n${evaluated('b.jpg', 0)}`;
    const folder = await makeFolder({ 'result_direct_attributes_x_acc.jsonl': content, 'a.jpg': 'x' });
    const { client } = await startClient(() => ({ width: 100, height: 80 }));
    const trace = await openTrace(client, join(folder, 'result_direct_attributes_x_acc.jsonl'));
    expect(trace.opened).toMatchObject({ format: 'deepeyes-eval', formatTitle: 'DeepEyes evaluation' });
    expect(await trace.scanned()).toMatchObject({
      rollouts: 2,
      groups: 2,
      badges: { ok: 2 },
      images: { resolved: 1, missing: 1 },
      problems: [{ line: 2, severity: 'error' }],
    });
    const { rollouts, image, frames } = await trace.group(0);
    expect(rollouts[0]).toMatchObject({ reward: 1, line: 1, element: null, groundTruth: 'red' });
    expect(rollouts[0]!.turns.map(({ role, inferred }) => [role, inferred])).toEqual([
      ['assistant', false],
      ['user', false],
      ['assistant', false],
    ]);
    expect(rollouts[0]!.regions).toMatchObject([{ box: { x1: 10, y1: 20, x2: 30, y2: 40 }, turn: 0, field: 'tool' }]);
    expect(image).toMatchObject({ kind: 'resolved', ref: { path: join(folder, 'a.jpg') } });
    expect(frames).toContainEqual(
      expect.objectContaining({ field: 'tool', spec: { kind: 'original' }, origin: 'format' }),
    );
  });
});

describe('training data of messages', () => {
  it('shows an image that stands in the log, and tells rows of one question about two of them apart', async () => {
    const content = (kind: string) =>
      `data:image/png;base64,${Buffer.from(`\x89PNG\r\n\x1a\n${kind}`.repeat(20), 'latin1').toString('base64')}`;
    const row = (kind: string) => {
      const image = { type: 'image_url', image_url: { url: content(kind) } };
      const asked = { role: 'user', content: [image, { type: 'text', text: 'Where?' }] };
      return `${JSON.stringify({ messages: [asked, { role: 'assistant', content: 'There.' }] })}\n`;
    };
    const folder = await makeFolder({ 'train.jsonl': row('a') + row('b') + row('a') });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'train.jsonl'));
    expect(await trace.scanned()).toMatchObject({
      format: 'messages',
      rollouts: 3,
      groups: 2,
      images: { resolved: 2 },
    });
    const detail = await trace.group(1);
    expect(detail.image).toMatchObject({ kind: 'resolved', ref: { kind: 'row', row: 1, index: 0 } });
    expect(detail.summary).toMatchObject({ title: 'Where?', rollouts: [{ reward: null }] });
    expect(JSON.stringify(detail)).not.toContain('iVBOR');
  });

  it('without answers opens as samples', async () => {
    const row = { conversations: [{ from: 'human', value: '<image>Where?' }], images: ['a.jpg'] };
    const folder = await makeFolder({ 'train.jsonl': `${JSON.stringify(row)}\n`, 'a.jpg': 'x' });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'train.jsonl'));
    expect(await trace.scanned()).toMatchObject({ rollouts: 0, samples: 1, images: { resolved: 1 } });
  });
});
