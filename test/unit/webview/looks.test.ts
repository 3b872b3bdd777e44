import { describe, expect, it, test } from 'vitest';
import { zoomChain } from '../../../src/core/geometry/zoomChain';
import { miniO3 } from '../../../src/core/trajectory/tools/miniO3';
import { axisLanes } from '../../../webview/rollouts/chain/axisLanes';
import { Chains } from '../../../webview/rollouts/chain/chains';
import { factsOf, looksOf } from '../../../webview/rollouts/chain/looks';
import { masksOf } from '../../../webview/rollouts/chain/masks';
import { canvasRegions, marksOf } from '../../../webview/rollouts/picture/marks';
import { fakeRollout, imageSize } from '../../panelsPage/fakeRollouts';
import { turnsOf } from '../../panelsPage/fakeTurns';

const frames = [
  { dataSource: null, field: 'tool', spec: { kind: 'relative1' }, origin: 'format', reason: '' },
  { dataSource: null, field: 'prediction', spec: { kind: 'relative1000' }, origin: 'format', reason: '' },
] as const;
const zoomed = turnsOf('zoom', fakeRollout(0, 0, 0));
const clicked = turnsOf('clicks', fakeRollout(0, 0, 0));
const screens = turnsOf('gui', fakeRollout(0, 0, 0));
const marks = (rollout: typeof zoomed, more = {}) =>
  marksOf({
    rollouts: [rollout],
    member: 0,
    siblings: new Set(),
    truth: false,
    taskBoxes: false,
    guest: null,
    choices: frames,
    image: imageSize,
    chains: new Chains('mini-o3', imageSize, frames),
    meant: false,
    screen: null,
    ...more,
  });

describe('what a policy saw that zooms', () => {
  const { kind, list } = looksOf(zoomed, zoomChain(zoomed, imageSize, frames, miniO3));

  it('is the image and each crop, with the picture that came back where its call stands', () => {
    expect(kind).toBe('zoom');
    expect(list.map(({ badge, state, picture }) => [badge, state, picture?.observation ?? null])).toEqual([
      ['Image', 'seen', null],
      ['1', 'seen', 0],
      ['2', 'seen', 1],
      ['3', 'refused', null],
      ['4', 'seen', 2],
    ]);
    expect(list[3]).toMatchObject({ picture: null, reason: expect.stringContaining('it has no width') });
  });

  it('knows the part of the image that a crop of a crop shows', () => {
    // Mini-o3 cuts to whole pixels: 0.12–0.42 of 2250, then 0.15–0.7 of those 675.
    expect(list[1]?.picture?.box).toEqual({ x1: 270, y1: 825, x2: 945, y2: 1350 });
    expect(list[2]?.picture?.box).toEqual({ x1: 371, y1: 930, x2: 742, y2: 1245 });
    const facts = factsOf(list[2]!, imageSize, { width: 742, height: 630 });
    expect(facts.cut).toEqual({ width: 371, height: 315 });
    expect(facts.share).toBeCloseTo((371 * 315) / (2250 * 1500), 9);
    expect(facts.seen?.width).toBe(742);
  });

  it('is only the image until its size is known', () => {
    expect(looksOf(zoomed, null).kind).toBe('none');
  });
});

describe('boxes of calls on the image', () => {
  it('lie where the tool cut, nested ones through their crop; one that was refused is dashed', () => {
    const { list } = marks(zoomed);
    expect(list.map(({ box }) => box?.x1)).toEqual([270, 371, 1125, 1350]);
    expect(canvasRegions(list).map(({ stroke }) => stroke)).toEqual(['solid', 'solid', 'dashed', 'solid']);
    expect(canvasRegions(list)[2]?.title).toContain('not cropped: The tool answered: ERROR');
  });

  it('can be drawn as meant too, thin and dotted, where the tool cut others', () => {
    // A box that reaches out of the image is cut at its border.
    const wide = turnsOf('zoom', fakeRollout(0, 0, 0));
    const region = wide.regions[0]!;
    const moved = { ...wide, regions: [{ ...region, box: { ...region.box, x2: 1.2 } }, ...wide.regions.slice(1)] };
    const drawn = canvasRegions(marks(moved, { meant: true }).list);
    expect(drawn.slice(0, 2)).toMatchObject([
      { id: 'mr0:0', number: '', stroke: 'dotted', emphasis: 'dim', box: { x2: 2700 } },
      { id: 'r0:0', stroke: 'solid', box: { x2: 2249 }, title: expect.stringContaining('as the tool cut it') },
    ]);
    expect(marks(moved).list.map(({ kind }) => kind)).not.toContain('meant');
  });
});

