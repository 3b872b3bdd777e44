import { describe, expect, it } from 'vitest';
import type { Annotations } from '../../../../src/core/annotation/annotation';
import { applyDiff, inverse, noteAt } from '../../../../src/core/annotation/diff';
import { mergeAnnotations } from '../../../../src/core/annotation/merge';
import { isNoteAt } from '../../../../src/core/annotation/noteShapes';
import { readSidecar, writeSidecar } from '../../../../src/core/annotation/sidecar';
import type { DrawnMask } from '../../../../src/core/click/maskAnnotation';
import { countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { maskIou } from '../../../../src/core/mask/pixels';
import { runsOf } from '../../../../src/core/mask/rle';
import { runsIou } from '../../../../src/core/mask/runsIou';
import type { JsonValue } from '../../../../src/core/text/jsonValue';

const none: Annotations = new Map();
const time = '2026-01-02T03:04:05.000Z';
const group = { kind: 'group', key: 'g', hints: { line: 7, step: 3 } } as const;

function maskOf(...inside: readonly number[]) {
  const pixels = new Uint8Array(12);
  for (const at of inside) pixels[at] = 1;
  return { size: [3, 4] as const, counts: countsOf(runsOfPixels(pixels, 4, 3)) };
}

const drawn: DrawnMask = {
  label: 'boat',
  mask: maskOf(1, 2, 5),
  score: 0.91,
  model: 'Basic',
  box: { x1: 0, y1: 0, x2: 3, y2: 2 },
  clicks: [
    { x: 1, y: 0, positive: true, time, before: null, after: maskOf(1), iou: 0.4, undone: false },
    { x: 3, y: 2, positive: false, time, before: maskOf(1), after: maskOf(1, 2, 5), iou: null, undone: true },
  ],
};

const value = (mask: DrawnMask) => ({ author: 'Ada', time, value: mask as unknown as JsonValue });

function edit(id: string, after: DrawnMask | null, from = none) {
  const place = { ...group, path: ['masks', id] as const };
  return { label: 'Mask', changes: [{ ...place, before: noteAt(from, place), after: after && value(after) }] };
}

describe('a drawn mask', () => {
  it('is a note of its group: set, taken back, kept in the sidecar with every click', () => {
    const made = edit('m1', drawn);
    const once = applyDiff(none, made);
    const read = readSidecar(writeSidecar({ head: 'ab', size: 1 }, once.values()));
    expect(read?.problems).toEqual([]);
    expect(read?.records).toEqual([...once.values()]);
    expect(read?.records[0]?.notes).toEqual({ masks: { m1: value(drawn) } });
    expect(applyDiff(once, inverse(made))).toEqual(none);
  });

  it('is merged by its id: two people draw on one image', () => {
    const base = applyDiff(none, edit('m1', drawn));
    const ours = applyDiff(base, edit('m2', { ...drawn, label: 'quay' }, base));
    const theirs = applyDiff(base, edit('m3', { ...drawn, label: 'crane' }, base));
    const { changes, conflicts } = mergeAnnotations(base, ours, theirs);
    expect(conflicts).toEqual([]);
    const merged = applyDiff(ours, { label: '', changes });
    const there = (id: string) => noteAt(merged, { ...group, path: ['masks', id] }) !== null;
    expect(['m1', 'm2', 'm3', 'm4'].filter(there)).toEqual(['m1', 'm2', 'm3']);
    const relabelled = applyDiff(base, edit('m1', { ...drawn, label: 'ship' }, base));
    const deleted = applyDiff(base, edit('m1', null, base));
    expect(mergeAnnotations(base, relabelled, deleted).conflicts).toHaveLength(1);
  });

  it('is refused where it is no mask: runs that do not cover its size, clicks that are none', () => {
    const fits = (mask: unknown) => isNoteAt('group', ['masks', 'm'], { author: 'a', time, value: mask as JsonValue });
    expect(fits(drawn)).toBe(true);
    expect(fits({ ...drawn, label: null, score: null, model: null, box: null, clicks: [] })).toBe(true);
    expect(fits({ ...drawn, mask: { ...drawn.mask, size: [3, 5] } })).toBe(false);
    expect(fits({ ...drawn, mask: { ...drawn.mask, counts: '~~' } })).toBe(false);
    expect(fits({ ...drawn, clicks: [{ x: 1, y: 2 }] })).toBe(false);
    expect(fits({ ...drawn, box: { x1: 0 } })).toBe(false);
    expect(fits('mask')).toBe(false);
    expect(isNoteAt('rollout', ['masks', 'm'], value(drawn))).toBe(false);
  });
});

describe('IoU of runs', () => {
  it('is that of their pixels', () => {
    let seed = 7;
    const chance = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 200; round++) {
      const [width, height] = [1 + Math.floor(chance() * 9), 1 + Math.floor(chance() * 9)];
      const density = chance();
      const [a, b] = [0, 1].map(() => Uint8Array.from({ length: width * height }, () => (chance() < density ? 1 : 0)));
      if (a === undefined || b === undefined) throw new Error('two masks');
      const runs = (pixels: Uint8Array) => runsOf(countsOf(runsOfPixels(pixels, width, height)), [height, width]);
      expect(runsIou(runs(a), runs(b))).toBeCloseTo(maskIou(a, b), 12);
    }
  });
});
