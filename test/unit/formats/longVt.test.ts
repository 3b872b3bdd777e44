import { describe, expect, it, test } from 'vitest';
import { frameStrip } from '../../../src/core/trajectory/frameStrip';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { detectTrace } from '../../../src/formats/detect';
import { longVt } from '../../../src/formats/longVt';
import { rlLoggingBoard } from '../../../src/formats/rlLoggingBoard';
import { verlDump } from '../../../src/formats/verlDump';
import { frameThinkerRow } from '../../fixtures/frameThinker';
import { longVtTrace, sampledFrames } from '../../fixtures/longVt';
import { memoryDir, verlLine } from './memoryDir';

const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'png']));
const trace = longVtTrace();
const [name = '', text = ''] = Object.entries(trace)[0] ?? [];
const inTraces = Object.fromEntries(Object.entries(trace).map(([file, content]) => [`traces/${file}`, content]));
const file = `traces/${name}`;

async function stripOf(files: Readonly<Record<string, string>>) {
  const { record, problems } = await longVt.read(text, { file, line: 1 }, memoryDir({ ...inTraces, ...files }));
  const { turns } = parseResponse(record!.response, { dialect: 'generic', turns: record!.statedTurns });
  return { record: record!, problems, turns, strip: frameStrip({ ...record!, turns })! };
}

describe('a trace of LongVT', () => {
  it('is known by its name, alone, in its folder and from above it', async () => {
    const dir = memoryDir({ ...inTraces, ...empty(sampledFrames('global_sampling/match', 3)) });
    expect(await detectTrace({ dir, file: null })).toMatchObject({ format: 'longvt', files: [file] });
    expect(await detectTrace({ dir: memoryDir(trace), file: name })).toMatchObject({ format: 'longvt' });
    expect(await detectTrace({ dir: memoryDir({ [name]: 'notes' }), file: name })).toBeNull();
  });

  it('has the frames of the skim and of each call in their turns, a second apart, the chosen ones marked', async () => {
    const frames = [
      ...sampledFrames('global_sampling/match', 6),
      ...sampledFrames('segment_sampling/match_2.000_4.000', 2),
    ];
    const { record, problems, turns, strip } = await stripOf(empty(frames));
    expect(problems).toEqual([]);
    expect(record).toMatchObject({ prompt: 'Which shirt does the scorer wear?', uid: 'match_qa000012', reward: null });
    expect(turns.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    expect(record.observations?.map(({ turn, view }) => (view.kind === 'file' ? `${turn} ${view.path}` : ''))).toEqual([
      ...frames.slice(0, 6).map((path) => `0 ${path}`),
      ...frames.slice(6).map((path) => `1 ${path}`),
    ]);
    expect(strip).toMatchObject({ pictures: true, video: '/data/videos/match.mp4', end: 5 });
    expect(strip.frames.map(({ time, chosen }) => [time, chosen])).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((time) => [time, time >= 2 && time <= 4]),
      [2, true],
      [3, true],
    ]);
  });

  it('states no times of a skim that may be spread over a long video, and shows times alone without folders', async () => {
    const { strip } = await stripOf(empty(sampledFrames('global_sampling/match', 3)));
    expect(strip.frames.map(({ time }) => time)).toEqual([null, null, null]);
    expect((await stripOf({})).strip).toMatchObject({ frames: [], intervals: [{ start: 2, end: 4 }], pictures: false });
  });

  it('opens without its summary, and says so; one that begins otherwise does not open', async () => {
    const { record, problems } = await longVt.read(text, { file: name, line: 1 }, memoryDir({}));
    expect(record).toMatchObject({
      response: expect.stringContaining('red'),
      imageTrouble: expect.stringContaining('match.mp4'),
    });
    expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('not beside') }]);
    expect((await longVt.read('nothing', { file: name, line: 1 }, memoryDir({}))).record).toBeNull();
  });
});

describe('what LongVT’s training dumps', () => {
  const call = { name: 'crop_video', arguments: { video_path: '/v/match.mp4', start_time: 1, end_time: 2 } };
  // As `reward_extra_infos_dict` of its `tool_reward.py` adds them.
  const row = verlLine({
    output: `<think>a</think><tool_call>${JSON.stringify(call)}</tool_call>\nuser\n<tool_response>\nHere\n</tool_response>\nassistant\n<answer>red</answer>`,
    acc_score: 1,
    time_reward_score: 0.5,
    predict_str: '',
    ground_truth: 'red',
  });

  it('shows frames of a folder that is called as the video is', async () => {
    const dir = memoryDir(empty(['frames/match/t=0.5.jpg', 'frames/match/t=1.5.jpg', 'frames/match/t=10.jpg']));
    const { record } = await verlDump.read(row, { file: '7.jsonl', line: 1 }, dir);
    const { turns } = parseResponse(record!.response, { dialect: 'generic' });
    expect(frameStrip({ ...record!, turns })?.frames.map(({ time, chosen }) => [time, chosen])).toEqual([
      [0.5, false],
      [1.5, true],
      [10, false],
    ]);
  });

  it('has none where the folder holds other pictures, or the video’s name leads elsewhere', async () => {
    const other = await verlDump.read(row, { file: '7.jsonl', line: 1 }, memoryDir(empty(['match/cat.jpg'])));
    expect(other.record).not.toHaveProperty('observations');
    const up = row.replace('/v/match.mp4', '/v/..');
    expect((await verlDump.read(up, { file: '7.jsonl', line: 1 }, memoryDir({}))).record).not.toBeNull();
  });
});

test('what FrameThinker’s training logs names the frames that it showed, those of the prompt first', async () => {
  const line = JSON.stringify(frameThinkerRow());
  const { record } = await rlLoggingBoard.read(line, { file: 'rollout_data_rank0.jsonl', line: 1 }, memoryDir({}));
  expect(record?.observations?.map(({ turn, name: shown }) => [turn, shown])).toEqual([
    ...[0, 428, 856, 1285, 1713, 2142, 2570, 2999].map((frame) => [0, `frame ${frame}`]),
    ...[881, 897, 914, 931, 948, 965, 982, 999].map((frame) => [3, `frame ${frame}`]),
  ]);
  const { turns } = parseResponse(record!.response, { dialect: 'generic' });
  const strip = frameStrip({ ...record!, turns });
  expect(strip).toMatchObject({ unit: 'frames', end: 2999, pictures: false });
  expect(strip?.frames.filter(({ chosen }) => chosen).map(({ index }) => index)).toEqual([
    881, 897, 914, 931, 948, 965, 982, 999,
  ]);
});
