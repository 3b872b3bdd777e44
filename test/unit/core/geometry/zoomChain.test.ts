import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameChoice } from '../../../../src/core/geometry/frame';
import { fromView, toView } from '../../../../src/core/geometry/zoomView';
import { call, choice, close, crop, end, look, replay, size } from './replay';

describe('DeepEyes’ training environment', () => {
  const image = size(1000, 800);

  it('cuts the stored image, although the numbers are meant in the 1008×812 pixels that the model saw', () => {
    const { executed, meant, sizes, views } = replay('deepeyes', image, [call('[100, 200, 302.5, 403]'), crop, end]);
    // 302.5 goes to the even neighbour, as Pillow rounds.
    expect(executed).toEqual([[100, 200, 302, 403]]);
    expect(meant).toEqual(close([[100_000 / 1008, 160_000 / 812, 302_500 / 1008, 322_400 / 812]]));
    expect(sizes).toEqual([
      [1000, 800],
      [202, 203],
    ]);
    expect(views[1]).toMatchObject({ turn: 0, box: { x1: 100, y1: 200, x2: 302, y2: 403 } });
  });

  it('runs the last closed call of a turn, readable or not, and none beside an answer', () => {
    const two = call('[0, 0, 50, 50]') + call('[50, 50, 100, 100]');
    expect(replay('deepeyes', image, [two, crop, end]).executed).toEqual([null, [50, 50, 100, 100]]);
    const broken = replay('deepeyes', image, [`${call('[0, 0, 50, 50]')}<tool_call>{</tool_call>`, crop, end]);
    expect(broken.status).toEqual(['The call was not run: the tool runs only the last call of a turn.']);
    const open = replay('deepeyes', image, [`${call('[0, 0, 50, 50]')}<tool_call>{`, crop, end]);
    expect(open.status).toEqual(['executed']);
    expect(replay('deepeyes', image, [call('[0, 0, 50, 50]') + end]).status).toEqual([
      expect.stringContaining('an answer in the same turn'),
    ]);
  });

  it('clamps first, then refuses what is swapped, longer than 100 times its width, or not above 30 pixels', () => {
    const status = (box: string, of = image) => replay('deepeyes', of, [call(box), crop, end]);
    expect(status('[-5, 700, 200, 900]').executed).toEqual([[0, 700, 200, 800]]);
    expect(status('[300, 0, 200, 100]').status).toEqual([expect.stringContaining('no area')]);
    expect(status('[10, 10, 40, 60]').status).toEqual([expect.stringContaining('not above 30')]);
    expect(status('[10, 10, 41, 60]').status).toEqual(['executed']);
    expect(status('[0, 0, 3999, 35]', size(4000, 100)).status).toEqual([expect.stringContaining('100 times')]);
    expect(status('[10, 10, 60, 60, 70]').status).toEqual([expect.stringContaining('four numbers')]);
  });

  it('believes an error in the log more than its own checks', () => {
    const told = [call('[0, 0, 500, 500]'), 'tool:Error: ZOOM IN ARGUMENTS ARE INVALID', end];
    expect(replay('deepeyes', image, told)).toMatchObject({
      status: ['The tool answered: Error: ZOOM IN ARGUMENTS ARE INVALID'],
      sizes: [[1000, 800]],
    });
  });

  it('did not run what ends the log', () => {
    const told = [look('[0, 0, 0.5, 0.5]'), look('[0, 0, 0.5, 0.5]') + end];
    expect(replay('mini-o3', image, told).status).toEqual(['executed', expect.stringContaining('nothing came back')]);
    expect(replay('deepeyes', image, [call('[0, 0, 500, 500]')]).status).toEqual([
      'The call was not run: nothing came back: the log ends with it.',
    ]);
  });

  it('knows the environment with several calls a turn, which enlarges narrow boxes', () => {
    const three = [
      call('[100, 100, 110, 130]'),
      call('[0, 0, 60, 60]'),
      call('[1, 1, 90, 90]'),
      call('[2, 2, 80, 80]'),
    ];
    // 10 × 30 grows by 2.8: half of 28 and of 84 around (105, 115).
    expect(replay('deepeyes-v5', image, [three.join(''), crop, end]).executed).toEqual([
      [91, 73, 119, 157],
      [0, 0, 60, 60],
      [1, 1, 90, 90],
      null,
    ]);
  });
});

