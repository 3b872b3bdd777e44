import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { detectTrace } from '../../../src/formats/detect';
import { policyTrace } from '../../../src/formats/policyTrace';
import { policyTraceLine } from '../../../src/formats/policyTraceLine';
import { policyRollout, replyOf } from '../../fixtures/policyRollout';
import { memoryDir } from './memoryDir';

const place = { file: 'proposed.jsonl', line: 1 };

async function readBack(rollout: Parameters<typeof policyTraceLine>[0]) {
  const { record, problems } = await policyTrace.read(policyTraceLine(rollout), place, memoryDir({}));
  expect(problems).toEqual([]);
  if (record === null) throw new Error('refused');
  return record;
}

describe('a policy trace', () => {
  it('is written with verl’s keys and read with everything the loop knows', async () => {
    const line = policyTraceLine(policyRollout());
    expect(JSON.parse(line)).toMatchObject({ input: expect.any(String), score: 1.5, step: 0, uid: 'scene#7_0_0' });
    const record = await readBack(policyRollout());
    expect(record).toMatchObject({
      uid: 'scene#7',
      prompt: 'user\nWhere is the sign?\n<image>',
      reward: 1.5,
      imageName: 'scene.png',
      inputSize: { width: 196, height: 112 },
      statedFrames: { prediction: 'original', groundTruth: 'original' },
      truthBoxes: [{ box: { x1: 30, y1: 20, x2: 50, y2: 40 }, label: 'sign' }],
      taskBoxes: [{ x1: 30, y1: 20, x2: 50, y2: 40 }],
      cropOutputs: [{ region: 0, text: '[{"bbox_2d": [84, 168, 252, 504], "label": "sign"}]', file: null }],
    });
    expect(record.fields).toContainEqual({ name: 'format', value: 1 });
    expect(parseResponse(record.response, { dialect: 'active-o3' }).regions).toHaveLength(1);
  });

  it('keeps an answer with the order its options were shown in, and a rubbish answer with its reason', async () => {
    const options = ['left', 'right'];
    const sample = { ...policyRollout().sample, options, question: 'Where?', answer: 'left' };
    const asked = policyRollout({ task: 'question', sample, answer: 'right', chosen: 1, shuffle: [1, 0] });
    const record = await readBack(asked);
    expect(record).toMatchObject({ options, taskAnswer: 'right', groundTruth: 'left' });
    expect(record.fields).toContainEqual({ name: 'options_order', value: [1, 0] });
    const rubbish = await readBack(policyRollout({ malformed: 'Nothing.', reply: replyOf('teapot'), regions: [] }));
    expect(rubbish.fields).toContainEqual({ name: 'malformed', value: 'Nothing.' });
  });

  it('colours tokens where the server told their probabilities', async () => {
    const tokens = [
      { text: 'tea', logprob: -0.5 },
      { text: 'pot', logprob: -1 },
    ];
    const record = await readBack(policyRollout({ reply: { ...replyOf('teapot'), tokens } }));
    expect(record.tokens).toMatchObject({ starts: [0, 3], logprobs: [-0.5, -1] });
  });

  it('is told from a verl dump, also where the first line is longer than the head', async () => {
    const long = policyTraceLine(policyRollout({ reply: replyOf('x'.repeat(100_000)) }));
    for (const text of [policyTraceLine(policyRollout()), long])
      expect(await detectTrace({ dir: memoryDir({ '7.jsonl': `${text}\n` }), file: '7.jsonl' })).toMatchObject({
        format: 'policy-trace',
      });
  });
});
