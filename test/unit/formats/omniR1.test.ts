import { describe, expect, it } from 'vitest';
import { omniR1 } from '../../../src/formats/omniR1';
import { memoryDir } from './memoryDir';

const moments =
  '<think>The dog jumps at the end.</think><answer>\n{"start_time": "00:02.50", "end_time": "00:03.00", "description": "brown dog"}\n{"start_time": "00:07.00", "end_time": "00:07.50", "description": "dog in the air"}\n</answer>';
const details = { cumulated_reward: 1.5, total_frame_reward: 0.8, avg_iou: 0.5 };

/** A record as `output_training_log` of Omni-R1's `reward.py` writes it. */
function record(
  parts: {
    type?: string;
    reward?: string;
    video?: string;
    content?: string;
    details?: object | null;
    solution?: string | null;
  } = {},
) {
  const {
    type = 'video-segmentation',
    reward = '2.8',
    video = '/data/revos/dog',
    content = moments,
    solution = null,
  } = parts;
  const logged = parts.details === undefined ? details : parts.details;
  return [
    `------------- ${type} Accuracy reward: ${reward} -------------`,
    'Problem: the dog that\njumps',
    `Video Path: ${video}`,
    `Content: ${content}`,
    ...(logged === null ? [] : [`Reward Details: ${JSON.stringify(logged, null, 4)}`]),
    ...(solution === null ? [] : [`Solution: ${solution}`]),
    '',
  ].join('\n');
}
const read = (text: string, files: Readonly<Record<string, string>> = {}) =>
  omniR1.read(text, { file: 'train_logs/info.txt', line: 5 }, memoryDir(files));

describe('a record of Omni-R1', () => {
  it('opens with its parts, the details as fields and the moments as the answer wrote them', async () => {
    const { record: row, problems } = await read(record());
    expect(problems).toEqual([]);
    expect(row).toMatchObject({
      kind: 'rollout',
      step: null,
      dataSource: 'video-segmentation',
      prompt: 'the dog that\njumps',
      response: moments,
      reward: 2.8,
      groundTruth: null,
      imageName: null,
      imageTrouble: 'It is about a video, /data/revos/dog',
    });
    expect(row?.fields).toEqual([
      { name: 'problem_type', value: 'video-segmentation' },
      { name: 'video_path', value: '/data/revos/dog' },
      { name: 'cumulated_reward', value: 1.5 },
      { name: 'total_frame_reward', value: 0.8 },
      { name: 'avg_iou', value: 0.5 },
      {
        name: 'keyframes',
        value: [
          { start_time: '00:02.50', end_time: '00:03.00', description: 'brown dog' },
          { start_time: '00:07.00', end_time: '00:07.50', description: 'dog in the air' },
        ],
      },
    ]);
  });

  it('of an image has its box and answers in pixels of the resized image, and the picture that was saved', async () => {
    const content =
      '<think>t</think><answer>{"bbox_2d": [1, 2, 30, 40], "points_1": [5, 6], "points_2": [7, 8]}</answer>';
    const text = record({
      type: 'image-segmentation',
      video: 'N/A',
      content,
      details: null,
      solution: "resized_hw: (840, 1120), 'bbox': [10, 20, 30, 44], 'points_1': [5, 6], 'points_2': [7, 8]",
    });
    const { record: row } = await read(text, { 'train_logs/gt.jpg': 'x' });
    expect(row).toMatchObject({
      response: content,
      inputSize: { width: 1120, height: 840 },
      truthBoxes: [{ box: { x1: 10, y1: 20, x2: 30, y2: 44 } }],
      statedFrames: { prediction: 'input', groundTruth: 'input' },
      imageName: 'gt.jpg',
      imageDoubt: expect.stringContaining('ground truth drawn'),
    });
    expect(row).not.toHaveProperty('imageTrouble');
    expect((await read(text, { 'train_logs/img.jpg': 'x', 'train_logs/gt.jpg': '' })).record?.imageName).toBe(
      'img.jpg',
    );
  });

  it('of one question about two videos is two groups', async () => {
    const uid = async (video: string) => (await read(record({ video }))).record?.uid;
    expect(await uid('/a/x.mp4')).toBe(await uid('/a/x.mp4'));
    expect(await uid('/a/x.mp4')).not.toBe(await uid('/b/x.mp4'));
  });

  it('that is cut off or mixed with another does not open; a detail that is no JSON is said', async () => {
    const whole = record();
    for (const torn of [whole.slice(0, whole.indexOf('Content')), whole + whole.slice(whole.indexOf('Video')), '---'])
      expect(await read(torn)).toMatchObject({ record: null, problems: [{ severity: 'error', line: 5 }] });
    const cut = await read(whole.slice(0, whole.indexOf('"avg_iou"')));
    expect(cut).toMatchObject({ record: { response: moments }, problems: [{ field: 'Reward Details' }] });
    expect((await read(record({ reward: 'tensor(1.)' }))).problems).toMatchObject([{ field: 'reward' }]);
  });
});

describe('the signature', () => {
  it('takes a log, its folder, a folder a question, and the output folder above', async () => {
    const detect = async (files: Record<string, string>, file: string | null = null) =>
      (await omniR1.detect({ dir: memoryDir(files), file }))?.files ?? null;
    expect(await detect({ 'info.txt': record() }, 'info.txt')).toEqual(['info.txt']);
    expect(await detect({ 'info.txt': record() })).toEqual(['info.txt']);
    const many = { 'train_logs/7/info.txt': record(), 'train_logs/8/info.txt': record(), 'train_logs/9/gt.jpg': '' };
    expect(await detect(many)).toEqual(['train_logs/7/info.txt', 'train_logs/8/info.txt']);
    expect(await detect({ 'train_logs/info.txt': record(), 'all_args.json': '{}' })).toEqual(['train_logs/info.txt']);
    expect(await detect({ 'info.txt': 'Accuracy reward: 1\n', 'a/info.txt': '' })).toBeNull();
  });
});
