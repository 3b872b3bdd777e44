import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, openTrace, startClient } from './openClient';

async function opened(files: Readonly<Record<string, string | Uint8Array>>, path = '') {
  const folder = await makeFolder(files);
  const { client } = await startClient(() => ({ width: 1000, height: 500 }));
  const trace = await openTrace(client, join(folder, path));
  const info = await trace.scanned();
  const view = async (row: number, observation: number) => {
    const found = await client.call('image/view', { traceId: trace.traceId, row, observation });
    return found === null ? null : readFile(found.path, 'utf8');
  };
  return { folder, trace, info, view };
}

describe('the logs folder of a Pixel-Reasoner run', () => {
  const text = (said: string) => ({ text: said, type: 'text' });
  const picture = (path: string) => ({ image: path, type: 'image', min_pixels: 200_704, max_pixels: 6_272_000 });
  const call =
    '<tool_call>\n{"name": "crop_image_normalized", "arguments": {"bbox_2d": [0.1, 0.2, 0.3, 0.4], "target_image": 1}}\n</tool_call>';
  /** As `experience_maker.py` dumps an evaluated question. */
  const dump = (iteration: number, qid: string) =>
    JSON.stringify([
      [
        { role: 'system', content: [text('You are a helpful assistant.')] },
        { role: 'user', content: [picture('/data/sa_7.jpg'), text('What colour?')] },
        { role: 'assistant', content: [text(call)] },
        {
          role: 'user',
          content: [
            text('\nHere is the cropped image (Image Size: 448x392):'),
            picture(`/ckpt/logs/dumps_iter${iteration}/${qid}/iter0.jpg`),
          ],
        },
        { role: 'assistant', content: [text('\\boxed{red}')] },
      ],
      'prompt',
      '[<PIL.Image.Image image mode=RGB size=1036x700 at 0x7F>, <PIL.Image.Image image mode=RGB size=448x392 at 0x7F>]',
    ]);
  const sample = (qid: string, reward: number) =>
    `${JSON.stringify({ solutions: call, gts: ['red'], round0_correctness: reward, reward, qids: qid, questions: 'What colour?' })}\n`;

  it('opens as its evaluations, each question with its score, its image and its crop', async () => {
    const { folder, trace, info, view } = await opened(
      {
        'logs/dumps_iter1/v-7/conv.json': dump(1, 'v-7'),
        'logs/dumps_iter1/v-7/iter0.jpg': 'crop of 7',
        'logs/dumps_iter2/v-7/conv.json': dump(2, 'v-7'),
        'logs/dumps_iter2/v-8/conv.json': '[[',
        'logs/sample.jsonl': sample('train', 1),
        'logs/sample.eval_iter1_0.jsonl': sample('v-7', 1),
        'logs/sample.eval_iter2_1.jsonl': sample('v-7', 0),
        'logs/images/sa_7.jpg': 'whole',
      },
      'logs',
    );
    expect(trace.opened).toMatchObject({ format: 'pixel-reasoner' });
    expect(info).toMatchObject({ rollouts: 2, groups: 2, steps: [1, 2], problemCount: 1, images: { resolved: 2 } });
    expect(info.problems).toMatchObject([{ file: 'dumps_iter2/v-8/conv.json', severity: 'error' }]);
    const [first, second] = await Promise.all([trace.rollout(0), trace.rollout(1)]);
    expect([first.reward, second.reward]).toEqual([1, 0]);
    expect(first.regions).toMatchObject([{ box: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 }, turn: 0, field: 'tool' }]);
    expect(info.frames.find(({ field }) => field === 'tool')?.choice.spec).toEqual({ kind: 'relative1' });
    expect((await trace.group(0)).image).toMatchObject({ ref: { path: join(folder, 'logs/images/sa_7.jpg') } });
    expect([await view(0, 0), await view(1, 0)]).toEqual(['crop of 7', null]);
  });

  it('opens its training samples by question; lines of several epochs are one group of no particular size', async () => {
    const log = sample('a', 1) + sample('b', 0) + sample('a', 0);
    const { info } = await opened({ 'sample.jsonl': log, 'sample.eval_iter1_0.jsonl': sample('a', 1) }, 'sample.jsonl');
    expect(info).toMatchObject({ format: 'pixel-reasoner-samples', rollouts: 3, groups: 2, uncertainGroups: 0 });
  });
});

