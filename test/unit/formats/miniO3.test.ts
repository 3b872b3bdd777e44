import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { jpegSize } from '../../../src/formats/jpegSize';
import { miniO3 } from '../../../src/formats/miniO3';
import { memoryDir, source } from './memoryDir';

const line = (row: Record<string, unknown>) => `${JSON.stringify(row).replace('{"doc_id":', '{"doc_id": ')}\n`;
const start = (more: Record<string, unknown> = {}) =>
  line({ doc_id: '7_0', initial_prompt: '<image>\nWhat colour?', ground_truth: 'red', ...more });
const turn = (index: number, text: string) => line({ turn_idx: index, text_output: text });
const look = (box: readonly number[], from = 'original_image') =>
  `<think>Look.</think><grounding>${JSON.stringify({ bbox_2d: box, source: from })}</grounding>`;

/** A baseline JPEG's beginning: an APP0 segment, then the frame header. */
function jpeg(width: number, height: number): Uint8Array {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc0, 0, 17, 8, ...size, 3, 0, 0, 0);
}

const read = (text: string, files: Record<string, string | Uint8Array> = {}, at = 1) => {
  const all = { '7_0/traj.jsonl': text, ...files };
  return miniO3.read(text, { file: '7_0/traj.jsonl', line: at }, memoryDir(all));
};

describe('a trajectory of Mini-o3', () => {
  it('opens with the turns that its lines state, and its image', async () => {
    const error = '<|im_end|>\n<|im_start|>user\nERROR occurs during grounding.\n<|im_end|>\n<|im_start|>assistant\n';
    const text =
      start() + turn(0, look([2, 0])) + line({ error_info: error }) + turn(1, '<answer>user\nred</answer><|im_end|>');
    const { record, problems } = await read(text, { '7_0/original_image.jpg': 'x' });
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      kind: 'rollout',
      step: null,
      reward: null,
      prompt: '<image>\nWhat colour?',
      groundTruth: 'red',
      imageName: 'original_image.jpg',
      fields: [{ name: 'doc_id', value: '7_0' }],
    });
    const { response, statedTurns } = record!;
    expect(statedTurns?.map(({ role, span }) => [role, response.slice(span.start, span.end)])).toEqual([
      ['assistant', look([2, 0])],
      ['tool', 'ERROR occurs during grounding.\n'],
      ['assistant', '<answer>user\nred</answer><|im_end|>'],
    ]);
  });

  it('shows the crop that a region became, also one of a crop', async () => {
    const crops = { '7_0/observation_1_original_image.jpg': 'x', '7_0/observation_2_original_image.jpg': 'y' };
    const text = start() + turn(0, look([0.1, 0.2, 0.3, 0.4])) + turn(1, look([0.5, 0.5, 1, 1], 'observation_1'));
    const { record } = await read(text, crops);
    expect(record?.cropOutputs).toEqual([
      { region: 0, text: '', file: '7_0/observation_1_original_image.jpg' },
      { region: 1, text: '', file: '7_0/observation_2_original_image.jpg' },
    ]);
    expect(record?.statedFrames).toEqual({});
  });

  it('leaves crops out where a later run of the same folder wrote over them', async () => {
    const run = start() + turn(0, look([0.1, 0.2, 0.3, 0.4]));
    const files = { '7_0/traj.jsonl': run + run, '7_0/observation_1_original_image.jpg': 'x' };
    expect((await read(run, files, 1)).record?.cropOutputs).toEqual([]);
    expect((await read(run, files, 3)).record?.cropOutputs).toHaveLength(1);
  });

  it('lists what came back with the pixels that the policy saw, where these were kept', async () => {
    const files = {
      '7_0/observation_1_original_image.jpg': 'x',
      '7_0/observation_1_resized_image.jpg': jpeg(448, 392),
      '7_0/observation_2_original_image.jpg': jpeg(90, 80),
    };
    const text = start() + turn(0, look([0.1, 0.2, 0.3, 0.4])) + turn(1, look([0.5, 0.5, 1, 1], 'observation_1'));
    expect((await read(text, files)).record?.observations).toEqual([
      {
        turn: 0,
        name: 'observation_1',
        view: { kind: 'file', path: '7_0/observation_1_resized_image.jpg' },
        size: { width: 448, height: 392 },
      },
      { turn: 1, name: 'observation_2', view: { kind: 'file', path: '7_0/observation_2_original_image.jpg' } },
    ]);
  });

  it('takes pixels as those of the resized image, whose size it reads', async () => {
    const text = start() + turn(0, look([10, 20, 300, 400]));
    const { record } = await read(text, { '7_0/resized_image.jpg': jpeg(1036, 700) });
    expect(record).toMatchObject({ inputSize: { width: 1036, height: 700 }, statedFrames: { tool: 'input' } });
    expect((await read(text, { '7_0/resized_image.jpg': 'no jpeg' })).record).toMatchObject({
      inputSize: null,
      statedFrames: {},
    });
  });

  it('groups rollouts of one document with one prompt and image, and no others', async () => {
    const uid = async (more: Record<string, unknown>, image = 'x') =>
      (await read(start(more) + turn(0, 'x'), { '7_0/original_image.jpg': image })).record?.uid;
    expect(await uid({ doc_id: '7_1' })).toBe(await uid({}));
    for (const other of [{ doc_id: '8_0' }, { initial_prompt: 'Who?' }, { ground_truth: 'blue' }])
      expect(await uid(other)).not.toBe(await uid({}));
    expect(await uid({}, 'another image')).not.toBe(await uid({}));
  });

  it('lists a torn line with its number and opens the rest; without a turn it does not open', async () => {
    const torn = await read(`${start()}${turn(0, 'a')}{"turn_idx": 1, "text_out\n${turn(2, 'b')}`, {}, 5);
    expect(torn.record?.response).toBe('a\nb');
    expect(torn.problems).toMatchObject([{ line: 7, severity: 'warning' }]);
    expect(await read(start())).toMatchObject({ record: null, problems: [{ severity: 'error' }] });
    expect(await read(start({ initial_prompt: 7 }))).toMatchObject({
      record: null,
      problems: [{ field: 'initial_prompt' }],
    });
  });
});

