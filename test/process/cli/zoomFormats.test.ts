import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainPng } from '../../fixtures/images';
import { temporaryFolder } from '../images/tables';
import { bundleCli, runCli } from './cliBundle';

let entry = '';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  entry = await bundleCli();
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(dirname(entry), { recursive: true, force: true });
});

const call =
  '<tool_call>\n{"name": "crop_image_normalized", "arguments": {"bbox_2d": [0.1, 0.2, 0.3, 0.4], "target_image": 1}}\n</tool_call>';
const mask = { counts: '6<Z1', size: [6, 10] };
const header = '------------- 12-08-30-00-123456';
const question = (content: string) => [
  { role: 'user', content: [{ text: 'Where?', type: 'text' }] },
  { role: 'assistant', content: [{ text: content, type: 'text' }] },
];

/** One trace as each writer makes it, under a name that it gives, and what both commands must say of its first rollout. */
const traces: readonly (readonly [format: string, file: string, content: string, rollout: object])[] = [
  [
    'pixel-reasoner',
    'dumps_iter1/v-7/conv.json',
    JSON.stringify([question(call), 'p', '[]']),
    { regions: [{ raw: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 } }] },
  ],
  [
    'pixel-reasoner-samples',
    'logs/sample.jsonl',
    `${JSON.stringify({ solutions: call, gts: ['x'], reward: 0.5, qids: 'q', questions: 'Where?' })}\n`,
    { reward: 0.5, uid: 'q' },
  ],
  [
    'mini-o3-stats',
    'stats.json',
    JSON.stringify(
      [
        {
          id: 0,
          doc_id: '7',
          input: 'Where?',
          ground_truth: 'x',
          data_source: 'v',
          rollouts: [{ output: '<answer>x</answer>', score: 1, format_reward: 1, acc_reward: 1 }],
          pass_at_k: 1,
        },
      ],
      null,
      4,
    ),
    { element: 0, reward: 1, dataSource: 'v' },
  ],
  [
    'segagent',
    'refcoco_train.json',
    JSON.stringify({
      info: { args: {} },
      data: [
        {
          image_name: 8,
          height: 6,
          width: 10,
          gt_ann: { object_id: 1, caption: ['Where?'], segmentation: mask, bbox: [1, 0, 2, 6], area: 12 },
          clicks_list: [{ idx: 0, coor: [2, 7], is_positive: true, mask, box: [1, 0, 2, 6], area: 12, iou: 0.6 }],
        },
      ],
    }),
    {
      loggedClicks: [{ x: 7, y: 2, positive: true, turn: 0 }],
      masks: [{ iou: 0.6 }],
      truthBoxes: [{ box: { x1: 1, y1: 0, x2: 3, y2: 6 } }],
    },
  ],
  [
    'segagent-predictions',
    'a_newresults_5.json',
    JSON.stringify([
      {
        img_path: 'a.jpg',
        height: 6,
        width: 10,
        qas: [],
        caption: ['Where?'],
        gt_mask: mask,
        pred_list: [
          {
            click_id: 0,
            clicks: { is_positive: true, coords: [2, 7] },
            used_box: null,
            mask,
            outputs: 'Positive point: (333, 700)',
          },
        ],
        outputs: 'Positive point: (333, 700)',
      },
    ]),
    { turns: [{ role: 'assistant' }], loggedClicks: [{ x: 7, y: 2 }] },
  ],
  [
    'r1v-log',
    'debug_log_format.txt',
    `${header} Format reward -------------\nContent: <answer>x</answer>\nHas format: True\n`,
    { element: 0, reward: 1 },
  ],
  [
    'messages-json',
    'train.json',
    JSON.stringify([
      {
        conversations: [
          { from: 'human', value: '<image>Where?' },
          { from: 'gpt', value: 'There.' },
        ],
        images: ['a.jpg'],
      },
    ]),
    { element: 0, response: 'There.' },
  ],
  [
    'omni-r1',
    'train_logs/info.txt',
    '------------- VOS Accuracy reward: 0.5 -------------\nProblem: Where?\nVideo Path: /v\nContent: <answer>x</answer>\n',
    { reward: 0.5 },
  ],
  [
    'active-zero',
    'run_results.json',
    `${JSON.stringify({ question: 'Where?', answer: 'x', score: 1, image_idx: 1, question_type: 't', results: ['x'] })}\n`,
    { element: 0, groundTruth: 'x' },
  ],
];

describe('saccade info and rollouts', () => {
  it.each(traces)('%s', async (format, file, content, rollout) => {
    const path = join(folder.path, format, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    const cache = join(folder.path, 'cache');
    const info = await runCli(entry, cache, ['info', path, '--json']);
    expect(JSON.parse(info.out)).toMatchObject({ format, rollouts: 1, groups: 1, problemCount: 0 });
    const rollouts = await runCli(entry, cache, ['rollouts', path, '--json']);
    expect(JSON.parse(rollouts.out)).toMatchObject(rollout);
  });

  it('list the clicks of a trace without text', async () => {
    const { out } = await runCli(entry, join(folder.path, 'cache'), [
      'rollouts',
      join(folder.path, 'segagent/refcoco_train.json'),
    ]);
    expect(out).toContain('click 1  (7, 2)  positive  IoU 0.600 after it');
  });

  it('list clicks in pixels of the image, as boxes are', async () => {
    const path = join(folder.path, 'os-atlas/androidcontrol_low.jsonl');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(join(dirname(path), 'scene.png'), await plainPng());
    // OS-Atlas writes thousandths of the screenshot, which is 200 × 100 pixels.
    const action = 'thoughts:\nThere.\nactions:\nCLICK <point>[[350,400]]</point>';
    const conversations = [
      { from: 'human', value: '<image>\nWhere?' },
      { from: 'gpt', value: action },
    ];
    await writeFile(path, `${JSON.stringify({ image: 'scene.png', conversations })}\n`);
    const { out } = await runCli(entry, join(folder.path, 'cache'), ['rollouts', path]);
    expect(out).toContain('click 1  (70, 40)\n');
    await rm(join(dirname(path), 'scene.png'));
    const without = await runCli(entry, join(folder.path, 'cache'), ['rollouts', path]);
    expect(without.out).toContain('click 1  (350, 400) as written\n');
  });
});
