import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

const record = (problem: string, reward: number, content = '<answer>[10, 20, 30, 40]</answer>') =>
  `------------- 12-08-30-00-123456 Accuracy reward: ${reward} -------------\nimage_path: ['/gone/1.jpg']\nproblem: ${problem}\n` +
  `Content: <think>a\nb</think>\n${content}\nSolution: [10, 20, 30, 44]\n`;

async function opened(file: string, content: string | Uint8Array) {
  const folder = await makeFolder({ [file]: content });
  const { client } = await startClient();
  const trace = await openTrace(client, join(folder, file));
  return { trace, info: await trace.scanned() };
}

describe('a log of the R1-V family', () => {
  it('is read record by record, grouped by problem, and each is read again where it stands', async () => {
    const { trace, info } = await opened(
      'debug_log.txt',
      record('Where is the boat?', 0.5) + record('Where is the car?', 1) + record('Where is the boat?', 0),
    );
    expect(trace.opened).toMatchObject({ format: 'r1v-log', formatTitle: 'R1-V family log (VLM-R1, Visual-RFT …)' });
    expect(info).toMatchObject({ rollouts: 3, groups: 2, uncertainGroups: 0, steps: [], problemCount: 0 });
    expect(await trace.groups()).toMatchObject([
      { title: 'Where is the boat?', size: 2, meanReward: 0.25, uncertain: false },
      { title: 'Where is the car?', size: 1, meanReward: 1 },
    ]);
    const last = await trace.rollout(2);
    expect(last).toMatchObject({ line: 15, reward: 0, prompt: 'Where is the boat?' });
    expect(last.regions.map(({ box }) => box)).toEqual([{ x1: 10, y1: 20, x2: 30, y2: 40 }]);
    expect((await trace.group(0)).image).toMatchObject({ kind: 'missing' });
  });

  it('lists what several ranks tore, and opens every whole record around it', async () => {
    const whole = record('Where?', 1);
    const torn = whole.slice(0, whole.indexOf('b</think>'));
    const midLine = whole.slice(0, whole.indexOf('</think>'));
    const { trace, info } = await opened(
      'debug_log.txt',
      `the rest of a record\nSolution: x\n${whole}${torn}${whole}${midLine}${whole}${whole}${torn}`,
    );
    expect(info.rollouts).toBe(3);
    expect(info.problems.map(({ line, message }) => [line, message])).toEqual([
      [1, expect.stringContaining('before the first record')],
      [10, expect.stringContaining('"Solution:"')],
      [21, expect.stringContaining('middle of a line')],
      [39, expect.stringContaining('last record is cut off')],
    ]);
    expect((await trace.rollout(1)).line).toBe(14);
    expect((await trace.rollout(2)).line).toBe(32);
  });

  it('is read the same wherever the reads of the scan fall, with Windows newlines and a mark in front', async () => {
    const records = Array.from({ length: 3000 }, (_, i) => record(`Number ${i}?`, i, 'x'.repeat((i * 37) % 3000)));
    records.splice(1000, 0, record('Long?', 7, 'y\n'.repeat(1_500_000)));
    const text = `\ufeff${records.join('')}`.replaceAll('\n', '\r\n');
    const { trace, info } = await opened('debug_log.txt', text);
    expect(info).toMatchObject({ rollouts: 3001, groups: 3001, problemCount: 0 });
    expect(await trace.rollout(0)).toMatchObject({ prompt: 'Number 0?', line: 1, reward: 0 });
    expect(await trace.rollout(999)).toMatchObject({ prompt: 'Number 999?', reward: 999 });
    expect((await trace.rollout(1000)).response).toHaveLength('<think>a\r\nb</think>\r\n'.length + 4_500_000);
    expect(await trace.rollout(3000)).toMatchObject({ prompt: 'Number 2999?', reward: 2999 });
  });

  it('passes over a record that is too long, and goes on behind it', async () => {
    const long = record('Long?', 0, 'z'.repeat(70 * 1024 * 1024));
    const { info } = await opened('debug_log.txt', record('a', 1) + long + record('b', 1));
    expect(info).toMatchObject({ rollouts: 2, groups: 2 });
    expect(info.problems).toMatchObject([{ line: 8, message: expect.stringContaining('MB long') }]);
  });
});

