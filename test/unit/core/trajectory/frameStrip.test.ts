import { describe, expect, it } from 'vitest';
import { frameNamed, frameStrip } from '../../../../src/core/trajectory/frameStrip';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import type { Field } from '../../../../src/core/trajectory/rollout';

const moment = (start: string, end: string) =>
  `{"start_time": "${start}", "end_time": "${end}", "description": "brown dog"}`;

function strip(names: readonly string[], moments: readonly string[], fields: readonly Field[] = []) {
  const { turns } = parseResponse(`<think>t</think><answer>${moments.join('\n')}</answer>`, { dialect: 'generic' });
  const observations = names.map((name) => ({ turn: 0, name, view: { kind: 'file', path: name } as const }));
  return frameStrip({ turns, observations, fields });
}
const fps: Field = { name: 'fps', value: 2 };
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `frame_${i + from}.jpg`);

describe('the frames of a rollout about a video', () => {
  it('have times by their numbers and fps, and are chosen by the moments that Omni-R1 would count them to', () => {
    const found = strip(numbered(8), [moment('00:00.60', '00:01.20'), moment('00:03.00', '00:03.00')], [fps]);
    expect(found?.frames.map(({ time }) => time)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]);
    // ⌊0.6 · 2⌋ = 1 to ⌊1.2 · 2⌋ = 2, and 6.
    expect(found?.frames.flatMap(({ chosen, intervals, index }) => (chosen ? [[index, ...intervals]] : []))).toEqual([
      [1, 0],
      [2, 0],
      [6, 1],
    ]);
    expect(found?.end).toBe(3.5);
  });

  it('have no time that nobody stated: no fps, or numbers that may count from 1', () => {
    expect(strip(numbered(3), [moment('00:00.50', '00:01.00')])?.frames).toMatchObject([
      { time: null, chosen: false },
      { time: null, chosen: false },
      { time: null, chosen: false },
    ]);
    expect(strip(numbered(3, 1), [], [fps])?.frames.map(({ time }) => time)).toEqual([null, null, null]);
  });

  it('have the times of their names, or are keyframes by their numbers', () => {
    const named = strip(['frame_3_1.5s.png', 'frame_4_2s.png'], [moment('00:01.50', '00:01.50')]);
    expect(named?.frames).toMatchObject([
      { time: 1.5, chosen: true },
      { time: 2, chosen: false },
    ]);
    expect(strip(numbered(3), [], [{ name: 'keyframes', value: [2] }])?.frames.map(({ chosen }) => chosen)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('have the masks that the log states for their numbers; what is none stays a field', () => {
    const mask = { size: [4, 6], counts: '4' };
    const value = [
      { frame: 1, ...mask },
      { frame: 1, ...mask },
      { frame: 9, ...mask },
      { frame: 0, size: [0, 6], counts: '4' },
      7,
    ];
    const found = strip(numbered(2), [], [{ name: 'frame_masks', value }]);
    const read = { click: null, iou: null, ...mask };
    expect(found?.frames.map(({ masks }) => masks)).toEqual([[], [read, read]]);
    expect(strip(numbered(2), [], [{ name: 'frame_masks', value: 'none' }])?.frames[0]?.masks).toEqual([]);
  });

  it('that Omni-R1 saved are the chosen ones with their IoU, counted among themselves', () => {
    const saved = strip(['frame_0_iou_0.52.jpg', 'frame_1_iou_nan.jpg'], [], [fps]);
    expect(saved?.frames).toMatchObject([
      { index: 0, chosen: true, iou: 0.52, time: null },
      { index: 1, chosen: true, iou: null, time: null },
    ]);
  });

  it('are missing where the log kept none: its moments stand alone; those that end before they begin are none', () => {
    const found = strip([], [moment('01:00.50', '01:02.00'), moment('00:09.00', '00:08.00')]);
    expect(found).toMatchObject({ frames: [], intervals: [{ start: 60.5, end: 62 }], end: 62 });
  });

  it('are not what other pictures are', () => {
    expect(strip(['frame_0.jpg', 'crop_1.jpg'], [])).toBeNull();
    expect(frameNamed('screenframe')).toBeNull();
    expect(frameNamed(`${'frame_'.repeat(5000)}1`)).toBeNull();
    expect(strip([], [])).toBeNull();
  });
});
