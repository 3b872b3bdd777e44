import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { plainPng, plainUri } from '../../fixtures/images';
import { type InspectSample, inspectEvalFile, inspectJsonFile } from '../../fixtures/inspect';
import { makeFolder, openTrace, startClient } from './openClient';

const samples = (image: string): readonly InspectSample[] => [
  { id: 'a/1', epoch: 1, question: 'Which colour?', answer: 'red', score: 'C', image },
  { id: 'a/1', epoch: 2, question: 'Which colour?', answer: 'blue', score: 'I', image },
  { id: 2, epoch: 1, question: 'How many?', answer: 'three', score: Number.NaN },
];

async function opened(bytes: Uint8Array) {
  const folder = await makeFolder({ 'log.eval': bytes });
  const { client } = await startClient(() => ({ width: 200, height: 100 }));
  const trace = await openTrace(client, join(folder, 'log.eval'));
  return { trace, client, folder, info: await trace.scanned() };
}

describe('an evaluation of Inspect', () => {
  it.each([
    ['deflated', { method: 'deflate' }],
    ['in Zstandard', { method: 'zstd' }],
    ['in Zstandard, its samples in chunks', { method: 'zstd', chunked: true }],
  ] as const)('%s: epochs are a group, messages turns, scores fields', async (_, options) => {
    const { trace, folder, info } = await opened(inspectEvalFile(samples(await plainUri()), options));
    expect(trace.opened).toMatchObject({ format: 'inspect-eval', root: join(folder, 'log.eval') });
    expect(info).toMatchObject({ rollouts: 3, groups: 2, problemCount: 0, images: { resolved: 1, missing: 1 } });
    expect((await trace.groups()).map(({ title, size }) => [title, size])).toEqual([
      ['How many?', 1],
      ['Which colour?', 2],
    ]);
    const { rollouts } = await trace.group(1);
    const [first, second] = rollouts;
    expect(rollouts.map(({ fields }) => fields.find(({ name }) => name === 'match')?.value)).toEqual(['C', 'I']);
    expect(first).toMatchObject({
      reward: null,
      groundTruth: 'red',
      turns: [{ role: 'assistant' }, { role: 'tool' }, {}],
    });
    expect(first!.response).toContain('<think>\nI look closer.\n</think>');
    expect(first!.regions).toMatchObject([{ box: { x1: 10, y1: 20, x2: 60, y2: 70 }, turn: 0, field: 'tool' }]);
    expect(second!.response).toMatch(/blue$/);
  });

  it('gives out the images that stand in it: the one asked about, and what came back', async () => {
    const { trace, client } = await opened(inspectEvalFile(samples(await plainUri())));
    const { image, rollouts } = await trace.group(1);
    if (image.kind !== 'resolved') throw new Error(`the image is ${image.kind}`);
    const { traceId } = trace;
    const { path } = await client.call('image/file', { traceId, ref: image.ref });
    expect(await readFile(path)).toEqual(Buffer.from(await plainPng()));
    expect(rollouts[0]!.observations).toMatchObject([{ turn: 1, view: { kind: 'embedded', index: 1 } }]);
    const back = await client.call('image/view', { traceId, row: rollouts[0]!.row, observation: 0 });
    expect(await readFile(back!.path)).toEqual(Buffer.from(await plainPng()));
  });

  it('that goes on is followed: samples that come are rows', async () => {
    const all = samples(await plainUri());
    const { trace, client, folder } = await opened(inspectEvalFile(all.slice(0, 1)));
    await client.call('trace/watch', { traceId: trace.traceId, visible: true });
    await writeFile(join(folder, 'log.eval'), inspectEvalFile(all));
    await vi.waitFor(() => expect(trace.reports.at(-1)?.rollouts).toBe(3), { timeout: 20_000, interval: 50 });
    expect((await trace.group(0)).rollouts[0]!.response).toContain('I look closer.');
    expect((await trace.groups()).map(({ size }) => size).sort()).toEqual([1, 2]);
  });

  it('with a damaged sample opens the others and names it', async () => {
    const bytes = Buffer.from(inspectEvalFile(samples(await plainUri()), { method: 'deflate' }));
    const at = bytes.indexOf('samples/2_epoch_1.json') + 'samples/2_epoch_1.json'.length;
    bytes.fill(0xff, at, at + 20);
    const { info } = await opened(bytes);
    expect(info).toMatchObject({ rollouts: 2, groups: 1, problemCount: 1 });
    expect(info.problems).toMatchObject([
      { file: 'samples/2_epoch_1.json', severity: 'error', message: expect.stringContaining('is damaged') },
    ]);
  });

  it('opens from the folder of logs when it is the only one there', async () => {
    const log = inspectEvalFile(samples(await plainUri()));
    const folder = await makeFolder({ 'logs/one.eval': log, 'two/a.eval': log, 'two/b.eval': log });
    const { client } = await startClient();
    const one = await openTrace(client, join(folder, 'logs'));
    expect(one.opened).toMatchObject({ format: 'inspect-eval', root: join(folder, 'logs/one.eval') });
    await expect(openTrace(client, join(folder, 'two'))).rejects.toThrow(/2 traces.*a\.eval, b\.eval/);
  });

  it('that is cut off or no archive is refused with a reason', async () => {
    const bytes = inspectEvalFile(samples(await plainUri()));
    await expect(opened(bytes.subarray(0, bytes.length - 30))).rejects.toThrow(/log\.eval is no whole zip archive/);
    await expect(opened(new TextEncoder().encode('not a zip'))).rejects.toThrow(/log\.eval is no whole zip archive/);
  });
});

describe('a JSON log of Inspect', () => {
  it('opens sample by sample, with the images in it', async () => {
    const uri = await plainUri();
    const folder = await makeFolder({ 'log.json': inspectJsonFile(samples(uri)) });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, 'log.json'));
    expect(trace.opened).toMatchObject({ format: 'inspect-json', formatTitle: 'Inspect evaluation' });
    expect(await trace.scanned()).toMatchObject({ rollouts: 3, groups: 2, problemCount: 0, images: { resolved: 1 } });
    const { image, rollouts } = await trace.group(0);
    expect(rollouts.map(({ element, groundTruth }) => [element, groundTruth])).toEqual([
      [0, 'red'],
      [1, 'red'],
    ]);
    if (image.kind !== 'resolved') throw new Error(`the image is ${image.kind}`);
    const { path } = await client.call('image/file', { traceId: trace.traceId, ref: image.ref });
    expect(await readFile(path)).toEqual(Buffer.from(await plainPng()));
  });
});
