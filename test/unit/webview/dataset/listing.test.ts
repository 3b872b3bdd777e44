import { describe, expect, it } from 'vitest';
import type { ImageRow } from '../../../../src/protocol/imageSet';
import { Listing, pageRows } from '../../../../webview/dataset/store/listing';

/** 1,000 images with as many annotations as `edition` says. */
function listing() {
  const state = { edition: 1, asked: [] as number[] };
  const made = new Listing(null, {
    fetch: async (start, count) => {
      state.asked.push(start / pageRows);
      const { edition: annotations } = state;
      return Array.from({ length: count }, (_, i) => ({ index: start + i, annotations }) as ImageRow);
    },
    onChange: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  made.grow(1000);
  return { made, state };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the grid’s listing after annotations were edited', () => {
  it('fetches what is on screen again where it holds such an image, and shows what it has until then', async () => {
    const { made, state } = listing();
    made.want(0, 250);
    await settled();
    made.want(100, 250);
    state.edition = 2;
    state.asked = [];
    made.refresh(new Set([120]));
    expect(made.row(120)?.annotations).toBe(1);
    await settled();
    expect(state.asked).toEqual([1]);
    expect([made.row(120)?.annotations, made.row(220)?.annotations]).toEqual([2, 1]);

    made.refresh(null);
    await settled();
    expect(state.asked.slice(1).sort()).toEqual([1, 2]);
    // Above the view: fetched when somebody comes back to it.
    expect(made.row(0)).toBe(null);
  });

  it('takes rows that were on their way for what they are: out of date', async () => {
    const { made, state } = listing();
    made.want(0, 50);
    state.edition = 2;
    made.refresh(new Set([10]));
    await settled();
    expect(made.row(10)?.annotations).toBe(2);
    expect(state.asked).toEqual([0, 0]);
  });
});
