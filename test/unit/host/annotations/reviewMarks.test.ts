import { describe, expect, it } from 'vitest';
import { type AnnotationRecord, idOf } from '../../../../src/core/annotation/annotation';
import { ReviewMarks } from '../../../../src/host/annotations/reviewMarks';
import { wholeKey } from '../../../../src/host/annotations/traceAnnotations';
import type { TraceLink } from '../../../../src/host/traces/traceLink';
import { MARKS_SLICE, type MarkedRecord, type RankedGroup } from '../../../../src/protocol/review';

const noted = <T>(value: T) => ({ author: 'Ada', time: '2026-01-02T03:04:05.000Z', value });
const reviewed = (own: string, line = 3): AnnotationRecord => {
  const notes = { reviewed: noted(true as const) };
  return { kind: 'rollout', key: wholeKey('7.jsonl', own), hints: { line, step: 7 }, notes };
};

/** The data child's ear, and the annotations that are told to it. */
function setUp() {
  const all = new Map<string, AnnotationRecord>();
  const told: { opening: number; records: readonly MarkedRecord[]; rankings: readonly RankedGroup[] }[] = [];
  let openings = 1;
  let placed = 0;
  const link = {
    get openings() {
      return openings;
    },
    // A data child that was started anew counts traces from one again.
    whenOpen: async () => ({ traceId: 1 }),
    ask: async (_: string, params: Omit<(typeof told)[number], 'opening'>) => {
      told.push({ opening: openings, ...params });
      return 0;
    },
  };
  const events = {
    placed: () => {
      placed++;
    },
    failed: (_: string, error: unknown) => {
      throw error;
    },
  };
  const marks = new ReviewMarks({ all }, link as unknown as Pick<TraceLink, 'ask' | 'openings' | 'whenOpen'>, events);
  const change = (...records: readonly AnnotationRecord[]) => {
    for (const record of records) all.set(idOf(record), record);
    marks.changed(1, new Map(records.map((record) => [idOf(record), record])));
  };
  const remove = (record: AnnotationRecord) => {
    all.delete(idOf(record));
    marks.changed(2, new Map([[idOf(record), null]]));
  };
  return { marks, told, change, remove, placed: () => placed, restart: () => openings++ };
}

describe('what people said', () => {
  it('is told by the keys of the sidecars, and taken back once it is gone', async () => {
    const { marks, told, change, remove } = setUp();
    const tags: AnnotationRecord = { ...reviewed('t'), kind: 'rollout', notes: { tags: noted(['lucky']) } };
    change(reviewed('a'), tags);
    await marks.settled();
    remove(reviewed('a'));
    await marks.settled();
    const place = { file: '7.jsonl', key: 'a', hints: { line: 3, step: 7 } };
    const mark = { reviewed: true, total: null, verdict: null };
    expect(told.map(({ records }) => records)).toEqual([[{ ...place, mark }], [{ ...place, mark: null }]]);
  });

  it('names ranked groups by their levels', async () => {
    const { marks, told, change, remove } = setUp();
    const notes = { ranking: noted([['b', 'c'], 'a']) };
    const group = { kind: 'group', key: wholeKey('7.jsonl', 'g'), hints: { line: 1, step: 7 }, notes } as const;
    change(group);
    await marks.settled();
    remove(group);
    await marks.settled();
    expect(told.flatMap(({ rankings }) => rankings)).toEqual([
      { key: 'g', levels: [['b', 'c'], ['a']] },
      { key: 'g', levels: [] },
    ]);
  });

  it('goes in slices where it is much, and is told again to a process that was started anew', async () => {
    const { marks, told, change, placed, restart } = setUp();
    change(...Array.from({ length: MARKS_SLICE + 5 }, (_, i) => reviewed(`k${i}`, i + 1)));
    await expect.poll(placed).toBe(1);
    expect(told.map(({ records }) => records.length)).toEqual([MARKS_SLICE, 5]);
    restart();
    await marks.settled();
    await expect.poll(placed).toBe(2);
    expect(told.slice(2).map(({ opening, records }) => [opening, records.length])).toEqual([
      [2, MARKS_SLICE],
      [2, 5],
    ]);
  });
});