describe("EasyR1's generations.log", () => {
  const sample = (question: string, score: string) =>
    `[prompt] user\n${question}\nassistant\n\n[output] <answer>x\ny</answer>\n[ground_truth] A\n[score] ${score}\n\n`;

  it('opens from its folder; one prompt of several validations is one group of no particular size', async () => {
    const config = JSON.stringify({ data: { train_files: 'gone.parquet' }, worker: { rollout: { n: 5 } } });
    const folder = await makeFolder({
      'generations.log': sample('Where?', '1.0') + sample('Who?', 'nan') + sample('Where?', '0.0'),
      'experiment_config.json': config,
    });
    const { client } = await startClient();
    const trace = await openTrace(client, folder);
    expect(trace.opened).toMatchObject({ format: 'easyr1-generations', files: ['generations.log'] });
    expect(await trace.scanned()).toMatchObject({ rollouts: 3, groups: 2, uncertainGroups: 0 });
    expect(await trace.groups()).toMatchObject([
      { title: 'Where?', size: 2, meanReward: 0.5 },
      { title: 'Who?', size: 1, meanReward: Number.NaN },
    ]);
    expect(await trace.rollout(1)).toMatchObject({ response: '<answer>x\ny</answer>', line: 10, groundTruth: 'A' });
  });
});

describe('trajectory folders of Mini-o3', () => {
  const run = (doc: string, ...turns: readonly string[]) =>
    [
      `{"doc_id": ${JSON.stringify(doc)}, "initial_prompt": "<|im_start|>user\\nWhat colour?<|im_end|>\\n<|im_start|>assistant\\n", "ground_truth": "red"}`,
      ...turns.map((text, i) => JSON.stringify({ turn_idx: i, text_output: text })),
      '',
    ].join('\n');
  const look = '<grounding>{"bbox_2d": [0.25, 0.5, 0.5, 1], "source": "original_image"}</grounding>';

  it('open as one trace: a group over folders, a re-run as a rollout of its own, boxes on the image beside', async () => {
    const folder = await makeFolder({
      '7_0/traj.jsonl': run('7_0', look, '<answer>red</answer>') + run('7_0', '<answer>blue</answer>'),
      '7_0/original_image.jpg': 'an image',
      '7_1/traj.jsonl': run('7_1', look),
      '7_1/original_image.jpg': 'an image',
      '8_0/traj.jsonl': run('8_0', look),
    });
    const { client } = await startClient(() => ({ width: 400, height: 200 }));
    const trace = await openTrace(client, folder);
    expect(trace.opened).toMatchObject({
      format: 'mini-o3',
      files: ['7_0/traj.jsonl', '7_1/traj.jsonl', '8_0/traj.jsonl'],
    });
    const info = await trace.scanned();
    expect(info).toMatchObject({ rollouts: 4, groups: 2, uncertainGroups: 0, problemCount: 0 });
    expect(info.images).toEqual({ resolved: 1, ambiguous: 0, missing: 1 });
    expect(info.frames.find(({ field }) => field === 'tool')?.choice.spec).toEqual({ kind: 'relative1' });
    const [group] = await trace.groups();
    expect(group).toMatchObject({ title: 'What colour?', size: 3 });
    const detail = await trace.group(0);
    expect(detail.image).toMatchObject({ kind: 'resolved', ref: { path: join(folder, '7_0/original_image.jpg') } });
    expect(detail.rollouts.map(({ file, line, turns }) => [file, line, turns.length])).toEqual([
      ['7_0/traj.jsonl', 1, 2],
      ['7_0/traj.jsonl', 4, 1],
      ['7_1/traj.jsonl', 1, 1],
    ]);
    const alone = await openTrace(client, join(folder, '7_1/traj.jsonl'));
    expect(await alone.scanned()).toMatchObject({ rollouts: 1, images: { resolved: 1 } });
  });
});