describe('a <grounding> call', () => {
  const parsed = (inner: string) => parseResponse(`<grounding>${inner}</grounding>`, { dialect: 'generic' });
  const action = (inner: string) => parsed(inner).turns[0]?.actions[0];

  it('is a zoom where it names the original image', () => {
    const { regions, badge } = parsed('{"bbox_2d": [0.2, 0.3, 0.5, 0.6], "source": "original_image"}');
    expect(regions).toMatchObject([{ box: { x1: 0.2, y1: 0.3, x2: 0.5, y2: 0.6 }, field: 'tool', section: 'tool' }]);
    expect(badge).toBe('ok');
  });

  it('counts in the crop that it names, and is malformed where it names nothing', () => {
    const nested = '{"bbox_2d": [0.2, 0.3, 0.5, 0.6], "source": "observation_2"}';
    expect(parsed(nested).regions).toMatchObject([{ view: 2, box: { x1: 0.2, y1: 0.3, x2: 0.5, y2: 0.6 } }]);
    expect(action(nested)).toMatchObject({ kind: 'zoom', tool: 'grounding', text: nested });
    expect(action(nested.replace('observation_2', 'the sign'))).toMatchObject({ kind: 'malformed' });
  });

  it.each([
    ['{"bbox_2d": [1, 2, 3], "source": "original_image"}', 'region of the grounding'],
    ['{"source": "original_image"}', 'no "bbox_2d"'],
    ['{"bbox_2d": [1, 2, 3, 4]}', 'names no source'],
    ['bbox', 'cannot be read'],
  ])('is malformed as %s', (inner, reason) => {
    expect(action(inner)).toMatchObject({ kind: 'malformed', reason: expect.stringContaining(reason) });
  });
});

describe('the signature', () => {
  const detect = (files: Record<string, string>, file: string | null = null) =>
    miniO3.detect({ dir: memoryDir(files), file });
  const whole = start() + turn(0, 'x');

  it('takes one log, its folder, and a folder of such folders without the others in it', async () => {
    expect(await detect({ 'traj.jsonl': whole }, 'traj.jsonl')).toMatchObject({ format: 'mini-o3' });
    expect(await detect({ 'traj.jsonl': whole, 'original_image.jpg': '' })).toMatchObject({ files: ['traj.jsonl'] });
    const many = { '7_0/traj.jsonl': whole, '7_1/traj.jsonl': whole, 'logs/a.txt': '', 'stats.json': '[]' };
    expect(await detect(many)).toMatchObject({
      files: ['7_0/traj.jsonl', '7_1/traj.jsonl'],
      reason: '2 trajectory folders of Mini-o3.',
    });
    expect(await detect({ 'traj.jsonl': start({ initial_prompt: 'x'.repeat(99_999) }) })).not.toBeNull();
  });

  it('leaves other logs of that name alone', async () => {
    for (const text of ['', '{"turn_idx": 0, "text_output": "x"}\n', '{"doc_id": 1}\n', 'doc_id\n'])
      expect(await detect({ 'traj.jsonl': text })).toBeNull();
    expect(await detect({ 'other.jsonl': whole }, 'other.jsonl')).toBeNull();
    expect(await detect({})).toBeNull();
  });
});

it('reads no size from what is no JPEG, or is cut off', async () => {
  expect(await jpegSize(source('a.jpg', jpeg(300, 200)))).toEqual({ width: 300, height: 200 });
  for (const bytes of [jpeg(300, 200).slice(0, 12), jpeg(0, 200), new Uint8Array(), Uint8Array.of(0xff, 0xd8, 1, 2, 3)])
    expect(await jpegSize(source('a.jpg', bytes))).toBeNull();
  expect(await jpegSize(null)).toBeNull();
});
