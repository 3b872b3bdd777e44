import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry/box';
import { editedBoxes, placeEdited } from '../../../src/core/reward/scoring/editedBoxes';
import { withEdits } from '../../../webview/rollouts/picture/editedMarks';
import { canvasRegions, type Mark } from '../../../webview/rollouts/picture/marks';
import { markWords } from '../../../webview/rollouts/picture/pictureWords';

const box = (x: number): Box => ({ x1: x, y1: 0, x2: x + 10, y2: 10 });
const noted = (value: Box) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const mark = (id: string, kind: Mark['kind'], member: number | null, more: Partial<Mark> = {}): Mark => {
  return { id, kind, member, number: '1', label: null, raw: box(1), box: box(1), ...more };
};
const marks = { unknown: [], reasons: [] };

describe('boxes that somebody put elsewhere', () => {
  it('are drawn there, with the logged one as a thin shadow below', () => {
    const list = [mark('t0', 'truth', null), mark('r0:0', 'region', 0, { executed: true }), mark('r0:1', 'region', 0)];
    const edits = { notes: { truth: { 0: noted(box(50)) } }, rollouts: [{ regions: { 0: noted(box(90)) } }] };
    const edited = withEdits({ ...marks, list }, edits).list;
    expect(edited.map(({ id, box: at }) => [id, at?.x1])).toEqual([
      ['lt0', 1],
      ['t0', 50],
      ['lr0:0', 1],
      ['r0:0', 90],
      ['r0:1', 1],
    ]);
    expect(canvasRegions(edited).map(({ palette, stroke }) => `${palette} ${stroke}`)).toEqual([
      '9 dotted',
      '9 dashed',
      '0 dotted',
      '0 solid',
      '0 solid',
    ]);
    expect(markWords(edited[3]!)).toContain('edited by Ada');
    expect(edited[3]!.executed).toBeUndefined();
  });

  it('need no frame, and a sibling shows no shadow', () => {
    const list = [mark('r0:0', 'region', 0, { box: null }), mark('r1:0', 'sibling', 1)];
    const rollouts = [{ regions: { 0: noted(box(7)) } }, { regions: { 0: noted(box(8)) } }];
    const edited = withEdits({ ...marks, list }, { notes: {}, rollouts }).list;
    expect(edited.map(({ id, box: at }) => [id, at?.x1])).toEqual([
      ['r0:0', 7],
      ['r1:0', 8],
    ]);
  });

  it('count in rewards where they were put; an index that does not exist changes nothing', () => {
    const image = { width: 100, height: 100 };
    const placed = { image, input: null, regions: [box(1), null, box(3)], truth: [{ box: box(4), label: 'kite' }] };
    const edits = editedBoxes({ regions: { 1: noted(box(20)), 9: noted(box(30)) } }, { truth: { 0: noted(box(40)) } });
    expect(placeEdited(placed, edits)).toEqual({
      ...placed,
      regions: [box(1), box(20), box(3)],
      truth: [{ box: box(40), label: 'kite' }],
    });
    expect(placeEdited(placed, editedBoxes({}, {}))).toBe(placed);
  });
});