describe('a JSON array of messages', () => {
  it('opens element by element; a broken one costs only itself', async () => {
    const row = (question: string) => ({
      messages: [
        { role: 'user', content: `<image>${question}` },
        { role: 'assistant', content: 'There.' },
      ],
      images: ['a.jpg'],
    });
    const rows = [row('Where?'), 7, row('Who?')];
    const { trace, info } = await opened({ 'train.json': JSON.stringify(rows, null, 2), 'a.jpg': 'x' }, 'train.json');
    expect(info).toMatchObject({ format: 'messages-json', rollouts: 2, groups: 2, images: { resolved: 2 } });
    expect(info.problems).toMatchObject([{ severity: 'error', element: 1 }]);
    expect(await trace.rollout(1)).toMatchObject({ element: 2, response: 'There.' });
  });
});

describe("Mini-o3's stats.json", () => {
  const look =
    '<think>Look.</think><grounding>{"bbox_2d": [0.1, 0.2, 0.3, 0.4], "source": "original_image"}</grounding>';
  /** As `ray_trainer.py` writes a validation: `json.dump(stats, f, indent=4)`. */
  const entry = (id: number, docId: string, scores: readonly number[]) => ({
    id,
    doc_id: docId,
    input: `system\nYou are a helpful assistant.\nuser\nWhat colour is ${docId}?\nassistant\n`,
    ground_truth: 'red',
    data_source: 'vstar',
    rollouts: scores.map((score) => ({
      output: `${look}\nuser\nHere it is.\nassistant\n<answer>red</answer>`,
      score,
      format_reward: 1,
      acc_reward: score,
    })),
    pass_at_k: 0.5,
  });
  const stats = JSON.stringify([entry(0, '7', [1, 0]), 'x', entry(2, '8', [0, 0])], null, 4);
  const trajectory = (doc: string) =>
    `{"doc_id": "${doc}", "initial_prompt": "What colour?", "ground_truth": "red"}\n${JSON.stringify({ turn_idx: 0, text_output: look })}\n`;

  it('opens itself as groups of rollouts; an entry that is none is listed with its line', async () => {
    const { trace, info } = await opened({ 'stats.json': stats, '7_1/original_image.jpg': 'x' }, 'stats.json');
    expect(info).toMatchObject({
      format: 'mini-o3-stats',
      rollouts: 4,
      groups: 2,
      uncertainGroups: 0,
      problemCount: 1,
    });
    expect(info.problems).toMatchObject([{ file: 'stats.json', line: 24, severity: 'error' }]);
    expect(await trace.groups()).toMatchObject([
      { title: 'What colour is 7?', size: 2, meanReward: 0.5 },
      { title: 'What colour is 8?', size: 2, meanReward: 0 },
    ]);
    const second = await trace.rollout(1);
    expect(second).toMatchObject({ reward: 0, element: 1, dataSource: 'vstar', imageName: '7_1/original_image.jpg' });
    expect(second.turns.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant']);
    expect((await trace.group(0)).rollouts.map(({ line, element }) => [line, element])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('gives the trajectories beside it their scores', async () => {
    const { trace, info } = await opened({
      'stats.json': stats,
      '7_0/traj.jsonl': trajectory('7_0'),
      '7_1/traj.jsonl': trajectory('7_1'),
      '9_0/traj.jsonl': trajectory('9_0'),
    });
    expect(info).toMatchObject({ format: 'mini-o3', rollouts: 3, problemCount: 0 });
    const rewards = await Promise.all([0, 1, 2].map(async (row) => (await trace.rollout(row)).reward));
    expect(rewards).toEqual([1, 0, null]);
  });
});

describe('SegAgent', () => {
  /** COCO strings of 60 pixels: 6 outside, 12 or 18 inside, the rest outside. */
  const mask = { counts: '6<Z1', size: [6, 10] };
  const truth = { counts: '6b0T1', size: [6, 10] };

  it('shows what its annotator clicked, object by object of one document', async () => {
    /** As `evaluate_sample` records an object. */
    const object = (name: number, caption: string) => ({
      image_name: name,
      height: 6,
      width: 10,
      gt_ann: { object_id: 1, caption: [caption], segmentation: truth, bbox: [1, 0, 3, 6], area: 18 },
      clicks_list: [{ idx: 0, coor: [2, 7], is_positive: true, mask, box: [1, 0, 2, 6], area: 12, iou: 0.6 }],
    });
    const data = [object(7, 'the dog'), { image_name: 8 }, object(8, 'the cat')];
    const { folder, trace, info } = await opened(
      {
        'refcoco_train.json': JSON.stringify({ info: { args: { n_clicks: 20 } }, data }),
        'images/COCO_train2014_000000000008.jpg': 'cat',
      },
      'refcoco_train.json',
    );
    expect(info).toMatchObject({ format: 'segagent', rollouts: 2, groups: 2, images: { resolved: 1, missing: 1 } });
    expect(info.problems).toMatchObject([{ element: 1, field: 'clicks_list', severity: 'error' }]);
    expect(await trace.groups()).toMatchObject([{ title: 'the dog' }, { title: 'the cat' }]);
    const { rollouts, image } = await trace.group(1);
    expect(image).toMatchObject({ ref: { path: join(folder, 'images/COCO_train2014_000000000008.jpg') } });
    expect(rollouts).toMatchObject([
      { element: 2, turns: [{ role: 'assistant' }], loggedClicks: [{ x: 7, y: 2, turn: 0 }], masks: [{ click: 0 }] },
    ]);
  });

  it('shows what a policy said and clicked', async () => {
    /** As `forward_single` of `refcocog_eval.py` leaves an expression. */
    const prediction = {
      img_path: '/data/train2014/COCO_train2014_000000000008.jpg',
      masks: null,
      height: 6,
      width: 10,
      qas: [{ from: 'human', value: 'The object description is as follows:<ref><description></ref>' }],
      caption: ['the cat'],
      gt_mask: truth,
      annotation: [{ segmentation: null, id: 0, click_id: 0 }],
      pred_list: [
        {
          click_id: 0,
          clicks: { is_positive: true, coords: [2, 7] },
          used_box: null,
          mask,
          outputs: 'Positive point: (333, 700)',
        },
      ],
      outputs: 'Finish',
    };
    const { trace, info } = await opened(
      { 'a_newresults_5.json': JSON.stringify([prediction]) },
      'a_newresults_5.json',
    );
    expect(info).toMatchObject({ format: 'segagent-predictions', rollouts: 1, problemCount: 0 });
    const rollout = await trace.rollout(0);
    expect(rollout.turns.map(({ span }) => rollout.response.slice(span.start, span.end))).toEqual([
      'Positive point: (333, 700)',
      'Finish',
    ]);
    expect(rollout).toMatchObject({
      loggedClicks: [{ x: 7, y: 2, positive: true, turn: 0 }],
      truthMask: { size: [6, 10] },
    });
  });
});

describe('logs of several rewards of one VLM-R1 run', () => {
  const accuracy = (content: string, reward: number) =>
    `------------- 12-08-30-00-123456 Accuracy reward: ${reward} -------------\nimage_path: ['/gone/1.jpg']\nproblem: Where?\nContent: ${content}\nSolution: [1, 2, 3, 4]\n`;
  /** A batch as `format_reward_rec` of `qwen_module.py` writes it. */
  const format = (...verdicts: readonly (readonly [string, boolean])[]) =>
    `------------- 12-08-30-00-123456 Format reward -------------\n${verdicts.map(([content, met]) => `Content: ${content}\nHas format: ${met ? 'True' : 'False'}\n`).join('')}`;
  const files = {
    'debug_log.txt': accuracy('a', 1) + accuracy('b', 0) + accuracy('c', 0),
    'debug_log_format.txt': format(['b', false], ['a', true]) + format(['c', true], ['a', true]),
    'debug_log.txt_repetition.txt': accuracy('a', -0.5),
  };

  it('open as the log of accuracies with the other rewards as fields', async () => {
    const { trace, info } = await opened(files);
    expect(info).toMatchObject({
      format: 'r1v-log',
      files: ['debug_log.txt'],
      rollouts: 3,
      groups: 1,
      problemCount: 0,
    });
    expect(info.fields).toEqual(expect.arrayContaining(['format_reward', 'repetition_reward']));
    const rewards = await Promise.all(
      [0, 1, 2].map(async (row) => (await trace.rollout(row)).fields.filter(({ name }) => name.endsWith('_reward'))),
    );
    expect(rewards.map((fields) => fields.map(({ value }) => value))).toEqual([[1, -0.5], [0], [1]]);
  });

  it('open one by one too: a record of formats holds several completions', async () => {
    const { trace, info } = await opened(files, 'debug_log_format.txt');
    expect(info).toMatchObject({ format: 'r1v-log', rollouts: 4, groups: 4, problemCount: 0 });
    expect(await trace.rollout(3)).toMatchObject({ response: 'a', reward: 1, line: 6, element: 1 });
  });
});

describe('the training log of Omni-R1', () => {
  /** As `output_training_log` of `reward.py` writes it. */
  const record = (video: string, reward: number) =>
    `------------- video-segmentation Accuracy reward: ${reward} -------------\nProblem: the dog\nVideo Path: ${video}\n` +
    'Content: <think>t</think><answer>{"start_time": "00:02.50", "end_time": "00:03.00", "description": "brown dog"}</answer>\n' +
    `Reward Details: ${JSON.stringify({ cumulated_reward: reward, avg_iou: 0.5 }, null, 4)}\n`;

  it('opens from the output folder, a group a video and question, and lists what was cut off', async () => {
    const log = record('/v/1', 2) + record('/v/2', 0) + record('/v/1', 1) + record('/v/1', 1).slice(0, 90);
    const { trace, info } = await opened({ 'out/train_logs/info.txt': log, 'out/all_args.json': '{}' }, 'out');
    expect(info).toMatchObject({ format: 'omni-r1', rollouts: 3, groups: 2, problemCount: 1 });
    expect(info.problems[0]?.message).toContain('cut off');
    expect(await trace.groups()).toMatchObject([{ title: 'the dog', size: 2, meanReward: 1.5 }, { size: 1 }]);
    expect((await trace.group(0)).image).toMatchObject({ kind: 'missing', reason: expect.stringContaining('/v/1') });
    expect((await trace.rollout(2)).fields).toContainEqual({ name: 'cumulated_reward', value: 1 });
  });
});

describe("Active-Zero's results", () => {
  it('open as a group of answers a question', async () => {
    /** As `evaluate.py` writes a question: JSON Lines in a file that ends in `.json`. */
    const line = (question: string, results: readonly string[]) =>
      `${JSON.stringify({ question, answer: '3', score: 0.5, image_idx: 17, question_type: 'numeric_value', results })}\n`;
    const { trace, info } = await opened(
      { 'run_results.json': `${line('How many?', ['3', '4', '3'])}{"question": \n${line('Which?', ['3'])}` },
      'run_results.json',
    );
    expect(info).toMatchObject({ format: 'active-zero', rollouts: 4, groups: 2, uncertainGroups: 0, problemCount: 1 });
    expect(await trace.groups()).toMatchObject([
      { title: 'How many?', size: 3 },
      { title: 'Which?', size: 1 },
    ]);
    expect(await trace.rollout(1)).toMatchObject({ response: '4', line: 1, element: 1, groundTruth: '3' });
  });
});

describe('the frames that Omni-R1 saved', () => {
  /** As `write_log` of `load_datasets/revos.py` writes it. */
  const section = (frame: number, problem: string) =>
    `--------------------Frame ${frame}:--------------------\nRaw Problem:\n ${problem}\nFile Path: /v/1/0${frame}.jpg\nInput:\n {}\n` +
    `Completion:\n [{"bbox_2d": [${frame}, 2, 30, 40]}]\nPredicted IOU: 0.5${frame}\n`;

  it('open from the folder above, a rollout a folder, in pixels of the pictures that are looked at', async () => {
    const { trace, info, view } = await opened({
      '20250601-101112ROLL_0_R0/info.txt': section(0, 'the dog') + section(1, 'the dog'),
      '20250601-101112ROLL_0_R0/frame_0_iou_0.50.jpg': 'first',
      '20250601-101112ROLL_0_R0/frame_1_iou_0.51.jpg': 'second',
      '20250601-101112ROLL_1_R0/info.txt': section(0, 'the dog'),
    });
    expect(info).toMatchObject({ format: 'omni-r1-frames', rollouts: 2, groups: 1, problemCount: 0 });
    expect([await view(0, 0), await view(0, 1), await view(1, 0)]).toEqual(['first', 'second', null]);
    const { frames } = await trace.group(0);
    expect(frames.find(({ field }) => field === 'prediction')).toMatchObject({ spec: { kind: 'original' } });
    expect((await trace.rollout(0)).regions.map(({ turn, box }) => [turn, box.x1])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});
