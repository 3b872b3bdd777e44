import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient, verlLine } from './openClient';

const prompts = ['Count the boats.', 'Count the birds.', 'Count the bikes.'];
const regions = '<think>t</think><answer>[{"bbox_2d": [10, 20, 30, 40], "label": "x"}]</answer>';

/** `size` rollouts of each prompt in an order that has nothing to do with groups. */
function shuffled(size: number, row: (prompt: number, rollout: number) => Record<string, unknown>): string {
  const lines: string[] = [];
  for (let r = 0; r < size; r++)
    for (let p = 0; p < prompts.length; p++) lines.push(verlLine({ input: `user\n${prompts[p]}\n`, ...row(p, r) }));
  return lines.reverse().join('');
}

describe('a verl dump', () => {
  it('is grouped by prompt and ground truth when rows are shuffled and no id is logged', async () => {
    const folder = await makeFolder({
      '7.jsonl': shuffled(4, (p, r) => ({ gts: p, score: r, output: regions, acc: r > 1, pred: 'x' })),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, '7.jsonl'));
    expect(trace.opened).toMatchObject({ format: 'verl-dump', root: folder, files: ['7.jsonl'] });
    const info = await trace.scanned();
    expect(info).toMatchObject({
      rollouts: 12,
      groups: 3,
      uncertainGroups: 0,
      steps: [7],
      fields: ['acc'],
      problemCount: 0,
    });
    const groups = await trace.groups();
    expect(groups.map(({ title, size }) => [title, size])).toEqual([
      ['Count the bikes.', 4],
      ['Count the birds.', 4],
      ['Count the boats.', 4],
    ]);
    expect(groups[0]).toMatchObject({ step: 7, meanReward: 1.5, uncertain: false });
    expect(groups[0]!.stdReward).toBeCloseTo(1.291, 3);
    expect(groups[0]!.rollouts.map(({ row, reward, regions: count }) => [row, reward, count])).toEqual([
      [0, 3, 1],
      [3, 2, 1],
      [6, 1, 1],
      [9, 0, 1],
    ]);
    const detail = await trace.group(0);
    expect(detail.rollouts.map(({ line }) => line)).toEqual([1, 4, 7, 10]);
    expect(detail.rollouts[0]).toMatchObject({ reward: 3, groundTruth: 2, response: regions, file: '7.jsonl' });
    expect(detail.rollouts[0]!.regions[0]?.box).toEqual({ x1: 10, y1: 20, x2: 30, y2: 40 });
  });

  it('is grouped by the id that the newer trainer logs, also where prompts are equal', async () => {
    const folder = await makeFolder({
      '7.jsonl': shuffled(4, (p, r) => ({ input: 'same', gts: 'A', uid: `${p}aaa-bbb_${r}_0` })),
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ rollouts: 12, groups: 3, uncertainGroups: 0 });
    expect((await trace.groups()).map(({ size }) => size)).toEqual([4, 4, 4]);
  });

  it('keeps steps apart in a folder and reads them in numeric order', async () => {
    const folder = await makeFolder({
      '10.jsonl': shuffled(2, () => ({ step: 10 })),
      '9.jsonl': shuffled(2, () => ({ step: 9 })),
      'notes.txt': 'x',
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened.files).toEqual(['9.jsonl', '10.jsonl']);
    expect(await trace.scanned()).toMatchObject({ rollouts: 12, groups: 6, steps: [9, 10] });
    expect((await trace.groups()).map(({ step }) => step)).toEqual([9, 9, 9, 10, 10, 10]);
    expect((await trace.rollout(11)).file).toBe('10.jsonl');
  });

  it('calls a group uncertain that is larger than the others of its file: two images may share a prompt', async () => {
    const doubled = shuffled(4, (p) => ({ gts: p })) + verlLine({ input: `user\n${prompts[0]}\n`, gts: 0 }).repeat(4);
    const folder = await makeFolder({ '7.jsonl': doubled });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ groups: 3, uncertainGroups: 1 });
    expect((await trace.groups()).filter(({ uncertain }) => uncertain)).toMatchObject([{ size: 8, title: prompts[0] }]);
  });

  it('never merges rows whose prompt is empty', async () => {
    const folder = await makeFolder({ '7.jsonl': verlLine({ input: '' }).repeat(3) });
    const { client } = await startClient();
    expect(await (await openTrace(client, folder)).scanned()).toMatchObject({ rollouts: 3, groups: 3 });
  });
});

