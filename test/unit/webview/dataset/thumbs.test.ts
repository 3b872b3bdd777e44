import { describe, expect, it } from 'vitest';
import type { Paint } from '../../../../src/protocol/rollouts';
import { Thumbs } from '../../../../webview/dataset/store/thumbs';

interface Asked {
  readonly index: number;
  readonly side: number;
  readonly signal: AbortSignal;
  answer(paint: Paint): void;
}

function opened() {
  const asked: Asked[] = [];
  const thumbs = new Thumbs({
    upright: false,
    fetch: (index, side, signal) => new Promise((answer) => asked.push({ index, side, signal, answer })),
    onChange: () => undefined,
  });
  return { thumbs, asked };
}

const size = { width: 128, height: 96 };
const uri = (name: string): Paint => ({ kind: 'uri', uri: name, size, original: size });
const rest = () => new Promise((done) => setTimeout(done));

describe('thumbnails', () => {
  it('are asked for in the order of the wish, a few at once, the next when one came', async () => {
    const { thumbs, asked } = opened();
    thumbs.want([30, 29, 28, ...Array.from({ length: 20 }, (_, i) => i)], 100);
    const together = asked.length;
    expect(asked.slice(0, 5).map(({ index }) => index)).toEqual([30, 29, 28, 0, 1]);
    asked[0]?.answer(uri('a'));
    await rest();
    expect(thumbs.get(30, 100)).toEqual({ kind: 'there', url: 'a' });
    expect(asked.slice(together).map(({ index }) => index)).toEqual([together - 3]);
  });

  it('that were scrolled away are given up, and what comes of them is not shown', async () => {
    const { thumbs, asked } = opened();
    thumbs.want([1, 2], 100);
    thumbs.want([2, 3], 100);
    expect(asked.map(({ index, signal }) => [index, signal.aborted])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    asked[0]?.answer(uri('late'));
    await rest();
    expect(thumbs.get(1, 100)).toBeNull();
  });

  it('of another size stand in until the right one came, and never another image’s', async () => {
    const { thumbs, asked } = opened();
    thumbs.want([1], 100);
    asked[0]?.answer(uri('small'));
    await rest();
    expect(thumbs.get(1, 400)).toEqual({ kind: 'there', url: 'small' });
    expect(thumbs.get(2, 400)).toBeNull();
    thumbs.want([1], 400);
    expect(asked[1]).toMatchObject({ index: 1, side: 512 });
    asked[1]?.answer({ kind: 'error', message: 'broken' });
    await rest();
    expect(thumbs.get(1, 400)).toEqual({ kind: 'failed', message: 'broken' });
  });
});
