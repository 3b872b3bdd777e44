import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askedOf } from '../../../src/core/policy/askedOf';
import type { PolicyRollout } from '../../../src/core/policy/policyRollout';
import { appendTrace } from '../../../src/host/policies/appendTrace';
import { LiveText } from '../../../src/host/policies/liveText';

describe('what a logged prompt asks', () => {
  it('is the question or the object that the paper’s prompts quote', () => {
    const vstar =
      "Find up to three different regions … to help answer the question: 'Is the man's hat red?'. Even if the answer";
    expect(askedOf(vstar)).toEqual({ object: null, question: "Is the man's hat red?" });
    const dense =
      "Find up to three different regions in the image that likely contain a high number of 'ship'. Even if";
    expect(askedOf(dense)).toEqual({ object: 'ship', question: null });
  });

  it('is what the user said, without marks, in any other', () => {
    const prompt =
      '<|im_start|>system\nYou zoom.<|im_end|>\n<|im_start|>user\n<image>What  is\nit?<|im_end|>\n<|im_start|>assistant\n';
    expect(askedOf(prompt)).toEqual({ object: null, question: 'What is it?' });
    expect(askedOf('')).toEqual({ object: null, question: null });
  });
});

describe('rollouts that are appended to a trace', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'saccade-append-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const rollout = (index: number) => rolloutOf(index);

  it('follow what is there, and the line of the first is known', async () => {
    const path = join(dir, 'new', 'trace.jsonl');
    expect(await appendTrace(path, [rollout(0), rollout(1)])).toBe(1);
    expect(await appendTrace(path, [rollout(2)])).toBe(3);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { uid: string }).uid)).toEqual(['g_0_0', 'g_1_0', 'g_2_0']);
  });

  it('leave a line that a crash cut off to itself', async () => {
    const path = join(dir, 'torn.jsonl');
    await appendTrace(path, [rollout(0)]);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole + whole.slice(0, 40));
    expect(await appendTrace(path, [rollout(1)])).toBe(3);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ uid: 'g_1_0' });
  });

  it('go into no file that another program wrote', async () => {
    const path = join(dir, 'verl.jsonl');
    const log = '{"input": "a", "output": "b", "score": 1}\n';
    await writeFile(path, log);
    await expect(appendTrace(path, [rollout(0)])).rejects.toThrow(/is no trace of Saccade’s own policies/);
    expect(await readFile(path, 'utf8')).toBe(log);
  });
});

it('tells text a few times a second, and drops what was said before a call began anew', () => {
  vi.useFakeTimers();
  const told: unknown[] = [];
  const text = new LiveText((...told_) => told.push(told_));
  text.add(0, true, 'Let ', true);
  text.add(0, true, 'me', false);
  text.add(1, true, 'lost', true);
  text.add(1, true, 'Again', true);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([
    [0, true, 'Let me', true],
    [1, true, 'Again', true],
  ]);
  text.add(0, true, ' see', false);
  text.flush();
  expect(told.at(-1)).toEqual([0, true, ' see', false]);
  vi.useRealTimers();
});

function rolloutOf(index: number): PolicyRollout {
  const label = { name: 'basic', kind: 'basic', model: null, convention: 'abs-original', temperature: null } as const;
  return {
    task: 'question',
    sample: {
      key: 'k',
      image: '/images/a.jpg',
      imageName: '/images/a.jpg',
      object: null,
      question: 'What is it?',
      options: [],
      answer: null,
      truth: [],
      dataSource: null,
    },
    index,
    groupSize: 2,
    group: 'g',
    zoomed: true,
    seed: 1,
    policy: label,
    taskPolicy: null,
    imageSize: { width: 100, height: 80 },
    inputSize: { width: 100, height: 80 },
    frame: { spec: { kind: 'original' }, reason: 'stated' } as unknown as PolicyRollout['frame'],
    messages: [],
    reply: {
      text: '<answer>[]</answer>',
      finish: null,
      tokens: null,
      usage: null,
      took: 1,
      firstText: null,
      retries: 0,
    },
    malformed: null,
    regions: [],
    calls: [],
    boxes: [],
    answer: null,
    chosen: null,
    shuffle: [],
    rewards: {},
    profile: 'active-o3-regions',
    score: null,
    advantage: null,
    took: 2,
  };
}
