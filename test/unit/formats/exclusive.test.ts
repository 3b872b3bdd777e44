import { describe, expect, it } from 'vitest';
import { traceFormats } from '../../../src/formats/detect';
import { policyTraceLine } from '../../../src/formats/policyTraceLine';
import { policyRollout } from '../../fixtures/policyRollout';
import { memoryDir, verlLine } from './memoryDir';

const json = (row: unknown) => `${JSON.stringify(row)}\n`;

/** One small log of each format that is recognised by its text. */
const logs: Record<string, readonly [string, string]> = {
  'verl-dump': ['7.jsonl', verlLine()],
  'policy-trace': ['7.jsonl', `${policyTraceLine(policyRollout())}\n`],
  'active-o3-demo': ['a_mid.json', json({ file_name: 'a.jpg', question: 'Where?', response: '[]' })],
  vstar: ['a.json', json({ target_object: ['car'], bbox: [[1, 2, 3, 4]], question: 'Which?', options: ['a'] })],
  'r1v-log': [
    'debug_log.txt',
    '------------- 12-08-30-00-123456 Accuracy reward: 1 -------------\nContent: x\nSolution: y\n',
  ],
  'easyr1-generations': ['generations.log', '[prompt] a\n[output] b\n[ground_truth] c\n[score] 1.0\n\n'],
  'mini-o3': ['traj.jsonl', '{"doc_id": "7_0", "initial_prompt": "a"}\n{"turn_idx": 0, "text_output": "b"}\n'],
  'mini-o3-stats': ['stats.json', json([{ id: 0, doc_id: '7', input: 'a', rollouts: [{ output: 'b', score: 1 }] }])],
  segagent: ['a.json', json({ info: {}, data: [{ image_name: 1, height: 1, width: 1, gt_ann: {}, clicks_list: [] }] })],
  'segagent-predictions': ['a.json', json([{ img_path: 'a.jpg', gt_mask: {}, pred_list: [] }])],
  'omni-r1': [
    'info.txt',
    '------------- VOS Accuracy reward: 1 -------------\nProblem: a\nVideo Path: b\nContent: c\n',
  ],
  'omni-r1-frames': ['info.txt', '--------------------Frame 0:--------------------\nRaw Problem:\n a\n'],
  longvt: ['match_qa000012_1_round_output.txt', '<question>\na\n</question>\n<think>\nb\n</think>'],
  'active-zero': ['a.json', json({ question_type: 'x', question: 'a', answer: 'b', image_idx: 1 })],
  'pixel-reasoner': [
    'conv.json',
    JSON.stringify([[{ role: 'system', content: [{ text: 'x', type: 'text' }] }], '', '[]']),
  ],
  'pixel-reasoner-samples': [
    'sample.jsonl',
    json({ solutions: 'b', gts: ['c'], reward: 1, qids: 'q', questions: 'a' }),
  ],
  'messages-json': ['a.json', json([{ conversations: [{ from: 'human', value: '<image>Where?' }] }])],
  'swift-completions': [
    'completions.jsonl',
    json({ step: ['1'], prompt: ['a'], completion: ['b'], Format: [1], advantages: [0] }),
  ],
};

describe('a log is claimed by its own format alone', () => {
  it.each(Object.entries(logs))('%s', async (id, [name, text]) => {
    const claims: string[] = [];
    for (const format of traceFormats)
      if ((await format.detect({ dir: memoryDir({ [name]: text }), file: name })) !== null) claims.push(format.id);
    expect(claims).toEqual([id]);
  });
});