describe('ACTIVE-O3 output', () => {
  const mid = {
    question: 'Which number?',
    file_name: 'sa_1.jpg',
    image_width: 2250,
    image_height: 1500,
    response: regions,
  };
  const files = {
    'json/sa_1-animal_mid.json': JSON.stringify(mid),
    'json/sa_1-animal_mid.txt': 'output[0]:It is\n19.\n',
    'json/sa_1-animal.json': '[[1, 2, 3, 4]]',
    'cropped/sa_1_crop_0.jpg': 'x',
  };

  it.each(['', 'json', 'json/sa_1-animal_mid.json'])('opens from "%s" with its crops', async (path) => {
    const folder = await makeFolder(files);
    const { client } = await startClient();
    const trace = await openTrace(client, join(folder, path));
    expect(trace.opened).toMatchObject({
      format: 'active-o3-demo',
      root: folder,
      files: ['json/sa_1-animal_mid.json'],
    });
    expect(await trace.scanned()).toMatchObject({ rollouts: 1, groups: 1, problemCount: 0, badges: { ok: 1 } });
    const { rollouts, frames } = await trace.group(0);
    expect(rollouts[0]).toMatchObject({
      cropOutputs: [{ region: 0, text: 'It is\n19.', file: 'cropped/sa_1_crop_0.jpg' }],
      taskBoxes: [{ x1: 1, y1: 2, x2: 3, y2: 4 }],
      regions: [{ box: { x1: 10, y1: 20, x2: 30, y2: 40 } }],
    });
    expect(frames).toMatchObject([
      { field: 'groundTruth', origin: 'format' },
      { field: 'prediction', origin: 'format' },
    ]);
  });

  it('shows pasted responses to one question on one image as siblings', async () => {
    const pasted = (response: string) => JSON.stringify({ question: 'Which?', file_name: 'a.jpg', response });
    const folder = await makeFolder({ 'one_mid.json': pasted(regions), 'two_mid.json': pasted('nothing') });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ rollouts: 2, groups: 1, uncertainGroups: 0 });
  });
});

describe('V* samples', () => {
  const sample = JSON.stringify({
    target_object: ['car'],
    bbox: [[1, 2, 3, 4]],
    question: 'Which car?',
    options: ['red', 'blue'],
  });

  it('open as image, question and target without a rollout', async () => {
    const folder = await makeFolder({ 'a.json': sample, 'a.jpg': 'x', 'b.json': sample, 'b.jpg': 'x' });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(await trace.scanned()).toMatchObject({ format: 'vstar', rollouts: 0, samples: 2, groups: 2 });
    const { rollouts } = await trace.group(1);
    expect(rollouts[0]).toMatchObject({ kind: 'sample', imageName: 'b.jpg', turns: [], regions: [], badge: 'none' });
    expect(rollouts[0]!.truthBoxes[0]?.box).toEqual({ x1: 1, y1: 2, x2: 4, y2: 6 });
  });
});

describe('a path in a menu', () => {
  it('is told its format without being opened', async () => {
    const folder = await makeFolder({ '7.jsonl': verlLine(), 'package.json': '{"name": "x"}', 'a/b.txt': 'x' });
    const { client } = await startClient();
    const detect = (path: string) => client.call('path/detect', { path: join(folder, path) });
    expect(await detect('7.jsonl')).toEqual({ format: 'verl-dump', title: 'verl rollout dump' });
    expect(await detect('')).toMatchObject({ format: 'verl-dump' });
    expect(await Promise.all(['package.json', 'a', 'a/b.txt', 'nowhere'].map(detect))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
