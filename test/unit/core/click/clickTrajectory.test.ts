import { describe, expect, it } from 'vitest';
import type { MaskClick } from '../../../../src/core/click/annotator';
import { clickTrajectory } from '../../../../src/core/click/clickTrajectory';

const size = { width: 12, height: 4 };
const rules = { targetIou: 0.98, mostClicks: 20 };
/** Two bars, of 4 and 2 columns. */
const truth = Uint8Array.from({ length: 48 }, (_, i) => ([1, 2, 3, 4, 8, 9].includes(i % 12) ? 1 : 0));
/** Fills the bar that was clicked, on the start that was given. */
const bars = (start: Uint8Array | null) => async (clicks: readonly MaskClick[]) => {
  const inBar = (x: number) => clicks.some((click) => click.positive && click.x < 6 === x < 6);
  return truth.map((value, i) => (start?.[i] === 1 || inBar(i % 12) ? value : 0));
};

describe('a trajectory as SegAgent generates them', () => {
  it('keeps clicks that raise the IoU, until the target is reached', async () => {
    const { startIou, steps } = await clickTrajectory(truth, size, null, rules, bars(null));
    expect(startIou).toBe(0);
    expect(steps.map(({ iou }) => iou)).toEqual([16 / 24, 1]);
    expect(steps.every(({ click }) => click.positive)).toBe(true);
  });

  it('ends with the click that raises nothing, and does not keep it', async () => {
    const stuck = async (clicks: readonly MaskClick[]) => bars(null)(clicks.slice(0, 1));
    expect((await clickTrajectory(truth, size, null, rules, stuck)).steps).toHaveLength(1);
  });

  it('begins with the mask that is refined, and with nothing to do where it is good already', async () => {
    const start = truth.map((value, i) => (i % 12 < 6 ? value : 0));
    const refined = await clickTrajectory(truth, size, start, rules, bars(start));
    expect(refined.startIou).toBeCloseTo(16 / 24);
    expect(refined.steps).toMatchObject([{ iou: 1, click: { positive: true } }]);
    expect(refined.steps[0]?.click.x).toBeGreaterThan(6);
    expect((await clickTrajectory(truth, size, truth, rules, bars(null))).steps).toEqual([]);
  });
});
