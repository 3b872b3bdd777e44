import { describe, expect, it } from 'vitest';
import type { FrameChoice } from '../../../src/core/geometry/frame';
import { canvasRegions, type MarksInput, marksOf } from '../../../webview/rollouts/picture/marks';
import { fieldRows } from '../../../webview/rollouts/side/fieldRows';
import { effectiveChoices } from '../../../webview/rollouts/store/frames';
import { fakeRollout, imageSize } from '../../panelsPage/fakeRollouts';

const resize = { factor: 28, minPixels: 3136, maxPixels: 12_845_056, before: null };
const choice = (
  field: FrameChoice['field'],
  spec: FrameChoice['spec'],
  origin: FrameChoice['origin'],
): FrameChoice => ({
  dataSource: null,
  field,
  spec,
  origin,
  reason: '',
});
const known = [
  choice('prediction', { kind: 'input', resize }, 'config'),
  choice('groundTruth', { kind: 'original' }, 'format'),
];
const rollouts = [0, 1, 2, 3].map((member) => fakeRollout(0, member, member));
const input: MarksInput = {
  rollouts,
  member: 0,
  siblings: new Set(),
  truth: true,
  taskBoxes: false,
  choices: known,
  guest: null,
  image: imageSize,
  chains: null,
  meant: false,
  screen: null,
};

describe('the boxes to draw', () => {
  it('are mapped from the model input to the original', () => {
    const own = marksOf(input).list.find(({ id }) => id === 'r0:0')!;
    const raw = rollouts[0]!.regions[0]!.box;
    expect(own.box!.x1).toBeCloseTo((raw.x1 * 2250) / 2240, 6);
    expect(own.box!.y2).toBeCloseTo((raw.y2 * 1500) / 1512, 6);
  });

  it('carry the number of their rollout when they are a sibling’s', () => {
    const { list } = marksOf({ ...input, siblings: new Set([0, 1]), truth: false });
    expect(list.map(({ number }) => number)).toEqual(['2·1', '2·2', '2·3', '1', '2', '3']);
    expect(canvasRegions(list)[0]).toMatchObject({ palette: 2, emphasis: 'normal' });
    expect(canvasRegions(list)[3]).toMatchObject({ palette: 0, emphasis: 'strong' });
  });

  it('are left out, and their field named, while their frame is not known', () => {
    const { list, unknown } = marksOf({ ...input, choices: [known[1]!] });
    expect(unknown).toEqual(['prediction']);
    expect(canvasRegions(list).map(({ id }) => id)).toEqual(['t0', 't1', 't2']);
  });

  it('are left out, and the reason told, when their image cannot be a model input', () => {
    const { reasons } = marksOf({ ...input, image: { width: 30_000, height: 20 } });
    expect(reasons.join()).toContain('30000×20');
  });

  it('wait for the size of the image', () => {
    const { list, unknown } = marksOf({ ...input, image: null });
    expect(unknown).toEqual([]);
    expect(list.every(({ box }) => box === null)).toBe(true);
  });
});

describe('the frame in force', () => {
  it('is the predicted one of the user, and what the host knew of the user before is void', () => {
    const old = choice('prediction', { kind: 'relative1' }, 'user');
    expect(effectiveChoices([], [old, ...known])).toEqual(known);
  });
});

describe('the table of fields', () => {
  it('says what is missing here but logged beside, and what is no number', () => {
    const rows = fieldRows(rollouts[3]!, rollouts);
    expect(rows.find(({ name }) => name === 'pred')).toEqual({
      name: 'pred',
      text: 'missing',
      exact: 'missing',
      kind: 'odd',
    });
    const odd = fieldRows(fakeRollout(0, 5, 5), rollouts).find(({ name }) => name === 'acc');
    expect(odd).toEqual({ name: 'acc', text: 'not a number', exact: 'not a number', kind: 'odd' });
  });
});

describe('a rollout that logs the size of its model input', () => {
  it('is placed by that size, whatever the resize of the frame would give', () => {
    const inputSize = { width: 1120, height: 756 };
    const own = { ...rollouts[0]!, inputSize };
    const { list } = marksOf({ ...input, rollouts: [own, ...rollouts.slice(1)] });
    expect(list.find(({ id }) => id === 'r0:0')!.box!.x1).toBeCloseTo((own.regions[0]!.box.x1 * 2250) / 1120, 6);
  });
});
