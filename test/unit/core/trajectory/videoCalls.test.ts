import { describe, expect, it } from 'vitest';
import { frameStrip } from '../../../../src/core/trajectory/frameStrip';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import { frameThinkerRow } from '../../../fixtures/frameThinker';

const read = (text: string) => parseResponse(text, { dialect: 'generic' });
const actions = (text: string) => read(text).turns.flatMap((turn) => turn.actions);
const crop = (args: unknown) => `<tool_call>\n${JSON.stringify({ name: 'crop_video', arguments: args })}\n</tool_call>`;

describe('a call of LongVT’s crop_video', () => {
  it('is a stretch in seconds with its video, also where its arguments are a string', () => {
    const args = { video_path: '/v/match.mp4', start_time: 297.5, end_time: 310 };
    const stretch = { start: 297.5, end: 310, description: null, video: '/v/match.mp4' };
    expect(actions(crop(args))).toMatchObject([{ kind: 'tool', tool: 'crop_video', intervals: [stretch] }]);
    expect(actions(crop(JSON.stringify(args)))).toMatchObject([{ intervals: [stretch] }]);
  });

  it('without two numbers is a call like any other', () => {
    for (const args of [{ start_time: '1', end_time: 2 }, { start_time: 1 }, 'no JSON', null])
      expect(actions(crop(args))[0]).not.toHaveProperty('intervals');
  });

  it('of which no frame is kept has a strip of times alone, which names the video', () => {
    const { turns } = read(`<think>a</think>${crop({ video_path: 'C:\\v\\match.mp4', start_time: 5, end_time: 9 })}`);
    expect(frameStrip({ turns, observations: [], fields: [] })).toMatchObject({
      frames: [],
      unit: 'seconds',
      end: 9,
      pictures: false,
      video: 'C:\\v\\match.mp4',
    });
  });
});

it('whose frames came back as pictures without names is no strip of times alone', () => {
  const { turns } = read(crop({ video_path: '/v/match.mp4', start_time: 5, end_time: 9 }));
  const observations = [{ turn: 0, name: 'image 3', view: { kind: 'embedded', index: 2 } as const }];
  expect(frameStrip({ turns, observations, fields: [] })).toMatchObject({ frames: [], pictures: true });
});

describe('an action of FrameThinker', () => {
  const { response } = frameThinkerRow() as { response: string };

  it('is read turn by turn: the moment by the frame that the tool answered with, frames by their numbers, the answer', () => {
    const { turns, badge } = read(response);
    expect(badge).toBe('ok');
    expect(turns.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant', 'user', 'assistant']);
    expect(turns.flatMap((turn) => turn.actions)).toMatchObject([
      { tool: 'get frame', intervals: [{ start: 900, end: 900, description: '0:30', unit: 'frames' }] },
      { tool: 'choose frames', intervals: [{ start: 880, end: 1000, unit: 'frames' }] },
      { kind: 'answer', text: 'output answer: B' },
    ]);
  });

  it('counts frames where nothing states a rate, and seconds where the log does', () => {
    const { turns } = read(response);
    const observations = [0, 881, 999].map((frame) => {
      return { turn: 0, name: `frame ${frame}`, view: { kind: 'blank' } as const };
    });
    const strip = frameStrip({ turns, observations, fields: [] });
    expect(strip).toMatchObject({ unit: 'frames', end: 1000, pictures: false, video: null });
    expect(strip?.frames.map(({ time, intervals }) => [time, intervals])).toEqual([
      [null, []],
      [null, [1]],
      [null, [1]],
    ]);
    const rated = frameStrip({ turns, observations, fields: [{ name: 'fps', value: 30 }] });
    expect(rated).toMatchObject({ unit: 'seconds', intervals: [{ start: 30 }, { end: 1000 / 30 }] });
    expect(rated?.frames.map(({ chosen }) => chosen)).toEqual([false, true, true]);
  });

  it('that the tool has not answered is a moment in seconds, which has no place among frames', () => {
    const { turns } = read('<action>get frame number at time 1:05</action>');
    expect(frameStrip({ turns, observations: [], fields: [] })).toMatchObject({ unit: 'seconds', end: 65 });
  });

  it('is none where other agents write the tag, and malformed where it is cut off or names nothing', () => {
    expect(actions('<action>click(3, 4)</action>').map(({ kind }) => kind)).not.toContain('tool');
    expect(actions('<action>choose frames between 3 and 9')).toMatchObject([{ kind: 'malformed' }]);
    expect(actions('<action>choose frames between a and b</action>')).toMatchObject([{ kind: 'malformed' }]);
  });
});
