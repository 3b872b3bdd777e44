import { describe, expect, it } from 'vitest';
import { Lru } from '../../../src/core/collections/lru';
import type { GroupDetail, GroupSummary } from '../../../src/protocol/data';
import { covers, detailWish, previewSide } from '../../../webview/rollouts/picture/buckets';
import { evidenceFor, parseResize } from '../../../webview/rollouts/side/frameForm';
import { Details } from '../../../webview/rollouts/store/details';
import { GroupPages, pageGroups } from '../../../webview/rollouts/store/groupPages';
import { firstViewState, readViewState } from '../../../webview/rollouts/store/viewState';
import { cropOf } from '../../../webview/rollouts/turns/regionCards';

const nothing = () => undefined;

describe('group summaries by pages', () => {
  /** A host whose answers come when the test says so. */
  function pages(sizeOf: (group: number) => number = () => 8) {
    const asked: { start: number; signal: AbortSignal; answer: () => Promise<void> }[] = [];
    const store = new GroupPages({
      fetch: (start, count, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          const groups = Array.from({ length: count }, (_, i) => ({ group: start + i }) as GroupSummary);
          asked.push({ start, signal, answer: async () => resolve(groups) });
        }),
      sizeOf,
      onChange: nothing,
      onError: (error) => {
        throw error;
      },
    });
    return { store, asked };
  }

  it('asks once for each page on screen', async () => {
    const { store, asked } = pages();
    store.want(40, 60);
    store.want(41, 61);
    expect(asked.map(({ start }) => start)).toEqual([0, pageGroups]);
    await asked[0]!.answer();
    await Promise.resolve();
    expect(store.get(45)?.group).toBe(45);
    store.want(0, 10);
    expect(asked).toHaveLength(2);
  });

  it('aborts pages that were scrolled past', () => {
    const { store, asked } = pages();
    store.want(0, 10);
    store.want(5000, 5010);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it('shows the old page while it asks for one in which a group grew', async () => {
    let size = 3;
    const { store, asked } = pages(() => size);
    store.want(0, 10);
    await asked[0]!.answer();
    await Promise.resolve();
    size = 4;
    store.want(0, 10);
    expect(asked).toHaveLength(2);
    expect(store.get(2)?.group).toBe(2);
  });
});

describe('details of groups', () => {
  const detail = (group: number, size: number) => ({ summary: { group, size } }) as GroupDetail;

  it('are asked for again once the group grew or the host said they are stale', async () => {
    let size = 5;
    const details = new Details({ fetch: async (group) => detail(group, size), sizeOf: () => size });
    expect(details.needs(1)).toBe(true);
    await details.load(1);
    expect(details.needs(1)).toBe(false);
    size = 6;
    expect(details.needs(1)).toBe(true);
    await details.load(1);
    details.invalidate();
    expect(details.needs(1)).toBe(true);
    expect(details.get(1)?.summary.size).toBe(6);
  });

  it('share one request, and abort what is no longer near', async () => {
    const signals: AbortSignal[] = [];
    const details = new Details({
      fetch: (_, signal) => {
        signals.push(signal);
        return new Promise(nothing);
      },
      sizeOf: () => 1,
    });
    void details.load(1);
    void details.load(1);
    void details.load(9);
    details.keepOnly([8, 9, 10]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });
});

describe('the store of what was used last', () => {
  it('forgets what was not used for longest', () => {
    const lru = new Lru<string, number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    lru.get('a');
    lru.set('c', 3);
    expect([...lru.keys()]).toEqual(['a', 'c']);
  });
});

describe('how sharp a picture is asked for', () => {
  const original = { width: 8000, height: 6000 };
  const preview = { width: 1536, height: 1152 };
  const visible = { x1: 1000, y1: 1000, x2: 1800, y2: 1600 };

  it('takes few sizes, so that they are found in the cache', () => {
    expect(previewSide({ width: 760, height: 500 }, 1)).toBe(1024);
    expect(previewSide({ width: 760, height: 500 }, 2)).toBe(1536);
    expect(previewSide({ width: 9000, height: 500 }, 2)).toBe(4096);
  });

  it('wants nothing more while the preview is sharp', () => {
    expect(detailWish(original, preview, visible, 0.19, 1)).toBeNull();
    expect(detailWish(preview, preview, visible, 8, 2)).toBeNull();
  });

  it('wants the visible part with a margin, never beyond the image nor enlarged', () => {
    expect(detailWish(original, preview, visible, 1, 1)).toEqual({
      box: { x1: 880, y1: 910, x2: 1920, y2: 1690 },
      maxSide: 1536,
    });
    const corner = detailWish(original, preview, { x1: -500, y1: -500, x2: 300, y2: 100 }, 4, 2)!;
    expect(corner.box).toMatchObject({ x1: 0, y1: 0 });
    expect(corner.maxSide).toBe(640);
  });

  it('knows when what it has still covers the view', () => {
    expect(covers({ x1: 0, y1: 0, x2: 500, y2: 500 }, { x1: -90, y1: 10, x2: 480, y2: 500 }, original)).toBe(true);
    expect(covers({ x1: 0, y1: 0, x2: 500, y2: 500 }, { x1: 0, y1: 10, x2: 501, y2: 500 }, original)).toBe(false);
  });
});

describe('the crop of a region', () => {
  const image = { width: 100, height: 80 };

  it('is cut to the image in whole pixels, corners in any order', () => {
    expect(cropOf({ x1: 50.2, y1: 70, x2: -5, y2: 60.5 }, image)).toEqual({ x1: 0, y1: 60, x2: 51, y2: 70 });
  });

  it('is none outside of the image and without area', () => {
    expect(cropOf({ x1: 200, y1: 0, x2: 300, y2: 10 }, image)).toBeNull();
    expect(cropOf({ x1: 20.5, y1: 0, x2: 20.5, y2: 10 }, image)).toBeNull();
  });
});

describe('the frame’s form', () => {
  const resize = { factor: 28, minPixels: 3136, maxPixels: 12_845_056, before: null };

  it('takes numbers as people write them and says why another text is none', () => {
    expect(parseResize(resize, 'maxPixels', '1,254,400')).toMatchObject({ maxPixels: 1_254_400 });
    expect(parseResize(resize, 'factor', '2.5')).toContain('whole number');
    expect(parseResize(resize, 'minPixels', '99999999')).toContain('must not exceed');
  });

  it('adds and removes the resize before', () => {
    const before = parseResize(resize, 'shortSide', '1024');
    expect(before).toMatchObject({ before: { shortSide: 1024, mode: 'atLeast' } });
    if (typeof before === 'string') throw new Error(before);
    expect(parseResize(before, 'mode', 'exact')).toMatchObject({ before: { mode: 'exact' } });
    expect(parseResize(before, 'shortSide', ' ')).toMatchObject({ before: null });
  });

  it('shows the data source’s own evidence before that of all rows', () => {
    const report = (dataSource: string | null, boxes: number) => ({
      dataSource,
      field: 'prediction' as const,
      choice: { dataSource, field: 'prediction' as const, spec: null, origin: 'undecided' as const, reason: '' },
      evidence: [{ spec: { kind: 'original' as const }, boxes, insideShare: 1, meanIou: 1, sameAs: null }],
    });
    const reports = [report(null, 10), report('a', 4)];
    expect(evidenceFor(reports, 'a', 'prediction')[0]?.boxes).toBe(4);
    expect(evidenceFor(reports, 'b', 'prediction')[0]?.boxes).toBe(10);
    expect(evidenceFor(reports, 'a', 'tool')).toEqual([]);
  });
});

describe('what the view remembers', () => {
  it('is read field by field, so that one bad field spoils no other', () => {
    const stored = { ...firstViewState, group: 7, siblings: 'x', leftWidth: Number.NaN, truth: false };
    expect(readViewState(stored)).toEqual({ ...firstViewState, group: 7, truth: false });
  });

  it('is forgotten when another version wrote it', () => {
    expect(readViewState({ ...firstViewState, version: 0, group: 7 })).toEqual(firstViewState);
    expect(readViewState(null)).toEqual(firstViewState);
  });
});
