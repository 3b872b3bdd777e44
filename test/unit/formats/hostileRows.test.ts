import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { detectTrace, traceFormat } from '../../../src/formats/detect';
import type { FormatId, ReadRecord } from '../../../src/formats/format';
import { policyTraceLine } from '../../../src/formats/policyTraceLine';
import { policyRollout } from '../../fixtures/policyRollout';
import { memoryDir } from './memoryDir';

/** Formats whose rows are lines of JSON, with a good row of each. */
const message = { role: 'assistant', content: [{ type: 'text', text: '<answer>A</answer>' }] };
const good: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'deepeyes-eval': { image: 'a.jpg', question: 'q', pred_output: [message], acc: 1 },
  geovista: { uid: 'u', image_path: 'a.jpg', pred_output: [message] },
  messages: { messages: [message], images: ['a.jpg'], objects: { bbox: [[1, 2, 3, 4]], ref: ['x'] }, solution: 'A' },
  'messages-json': { conversations: [{ from: 'human', value: '<image>x' }, message], images: ['a.jpg', 'b.jpg'] },
  'active-zero': { question: 'q', answer: 'a', score: 0.5, image_idx: 1, question_type: 't', results: ['a', 'b'] },
  'mini-o3-stats': { id: 0, doc_id: '7', input: 'p', rollouts: [{ output: 'r', score: 1 }], pass_at_k: 1 },
  segagent: {
    image_name: 'a.jpg',
    height: 1,
    width: 1,
    gt_ann: { caption: ['x'], bbox: [0, 0, 1, 1], segmentation: { size: [1, 1], counts: '01' } },
    clicks_list: [{ idx: 0, coor: [0, 0], is_positive: true, mask: { size: [1, 1], counts: '01' }, iou: 1 }],
  },
  'segagent-predictions': {
    img_path: 'a.jpg',
    qas: [{ from: 'human', value: 'x' }],
    caption: ['x'],
    gt_mask: { size: [1, 1], counts: '01' },
    outputs: 'Finish',
    pred_list: [{ clicks: { is_positive: true, coords: [0, 0] }, mask: { size: [1, 1], counts: '01' }, outputs: 'y' }],
  },
  'pixel-reasoner-samples': { solutions: 's', gts: ['A'], reward: 1, qids: 'q', questions: 'p', round0_correctness: 1 },
  'dataset-table': {
    prompt: [message],
    images: ['a.jpg'],
    reward_model: { ground_truth: 'A' },
    extra_info: { index: 1 },
  },
  'verifiers-results': {
    example_id: 1,
    prompt: [message],
    completion: [message],
    answer: 'A',
    reward: 1,
    metrics: { a: 1 },
  },
  'verifiers-traces': {
    id: 'e',
    task: { data: {}, key: 'k' },
    traces: [
      {
        task: { data: { answer: 'A' }, key: 'k' },
        agent: { name: 'a' },
        nodes: [{ message }, { parent: 0, message }, { parent: 0, message }],
        rewards: { a: { score: 1, weight: 1 } },
        metrics: {},
      },
    ],
  },
  'rllm-episodes': {
    training_step: 1,
    episode_id: 'q:0',
    task: {},
    trajectories: [{ name: 't', reward: 1, steps: [{ chat_completions: [message], reward: 1 }] }],
  },
  prm800k: {
    question: { problem: 'p' },
    label: { steps: [{ completions: [{ text: 't', rating: 1 }], chosen_completion: 0 }] },
  },
  'trl-stepwise': { prompt: 'p', completions: ['a', 'b'], labels: [true, false] },
  'preference-pairs': { prompt: 'p', chosen: 'c', rejected: [message], images: ['a.jpg'] },
  'gui-odyssey': {
    episode_id: 'e',
    device_info: { w: 1, h: 1 },
    task_info: { instruction: 'i' },
    steps: [{ screenshot: 'a.png', action: 'CLICK', info: [[1, 2]], sam2_bbox: [1, 2, 3, 4] }],
  },
  'os-atlas': { image: 'a.png', conversations: [{ from: 'gpt', value: 'CLICK <point>[[1, 2]]</point>' }] },
  'verl-validation': { input: 'p', output: 'r', score: 1 },
  'swift-completions': { step: ['1'], prompt: ['p'], completion: ['c'], solution: ['A'], acc: [1] },
  'policy-trace': { ...(JSON.parse(policyTraceLine(policyRollout())) as object) },
  'rl-logging-board': { step: 1, prompt: 'p', response: 'r', response_tokens: ['r'], token_rewards: [1], reward: 1 },
  'skyrl-evals': { input_prompt: 'p', output_response: 'r', score: 1, env_class: 'e', env_extras: { reward_spec: {} } },
  areal: { task_id: 1, sample_idx: 0, head_version: 1, tail_version: 1, reward: 1, prompt: 'p', completion: 'c' },
};
const formats = Object.keys(good) as FormatId[];

const rowsOf = async (format: FormatId, text: string): Promise<readonly ReadRecord[]> => {
  const place = { file: 'a.jsonl', line: 1 };
  const { read, readAll } = traceFormat(format);
  return readAll === undefined ? [await read(text, place, memoryDir({}))] : readAll(text, place, memoryDir({}));
};

/** A row opens or says why it does not; what opens can be read by the parser, its turns inside its text. */
function expectSound(rows: readonly ReadRecord[]): void {
  expect(rows.length).toBeGreaterThan(0);
  for (const { record, problems } of rows) {
    if (record === null) expect(problems.length).toBeGreaterThan(0);
    else {
      const { turns } = parseResponse(record.response, { dialect: 'generic', turns: record.statedTurns });
      for (const { span } of turns) expect(span.end).toBeLessThanOrEqual(record.response.length);
      expect(record.reward === null || typeof record.reward === 'number').toBe(true);
      expect(record.step === null || Number.isSafeInteger(record.step)).toBe(true);
    }
  }
}

describe.each(formats)('a row of %s', (format) => {
  it('opens', async () => {
    const [row] = await rowsOf(format, JSON.stringify(good[format]));
    expect(row).toMatchObject({ record: { kind: 'rollout' }, problems: [] });
  });

  it('with anything in any column opens or says why not', async () => {
    const column = fc.constantFrom(...Object.keys(good[format]!));
    await fc.assert(
      fc.asyncProperty(column, fc.jsonValue({ maxDepth: 4 }), async (name, value) => {
        expectSound(await rowsOf(format, JSON.stringify({ ...good[format], [name]: value })));
      }),
      { numRuns: 150 },
    );
  });

  it('with bytes cut or changed opens or says why not', async () => {
    const text = JSON.stringify(good[format]);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), fc.nat(text.length), fc.string(), async (from, length, more) => {
        expectSound(await rowsOf(format, text.slice(0, from) + more + text.slice(from + length)));
      }),
      { numRuns: 150 },
    );
  });
});

describe('any JSON', () => {
  it('is claimed by no format', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        const dir = memoryDir({ 'a.jsonl': `${JSON.stringify(value)}\n` });
        expect(await detectTrace({ dir, file: 'a.jsonl' })).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