describe('verl’s ImageZoomInTool', () => {
  const image = size(1000, 800);
  const original = (box: readonly number[]) =>
    box.map((value, i) => (i % 2 === 0 ? (value * 1000) / 1008 : (value * 800) / 812));
  const run = (box: string, frames: readonly FrameChoice[] = []) =>
    replay('verl', image, [call(box), crop, end], frames);

  it('cuts the image as fetched, 1008×812', () => {
    const { executed, sizes } = run('[100.5, 200, 300, 400.4]');
    expect(executed).toEqual(close([original([100, 200, 300, 400])]));
    expect(sizes).toEqual([
      [1008, 812],
      [200, 200],
    ]);
  });

  it('takes pixels of a run’s smaller input for pixels of the fetched image', () => {
    const resize = { factor: 28, minPixels: 3136, maxPixels: 200_704, before: null };
    // √(800 000 / 200 704) ≈ 1.9965: 500.9 and 400.7 wide and high, down to multiples of 28.
    const { meant } = run('[49, 0, 98, 392]', [choice('tool', { kind: 'input', resize })]);
    expect(meant).toEqual(close([[(49 * 1000) / 476, 0, (98 * 1000) / 476, 800]]));
    expect(run('[49, 0, 98, 392]').executed).toEqual(close([original([49, 0, 98, 392])]));
  });

  it('enlarges sides below 28 around the centre and moves them inside', () => {
    expect(run('[10, 10, 20, 30]').executed).toEqual(close([original([1, 0, 29, 56])]));
    expect(run('[1000, 0, 1008, 16]').executed).toEqual(close([original([980, 0, 1008, 56])]));
    expect(run('[10, 10, 5, 30]').status).toEqual([expect.stringContaining('no area')]);
    expect(run('[0, 0, 1000, 9]').status).toEqual([expect.stringContaining('100 times')]);
  });

  it('runs the first call of a turn, unless a reply to each says that it ran them all', () => {
    const two = call('[0, 0, 50, 50]') + call('[50, 50, 100, 100]');
    const failed = 'tool:<tool_response>Error: invalid</tool_response><tool_response><image>Zoomed</tool_response>';
    expect(replay('verl', image, [two, crop, end]).status).toEqual(['executed', expect.stringContaining('first call')]);
    expect(replay('verl', image, [two, failed, end]).status).toEqual(['The tool answered: Error: invalid', 'executed']);
  });
});

describe('Mini-o3’s grounding', () => {
  const image = size(2000, 1000);

  it('cuts crops of crops, each in its own pixels, the last pixel left out', () => {
    const told = [look('[0.1, 0.2, 0.6, 0.7]'), look('[0.25, 0.5, 0.505, 1]', 'observation_1'), end];
    const { executed, meant, steps, sizes } = replay('mini-o3', image, told);
    expect(executed).toEqual([
      [200, 200, 1200, 700],
      [450, 450, 705, 699],
    ]);
    expect(meant[1]).toEqual(close([[450, 450, 705, 700]])[0]);
    expect(sizes[2]).toEqual([255, 249]);
    expect(steps.map(({ view, result }) => [view, result])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('scales pixels of the picture that was used, and cuts towards zero', () => {
    const frames = [
      choice('tool', { kind: 'input', resize: { factor: 28, minPixels: 1, maxPixels: 9e9, before: null } }),
    ];
    const logged = { inputSize: size(1000, 500) };
    expect(replay('mini-o3', image, [look('[10.4, 20, 110.3, 120]'), end], frames, logged).executed).toEqual([
      [20, 40, 220, 240],
    ]);
  });

  it('counts only crops that were made, and refuses what the regular expression does not match', () => {
    const told = [
      look('[0.5, 0.5, 0.5, 0.6]'),
      'tool:ERROR occurs during grounding. Error Information: The bounding box is not valid in width.',
      look('[0, 0, 0.5, 0.5]'),
      look('[0, 0, 1, 0.001]', 'observation_1'),
      look('[0, 0, 0.5, 0.5]', 'observation_2'),
      '<grounding>{"label": "x", "bbox_2d": [0, 0, 0.5, 0.5], "source": "original_image"}</grounding>',
      end,
    ];
    expect(replay('mini-o3', image, told).status).toEqual([
      expect.stringContaining('The tool answered: ERROR occurs during grounding'),
      'executed',
      expect.stringContaining('no height'),
      'Picture 2 is not among those that came back before.',
      expect.stringContaining('not as the tool expects'),
    ]);
  });
});

describe('any chain', () => {
  const sides = fc.tuple(fc.integer({ min: 1000, max: 2500 }), fc.integer({ min: 1000, max: 2500 }));
  const part = fc
    .tuple(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.double({ min: 0.6, max: 0.9, noNaN: true }))
    .map(([from, to]) => [from, to] as const);

  it('maps boxes of a view to the original and back', () => {
    fc.assert(
      fc.property(sides, part, part, part, part, ([width, height], a, b, c, d) => {
        const view = { box: { x1: a[0] * width, y1: b[0] * height, x2: a[1] * width, y2: b[1] * height } };
        const box = { x1: c[0], y1: d[0], x2: c[1], y2: d[1] };
        const back = toView(fromView(box, view, size(1, 1)), view, size(1, 1));
        for (const corner of ['x1', 'y1', 'x2', 'y2'] as const) expect(back[corner]).toBeCloseTo(box[corner], 9);
      }),
    );
  });

  it('composes nested crops to the pixels that cropping in two steps cuts', () => {
    fc.assert(
      fc.property(sides, part, part, part, part, ([width, height], a, b, c, d) => {
        const told = [
          look(JSON.stringify([a[0], b[0], a[1], b[1]])),
          look(JSON.stringify([c[0], d[0], c[1], d[1]]), 'observation_1'),
          end,
        ];
        const { executed } = replay('mini-o3', size(width, height), told);
        const [first, second] = executed;
        if (first == null || second == null) throw new Error('not cropped');
        const cut = (from: number, to: number, length: number) => [
          Math.trunc(from * length),
          Math.min(Math.trunc(to * length), length - 1),
        ];
        const [x1 = 0, x2 = 0] = cut(a[0], a[1], width);
        const [y1 = 0, y2 = 0] = cut(b[0], b[1], height);
        const [u1 = 0, u2 = 0] = cut(c[0], c[1], x2 - x1);
        const [v1 = 0, v2 = 0] = cut(d[0], d[1], y2 - y1);
        expect(first).toEqual([x1, y1, x2, y2]);
        expect(second).toEqual(close([[x1 + u1, y1 + v1, x1 + u2, y1 + v2]])[0]);
      }),
    );
  });
});