describe('clicks', () => {
  it('that the log holds as numbers are original pixels, signed, and each has its mask', () => {
    expect(canvasRegions(marks(clicked).list)).toMatchObject([
      { id: 'c0:0', number: '1', point: 'plus', box: { x1: 540, y1: 1080, x2: 540, y2: 1080 } },
      { id: 'c0:1', point: 'plus' },
      { id: 'c0:2', point: 'minus' },
    ]);
    const { kind, list } = looksOf(clicked, null);
    expect(kind).toBe('clicks');
    expect(list.map(({ badge, mask, number }) => [badge, mask, number])).toEqual([
      ['Start', null, ''],
      ['+1', 0, '0.610'],
      ['+2', 1, '0.780'],
      ['−3', 2, '0.910'],
    ]);
  });

  it('show the mask they led to, filled, and the one to reach as a dashed line', () => {
    const { list } = looksOf(clicked, null);
    expect(masksOf(clicked, list[2]!, imageSize, true)).toMatchObject({
      masks: [
        { filled: true, stroke: 'solid', palette: 0 },
        { filled: false, stroke: 'dashed', palette: 9 },
      ],
      trouble: null,
    });
    expect(masksOf(clicked, list[2]!, { width: 10, height: 10 }, false).trouble).toContain('it is not drawn');
    const broken = { masks: [{ ...clicked.masks![0]!, counts: 'oooooooooo' }] };
    expect(masksOf(broken, list[1]!, imageSize, false)).toMatchObject({ masks: [], trouble: expect.any(String) });
  });
});

describe('an episode with a screenshot for each turn', () => {
  const { kind, list } = looksOf(screens, zoomChain(screens, imageSize, frames, miniO3));

  it('shows each in its turn, and on it only what was clicked there', () => {
    expect(kind).toBe('screens');
    expect(list.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 4],
      [4, Number.POSITIVE_INFINITY],
    ]);
    const second = marks(screens, { image: { width: 500, height: 1000 }, screen: list[1] }).list;
    expect(second.map(({ id, box }) => [id, box?.x1, box?.y1])).toEqual([['c0:1', 260, 480]]);
  });
});

describe('a frame of a video', () => {
  const video = turnsOf('video', fakeRollout(0, 0, 0));
  const { list } = looksOf(video, null);
  const size = { width: 500, height: 1000 };

  it('has its own boxes and masks, in its own pixels, and no other frame has them', () => {
    expect(list).toHaveLength(12);
    const onShow = (at: number) => marks(video, { image: size, screen: list[at] }).list.map(({ label }) => label);
    expect([onShow(1), onShow(2), onShow(3)]).toEqual([[], ['kite'], []]);
    expect(masksOf(video, list[2]!, size, false)).toMatchObject({ masks: [{ filled: true }], trouble: null });
    expect(masksOf(video, list[1]!, size, false).masks).toEqual([]);
    expect(masksOf(video, list[2]!, imageSize, false).trouble).toContain('it is not drawn');
  });
});

test('stretches of a video that lie over each other stand in lanes of their own, up to three', () => {
  const stretch = (start: number, end: number) => ({ start, end, description: null });
  expect(axisLanes([stretch(880, 1000), stretch(900, 900), stretch(2000, 2100)], 2999)).toEqual([0, 1, 0]);
  // The number of a moment takes room behind it.
  expect(axisLanes([stretch(5, 5), stretch(6, 6), stretch(9, 9)], 100)).toEqual([0, 1, 0]);
  expect(axisLanes([stretch(0, 9), stretch(1, 9), stretch(2, 9), stretch(3, 9)], 9)).toEqual([0, 1, 2, 0]);
});
