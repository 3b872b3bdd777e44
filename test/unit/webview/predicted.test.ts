import { describe, expect, it } from 'vitest';
import { applyIntent, type RolloutsIntent, type RolloutsState } from '../../../src/core/document/rolloutsState';
import type { FrameSpec } from '../../../src/core/geometry/frame';
import { PredictedState } from '../../../webview/rollouts/store/predicted';

const original: FrameSpec = { kind: 'original' };
const relative: FrameSpec = { kind: 'relative1000' };
const setTo = (spec: FrameSpec): RolloutsIntent => ({
  kind: 'setFrame',
  choice: { dataSource: null, field: 'prediction', spec, origin: 'user', reason: 'set' },
});
const start: RolloutsState = { revision: 4, frames: [], components: null, unsplit: [] };

/** A host whose answers the test lets go one by one, in any order. */
function slowHost() {
  const waiting: { intent: RolloutsIntent; resolve: (state: RolloutsState) => void; reject: (error: Error) => void }[] =
    [];
  const painted: RolloutsState[] = [];
  const state = new PredictedState(
    start,
    (intent) => new Promise((resolve, reject) => waiting.push({ intent, resolve, reject })),
    (next) => painted.push(next),
  );
  const shown = () => state.current.frames.map((choice) => choice.spec?.kind);
  return { state, waiting, painted, shown };
}

/** The host's state after some intents, in order. */
const hostHas = (...intents: RolloutsIntent[]): RolloutsState =>
  intents.reduce((state, intent) => ({ ...applyIntent(state, intent), revision: state.revision + 1 }), start);

describe('a frame set by the user', () => {
  it('is shown before the host has answered', () => {
    const { state, shown, painted } = slowHost();
    void state.perform(setTo(original));
    expect(shown()).toEqual(['original']);
    expect(painted).toHaveLength(1);
  });

  it('is replaced by what the host made of it', async () => {
    const { state, waiting, shown } = slowHost();
    const done = state.perform(setTo(original));
    waiting[0]?.resolve(hostHas(setTo(relative)));
    await done;
    expect(shown()).toEqual(['relative1000']);
    expect(state.current.revision).toBe(5);
  });

  it('vanishes again when the host refuses it, and the caller hears why', async () => {
    const { state, waiting, shown } = slowHost();
    const done = state.perform(setTo(original));
    waiting[0]?.reject(new Error('disk full'));
    await expect(done).rejects.toThrow('disk full');
    expect(shown()).toEqual([]);
  });

  it('keeps the later of two while the answer to the first arrives', async () => {
    const { state, waiting, shown } = slowHost();
    const first = state.perform(setTo(original));
    void state.perform(setTo(relative));
    waiting[0]?.resolve(hostHas(setTo(original)));
    await first;
    expect(shown()).toEqual(['relative1000']);
  });

  it('never falls back to the first of two when the second is answered first', async () => {
    const { state, waiting, painted, shown } = slowHost();
    const first = state.perform(setTo(original));
    const second = state.perform(setTo(relative));
    waiting[1]?.resolve(hostHas(setTo(original), setTo(relative)));
    await second;
    expect(shown()).toEqual(['relative1000']);
    waiting[0]?.resolve(hostHas(setTo(original)));
    await first;
    expect(shown()).toEqual(['relative1000']);
    expect(state.current.revision).toBe(6);
    expect(painted.slice(2).map((s) => s.frames[0]?.spec?.kind)).not.toContain('original');
  });

  it('takes back only the refused one of two', async () => {
    const { state, waiting, shown } = slowHost();
    const first = state.perform(setTo(original));
    const second = state.perform({ kind: 'clearFrame', dataSource: 'other', field: 'tool' });
    waiting[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    expect(shown()).toEqual([]);
    waiting[1]?.resolve(hostHas({ kind: 'clearFrame', dataSource: 'other', field: 'tool' }));
    await second;
    expect(state.current.revision).toBe(5);
  });
});

describe('a state the host announces', () => {
  it('stands under the intents still on their way', () => {
    const { state, shown } = slowHost();
    void state.perform(setTo(original));
    state.confirm({
      ...start,
      revision: 9,
      frames: [{ dataSource: 'a', field: 'tool', spec: relative, origin: 'user', reason: 'another view' }],
    });
    expect(shown()).toEqual(['relative1000', 'original']);
  });

  it('is ignored when it is older than what is known', () => {
    const { state } = slowHost();
    state.confirm({ ...start, revision: 3, frames: hostHas(setTo(original)).frames });
    expect(state.current).toEqual(start);
  });
});
