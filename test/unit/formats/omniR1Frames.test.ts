import { describe, expect, it } from 'vitest';
import { frameStrip } from '../../../src/core/trajectory/frameStrip';
import { parseResponse } from '../../../src/core/trajectory/parseResponse';
import { detectTrace } from '../../../src/formats/detect';
import { omniR1Frames } from '../../../src/formats/omniR1Frames';
import { memoryDir } from './memoryDir';

/** A section as `write_log` of Omni-R1's `load_datasets/revos.py` writes it. */
function section(frame: number, iou: string, completion: string): string {
  const path = `/data/revos/dog/0000${frame * 4}.jpg`;
  return [
    `--------------------Frame ${frame}:--------------------`,
    'Raw Problem:\n the dog that\njumps',
    `File Path: ${path}`,
    `Input:\n {'prompt': [{'role': 'user', 'content': [{'type': 'image', 'image': '${path}'}]}]}`,
    `Completion:\n ${completion}`,
    `Predicted IOU: ${iou}\n`,
  ].join('\n');
}
const first = section(0, '0.52', '```json\n[{"bbox_2d": [1, 2, 30, 40], "label": "dog"}]\n```');
const third = section(2, 'nan', '{"bbox_2d": [5, 6, 70, 80]}');
const folder = '20250601-101112ROLL_3_R0';
const files = {
  [`${folder}/info.txt`]: first + third,
  [`${folder}/frame_0_iou_0.52.jpg`]: 'jpeg',
  [`${folder}/frame_2_iou_nan.jpg`]: 'jpeg',
};
const read = (text: string, of: Readonly<Record<string, string>> = files) =>
  omniR1Frames.read(text, { file: `${folder}/info.txt`, line: 1 }, memoryDir(of));

describe('frames that Omni-R1 saved', () => {
  it('are known by their folder, from above it or by its log', async () => {
    const above = await detectTrace({ dir: memoryDir(files), file: null });
    expect(above).toMatchObject({ format: 'omni-r1-frames', files: [`${folder}/info.txt`] });
    const log = await detectTrace({ dir: memoryDir({ 'info.txt': first }), file: 'info.txt' });
    expect(log).toMatchObject({ format: 'omni-r1-frames', files: ['info.txt'] });
  });

  it('are one rollout: a turn a frame, with its picture, its boxes and its IoU', async () => {
    const { record, problems } = await read(first + third);
    expect(problems).toEqual([]);
    expect(record).toMatchObject({ prompt: 'the dog that\njumps', reward: null, imageName: null });
    expect(record?.fields).toEqual([
      { name: 'frames', value: ['/data/revos/dog/00000.jpg', '/data/revos/dog/00008.jpg'] },
      { name: 'iou', value: [0.52, null] },
    ]);
    const { turns, regions } = parseResponse(record!.response, { dialect: 'generic', turns: record!.statedTurns });
    expect(regions.map(({ turn, box }) => [turn, box.x1, box.x2])).toEqual([
      [0, 1, 30],
      [1, 5, 70],
    ]);
    expect(record?.observations?.map(({ turn, view }) => [turn, view])).toEqual([
      [0, { kind: 'file', path: `${folder}/frame_0_iou_0.52.jpg` }],
      [1, { kind: 'file', path: `${folder}/frame_2_iou_nan.jpg` }],
    ]);
    expect(frameStrip({ ...record!, turns })?.frames).toMatchObject([
      { index: 0, chosen: true, iou: 0.52 },
      { index: 2, chosen: true, iou: null },
    ]);
  });

  it('keep their places where a picture is gone', async () => {
    const { record } = await read(first + third, { [`${folder}/info.txt`]: first + third });
    expect(record?.observations?.map(({ view }) => view)).toEqual([{ kind: 'blank' }, { kind: 'blank' }]);
  });

  it('of a log that is cut off are those of whole sections, and the rest is told', async () => {
    const { record, problems } = await read((first + third).slice(0, -8));
    expect(record?.observations).toHaveLength(1);
    expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('1 section') }]);
    expect((await read(first.slice(0, 60))).record).toBeNull();
  });
});
